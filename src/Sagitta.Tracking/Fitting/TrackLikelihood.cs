namespace Sagitta.Tracking.Fitting;

/// <summary>
/// Per event, sum_i p_i (r_i^2 / sigma_i^2 + ln sigma_i^2) of a track against its clusters (sigma in mm): events x 1. The logarithm keeps a
/// network from lowering chi-square by inflating errors. Differentiable in track, centroids, errors, presences and places of the planes;
/// failed fits receive 0 and pass no gradient.
/// </summary>
internal sealed class TrackLikelihood : Operation<double>
{
    private TrackLikelihood()
    {
    }

    /// <summary>The operation.</summary>
    public static TrackLikelihood Instance { get; } = new();

    public override string Name => "track likelihood";

    /// <summary>The term of every event, from tracks (events x 3) and clusters (events x planes), planes at their nominal places.</summary>
    public static Tensor<double> Apply(
        CircleGeometry geometry,
        Tensor<double> track,
        ReadOnlySpan<SolveStatus> statuses,
        Tensor<double> centroid,
        Tensor<double> sigma,
        Tensor<double> presence) =>
        Apply(geometry, track, statuses, centroid, sigma, presence, PlaneShifts.None(track.Tape, geometry.PlaneCount));

    /// <summary>The same with shifts of the planes.</summary>
    public static Tensor<double> Apply(CircleGeometry geometry, Tensor<double> track, ReadOnlySpan<SolveStatus> statuses,
        Tensor<double> centroid, Tensor<double> sigma, Tensor<double> presence, PlaneShifts shifts)
    {
        int events = track.Rows;
        int planes = geometry.PlaneCount;
        if (track.Columns != TrackParameter.Count || statuses.Length != events || centroid.Rows != events || centroid.Columns != planes
            || sigma.Length != centroid.Length || presence.Length != centroid.Length)
        {
            throw new ArgumentException(
                $"Tracks are {events} x {track.Columns} with {statuses.Length} statuses, clusters {centroid.Rows} x {centroid.Columns}: "
                + $"expected events x {TrackParameter.Count} and events x {planes}.", nameof(track));
        }

        shifts.Require(planes);
        Tape<double> tape = track.Tape;
        Tensor<double> value = tape.Allocate(events, 1,
            Tape<double>.AnyRequiresGradient([track, centroid, sigma, presence, shifts.Z, shifts.Y]));

        // The residuals are kept; NaN in the first marks an event that does not count.
        Tensor<double> residual = tape.Allocate(events, planes);
        for (int e = 0; e < events; e++)
        {
            ReadOnlySpan<double> theta = track.Values.Slice(e * TrackParameter.Count, TrackParameter.Count);
            Span<double> residuals = residual.Values.Slice(e * planes, planes);
            double sum = 0;
            for (int i = 0; i < planes; i++)
            {
                int k = (e * planes) + i;
                double y = theta[TrackParameter.Y0] + CircleTrack.Displacement(
                    geometry.Z[i] + shifts.Z.Values[i], theta[TrackParameter.Slope], theta[
                    TrackParameter.QOverPt] * geometry.CurvaturePerQOverPt);
                double s = sigma.Values[k];
                residuals[i] = y - centroid.Values[k] - shifts.Y.Values[i];
                sum += presence.Values[k] * ((residuals[i] * residuals[i] / (s * s)) + Math.Log(s * s));
            }

            bool counts = statuses[e] == SolveStatus.Converged && double.IsFinite(sum);
            value.Values[e] = counts ? sum : 0;
            residuals[0] = counts ? residuals[0] : double.NaN;
        }

        tape.Record(Instance, [track, centroid, sigma, presence, shifts.Z, shifts.Y], [value], [residual], geometry);
        return value;
    }

    public override void Backward(in RecordedStep<double> step)
    {
        CircleGeometry geometry = step.Context<CircleGeometry>();
        Tensor<double> track = step.Input(0);
        int planes = geometry.PlaneCount;
        double factor = geometry.CurvaturePerQOverPt;
        ReadOnlySpan<double> sigma = step.Input(2).Values;
        ReadOnlySpan<double> presence = step.Input(3).Values;
        ReadOnlySpan<double> residuals = step.Saved(0).Values;
        ReadOnlySpan<double> upstream = step.Output().Gradient;
        Span<double> toTrack = track.Gradient;
        Span<double> toCentroid = step.Input(1).Gradient;
        Span<double> toSigma = step.Input(2).Gradient;
        Span<double> toPresence = step.Input(3).Gradient;
        ReadOnlySpan<double> planeZ = step.Input(4).Values;
        Span<double> toZ = step.Input(4).Gradient;
        Span<double> toY = step.Input(5).Gradient;
        for (int e = 0; e < track.Rows; e++)
        {
            if (double.IsNaN(residuals[e * planes]))
            {
                continue;
            }

            ReadOnlySpan<double> theta = track.Values.Slice(e * TrackParameter.Count, TrackParameter.Count);
            for (int i = 0; i < planes; i++)
            {
                int k = (e * planes) + i;
                double s = sigma[k];
                double r = residuals[k];
                double byResidual = upstream[e] * 2 * presence[k] * r / (s * s);
                if (!toTrack.IsEmpty || !toZ.IsEmpty)
                {
                    CirclePoint.TryEvaluate(geometry.Z[i] + planeZ[i], theta[TrackParameter.Slope], theta[TrackParameter.QOverPt] * factor,
                        out CirclePoint q);
                    if (!toTrack.IsEmpty)
                    {
                        toTrack[(e * TrackParameter.Count) + TrackParameter.Y0] += byResidual;
                        toTrack[(e * TrackParameter.Count) + TrackParameter.Slope] += byResidual * q.BySlope;
                        toTrack[(e * TrackParameter.Count) + TrackParameter.QOverPt] += byResidual * q.ByCurvature * factor;
                    }

                    toZ.AddAt(i, byResidual * q.Tangent);
                }

                toY.AddAt(i, -byResidual);
                toCentroid.AddAt(k, -byResidual);
                toSigma.AddAt(k, upstream[e] * 2 * presence[k] * (1 - (r * r / (s * s))) / s);
                toPresence.AddAt(k, upstream[e] * ((r * r / (s * s)) + Math.Log(s * s)));
            }
        }
    }
}
