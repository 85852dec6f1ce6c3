namespace Sagitta.Tracking.Fitting;

/// <summary>
/// Presences of planes (events x planes) lowered by their distance from a track that outliers did not pull: p (c^2 / (c^2 + x))^2 with
/// x = r^2 / (sigma^2 + (s q/pT)^2), the weights of Geman and McClure. Differentiable in track, centroids, errors, presences and places of
/// the planes. Failed tracks leave presences as they are.
/// </summary>
internal sealed class OutlierPresence : Operation<double>
{
    private OutlierPresence()
    {
    }

    /// <summary>The operation.</summary>
    public static OutlierPresence Instance { get; } = new();

    public override string Name => "outlier presence";

    /// <summary>The lowered presences for tracks (events x 3) and clusters (events x planes).</summary>
    public static Tensor<double> Apply(CircleGeometry geometry, RobustFitOptions options, Tensor<double> track,
        ReadOnlySpan<SolveStatus> statuses, Tensor<double> centroid, Tensor<double> sigma, Tensor<double> presence, PlaneShifts shifts)
    {
        int planes = geometry.PlaneCount;
        if (track.Columns != TrackParameter.Count || statuses.Length != track.Rows || centroid.Rows != track.Rows
            || centroid.Columns != planes
            || sigma.Length != centroid.Length || presence.Length != centroid.Length)
        {
            throw new ArgumentException(
                $"Tracks are {track.Rows} x {track.Columns} with {statuses.Length} statuses, clusters {centroid.Rows} x "
                + $"{centroid.Columns}: expected events x {TrackParameter.Count} and events x {planes}.", nameof(track));
        }

        shifts.Require(planes);
        Tape<double> tape = track.Tape;
        Tensor<double> lowered = tape.Allocate(track.Rows, planes,
            Tape<double>.AnyRequiresGradient([track, centroid, sigma, presence, shifts.Z, shifts.Y]));
        Tensor<double> counted = tape.Allocate(track.Rows, 1);
        for (int e = 0; e < track.Rows; e++)
        {
            counted.Values[e] = statuses[e] == SolveStatus.Converged ? 1 : 0;
            for (int i = 0; i < planes; i++)
            {
                int k = (e * planes) + i;
                Distance d = new(geometry, options, track.Values.Slice(e * TrackParameter.Count, TrackParameter.Count),
                    geometry.Z[i] + shifts.Z.Values[i], centroid.Values[k] + shifts.Y.Values[i], sigma.Values[k]);
                lowered.Values[k] = presence.Values[k] * (counted.Values[e] > 0 ? d.Share * d.Share : 1);
            }
        }

        tape.Record(Instance, [track, centroid, sigma, presence, shifts.Z, shifts.Y], [lowered], [counted], Context.Of(geometry, options));
        return lowered;
    }

    public override void Backward(in RecordedStep<double> step)
    {
        Context context = step.Context<Context>();
        CircleGeometry geometry = context.Geometry;
        int planes = geometry.PlaneCount;
        double factor = geometry.CurvaturePerQOverPt;
        ReadOnlySpan<double> upstream = step.Output().Gradient;
        ReadOnlySpan<double> tracks = step.Input(0).Values;
        Span<double> toTrack = step.Input(0).Gradient;
        Span<double> toCentroid = step.Input(1).Gradient;
        Span<double> toSigma = step.Input(2).Gradient;
        Span<double> toPresence = step.Input(3).Gradient;
        Span<double> toZ = step.Input(4).Gradient;
        Span<double> toY = step.Input(5).Gradient;
        double square = context.Options.OutlierPull * context.Options.OutlierPull;
        double scattering = context.Options.Scattering * context.Options.Scattering;
        for (int k = 0; k < upstream.Length; k++)
        {
            int e = k / planes;
            int i = k % planes;
            if (!(step.Saved(0).Values[e] > 0))
            {
                toPresence.AddAt(k, upstream[k]);
                continue;
            }

            ReadOnlySpan<double> theta = tracks.Slice(e * TrackParameter.Count, TrackParameter.Count);
            Distance d = new(geometry, context.Options, theta, geometry.Z[i] + step.Input(4).Values[i],
                step.Input(1).Values[k] + step.Input(5).Values[i], step.Input(2).Values[k]);
            toPresence.AddAt(k, upstream[k] * d.Share * d.Share);
            double toX = upstream[k] * step.Input(3).Values[k] * -2 * d.Share * d.Share * d.Share / square;
            double toResidual = toX * 2 * d.Residual / d.Variance;
            double toVariance = -toX * d.Residual * d.Residual / (d.Variance * d.Variance);
            toCentroid.AddAt(k, -toResidual);
            toZ.AddAt(i, toResidual * d.Point.Tangent);
            toY.AddAt(i, -toResidual);
            toSigma.AddAt(k, toVariance * 2 * step.Input(2).Values[k]);
            if (!toTrack.IsEmpty)
            {
                int o = e * TrackParameter.Count;
                toTrack[o + TrackParameter.Y0] += toResidual;
                toTrack[o + TrackParameter.Slope] += toResidual * d.Point.BySlope;
                toTrack[o + TrackParameter.QOverPt] += (toResidual * d.Point.ByCurvature * factor) + (
                    toVariance * 2 * scattering * theta[TrackParameter.QOverPt]);
            }
        }
    }

    private sealed record Context(CircleGeometry Geometry, RobustFitOptions Options)
    {
        [ThreadStatic]
        private static Context? _last;

        // A thread fits the same planes step after step: what a step remembers is made once.
        public static Context Of(CircleGeometry geometry, RobustFitOptions options) =>
            _last is { } last && ReferenceEquals(last.Geometry, geometry) && ReferenceEquals(last.Options, options)
                ? last
                : _last = new(geometry, options);
    }

    // How far one plane is from the track; a track that does not reach it leaves it as it is.
    private readonly struct Distance
    {
        public Distance(CircleGeometry geometry, RobustFitOptions options, ReadOnlySpan<double> theta, double z, double centroid,
            double sigma)
        {
            double q = theta[TrackParameter.QOverPt];
            bool reached = CirclePoint.TryEvaluate(z, theta[TrackParameter.Slope], q * geometry.CurvaturePerQOverPt, out CirclePoint point);
            Point = point;
            Residual = reached ? theta[TrackParameter.Y0] + point.Y - centroid : 0;
            Variance = (sigma * sigma) + (options.Scattering * options.Scattering * q * q);
            double square = options.OutlierPull * options.OutlierPull;
            Share = square / (square + (Residual * Residual / Variance));
        }

        public CirclePoint Point { get; }

        public double Residual { get; }

        public double Variance { get; }

        public double Share { get; }
    }
}
