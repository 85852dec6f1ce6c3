namespace Sagitta.Tracking.Fitting;

/// <summary>
/// Errors of clusters (events x planes, mm) given the inclination of a track that was fitted without them: see
/// <see cref="ClusterResolution"/>. Differentiable in the track, in the clusters' intrinsic variance and width, and in the planes' z.
/// Events whose track failed keep the error they have without one, and pass no gradient.
/// </summary>
internal sealed class InclinedErrors : Operation<double>
{
    private InclinedErrors()
    {
    }

    /// <summary>The operation.</summary>
    public static InclinedErrors Instance { get; } = new();

    public override string Name => "inclined errors";

    /// <summary>The errors for tracks (events x 3) with their statuses; of the planes' shifts only those along z matter.</summary>
    public static Tensor<double> Apply(Detector detector, CircleGeometry geometry, ClusterResolution resolution, Clusters clusters,
        Tensor<double> track, ReadOnlySpan<SolveStatus> statuses, PlaneShifts shifts)
    {
        int planes = geometry.PlaneCount;
        if (detector.Planes.Count != planes || clusters.Width.Columns != planes || track.Rows != clusters.Width.Rows
            || track.Columns != TrackParameter.Count || statuses.Length != track.Rows)
        {
            throw new ArgumentException(
                $"Clusters are {clusters.Width.Rows} x {clusters.Width.Columns}, tracks {track.Rows} x {track.Columns} with "
                + $"{statuses.Length} statuses: expected events x {planes} and events x {TrackParameter.Count}.", nameof(track));
        }

        shifts.Require(planes);
        Tape<double> tape = track.Tape;
        Tensor<double> sigma = tape.Allocate(track.Rows, planes,
            Tape<double>.AnyRequiresGradient([clusters.Intrinsic, clusters.Width, track, shifts.Z]));

        // Derivatives of sigma by intrinsic variance, width and tangent of the track: an event that does not count has zeros.
        Tensor<double> byIntrinsic = tape.Allocate(track.Rows, planes);
        Tensor<double> byWidth = tape.Allocate(track.Rows, planes);
        Tensor<double> bySine = tape.Allocate(track.Rows, planes);
        for (int e = 0; e < track.Rows; e++)
        {
            ReadOnlySpan<double> theta = track.Values.Slice(e * TrackParameter.Count, TrackParameter.Count);
            bool counts = statuses[e] == SolveStatus.Converged;
            for (int i = 0; i < planes; i++)
            {
                int k = (e * planes) + i;
                double sine = theta[TrackParameter.Slope] + (theta[TrackParameter.QOverPt] * geometry.CurvaturePerQOverPt * (
                    geometry.Z[i] + shifts.Z.Values[i]));
                double cosine2 = 1 - (sine * sine);
                if (!counts || !(cosine2 > 0))
                {
                    sigma.Values[k] = clusters.Sigma.Values[k];
                    byIntrinsic.Values[k] = byWidth.Values[k] = bySine.Values[k] = 0;
                    continue;
                }

                Plane plane = detector.Planes[i];
                double cosine = Math.Sqrt(cosine2);
                double variance = clusters.Intrinsic.Values[k]
                    + resolution.WithTrack(plane.StripPitch, plane.GapThickness, sine / cosine, clusters.Width.Values[k],
                        out double byTangent, out double toWidth);
                double value = Math.Sqrt(variance);
                sigma.Values[k] = value;
                byIntrinsic.Values[k] = 0.5 / value;
                byWidth.Values[k] = 0.5 * toWidth / value;
                bySine.Values[k] = 0.5 * byTangent / (value * cosine2 * cosine);
            }
        }

        tape.Record(Instance, [clusters.Intrinsic, clusters.Width, track, shifts.Z], [sigma], [byIntrinsic, byWidth, bySine], geometry);
        return sigma;
    }

    public override void Backward(in RecordedStep<double> step)
    {
        CircleGeometry geometry = step.Context<CircleGeometry>();
        int planes = geometry.PlaneCount;
        ReadOnlySpan<double> upstream = step.Output().Gradient;
        Accumulate(step.Input(0).Gradient, upstream, step.Saved(0).Values);
        Accumulate(step.Input(1).Gradient, upstream, step.Saved(1).Values);
        Span<double> toTrack = step.Input(2).Gradient;
        Span<double> toZ = step.Input(3).Gradient;
        ReadOnlySpan<double> tracks = step.Input(2).Values;
        ReadOnlySpan<double> planeZ = step.Input(3).Values;
        ReadOnlySpan<double> bySine = step.Saved(2).Values;
        for (int k = 0; k < upstream.Length && (!toTrack.IsEmpty || !toZ.IsEmpty); k++)
        {
            double toSine = upstream[k] * bySine[k] * geometry.CurvaturePerQOverPt;
            int track = k / planes * TrackParameter.Count;
            if (!toTrack.IsEmpty)
            {
                toTrack[track + TrackParameter.Slope] += upstream[k] * bySine[k];
                toTrack[track + TrackParameter.QOverPt] += toSine * (geometry.Z[k % planes] + planeZ[k % planes]);
            }

            toZ.AddAt(k % planes, toSine * tracks[track + TrackParameter.QOverPt]);
        }
    }

    private static void Accumulate(Span<double> target, ReadOnlySpan<double> upstream, ReadOnlySpan<double> derivative)
    {
        for (int k = 0; k < target.Length; k++)
        {
            target[k] += upstream[k] * derivative[k];
        }
    }
}
