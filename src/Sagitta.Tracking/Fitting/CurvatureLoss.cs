namespace Sagitta.Tracking.Fitting;

/// <summary>
/// Per event, a robust function of (q/pT - truth) / sigma_ref: events x 1. Failed fits receive its maximum and pass no gradient;
/// events without a muon (truth 0) receive 0.
/// </summary>
internal sealed class CurvatureLoss : Operation<double>
{
    private CurvatureLoss()
    {
    }

    /// <summary>The operation.</summary>
    public static CurvatureLoss Instance { get; } = new();

    public override string Name => "curvature loss";

    /// <summary>The loss of every event.</summary>
    /// <param name="track">Events x 3, see <see cref="TrackParameter"/>.</param>
    /// <param name="statuses">How each fit ended.</param>
    /// <param name="truth">True q/pT, 1/GeV; 0 without a muon.</param>
    /// <param name="sigma">What one unit of residual is, 1/GeV; usually the limit at the true momentum.</param>
    /// <param name="function">The robust function.</param>
    public static Tensor<double> Apply(Tensor<double> track, ReadOnlySpan<SolveStatus> statuses, ReadOnlySpan<double> truth,
        ReadOnlySpan<double> sigma, RobustFunction function)
    {
        int events = track.Rows;
        if (track.Columns != TrackParameter.Count || statuses.Length != events || truth.Length != events || sigma.Length != events)
        {
            throw new ArgumentException(
                $"Tracks are {events} x {track.Columns}, with {statuses.Length} statuses, {truth.Length} truths and {sigma.Length} "
                + $"sigmas: all must be one an event.", nameof(track));
        }

        Tape<double> tape = track.Tape;
        Tensor<double> value = tape.Allocate(events, 1, track.RequiresGradient);
        Tensor<double> slope = tape.Allocate(events, 1);
        Span<double> values = value.Values;
        Span<double> slopes = slope.Values;
        ReadOnlySpan<double> tracks = track.Values;
        for (int e = 0; e < events; e++)
        {
            double x = (tracks[(e * TrackParameter.Count) + TrackParameter.QOverPt] - truth[e]) / sigma[e];
            bool counts = truth[e] != 0;
            bool failed = statuses[e] != SolveStatus.Converged;
            values[e] = !counts ? 0 : failed ? function.Maximum : function.Value(x);
            slopes[e] = !counts || failed ? 0 : function.Derivative(x) / sigma[e];
        }

        tape.Record(Instance, [track], [value], [slope]);
        return value;
    }

    public override void Backward(in RecordedStep<double> step)
    {
        Span<double> gradient = step.Input(0).Gradient;
        ReadOnlySpan<double> upstream = step.Output().Gradient;
        ReadOnlySpan<double> slopes = step.Saved(0).Values;
        for (int e = 0; e < slopes.Length; e++)
        {
            gradient[(e * TrackParameter.Count) + TrackParameter.QOverPt] += upstream[e] * slopes[e];
        }
    }
}

/// <summary>A bounded loss of a normalised residual x: x^2 / 2 near zero, and a maximum that failed fits are charged.</summary>
internal abstract record RobustFunction
{
    private RobustFunction()
    {
    }

    /// <summary>The largest value, which a failed fit receives.</summary>
    public abstract double Maximum { get; }

    /// <summary>Loss of a residual; <see cref="Maximum"/> for NaN.</summary>
    public abstract double Value(double x);

    /// <summary>Its derivative; 0 for NaN.</summary>
    public abstract double Derivative(double x);

    /// <summary>Geman and McClure: (c^2 / 2) x^2 / (c^2 + x^2), which forgets residuals well beyond the scale c.</summary>
    public sealed record GemanMcClure(double Scale = 5) : RobustFunction
    {
        public override double Maximum => Scale * Scale / 2;

        public override double Value(double x)
        {
            double square = x * x;
            double value = Scale * Scale / 2 * square / ((Scale * Scale) + square);
            return double.IsFinite(value) ? value : Maximum;
        }

        public override double Derivative(double x)
        {
            double ratio = Scale * Scale / ((Scale * Scale) + (x * x));
            double value = x * ratio * ratio;
            return double.IsFinite(value) ? value : 0;
        }
    }

    /// <summary>
    /// Cauchy's (c^2 / 2) ln(1 + x^2 / c^2), which still pulls on far residuals, ended by a maximum: with L its value at the limit and v
    /// the logarithm, the loss is L v / (L + v) scaled to slope 1 at zero, so that it approaches the maximum L smoothly.
    /// </summary>
    public sealed record Cauchy(double Scale = 3, double Limit = 1000) : RobustFunction
    {
        public override double Maximum => Logarithm(Limit);

        public override double Value(double x)
        {
            double v = Logarithm(x);
            return double.IsFinite(v) ? Maximum * v / (Maximum + v) : Maximum;
        }

        public override double Derivative(double x)
        {
            double ratio = Maximum / (Maximum + Logarithm(x));
            double value = ratio * ratio * x / (1 + (x * x / (Scale * Scale)));
            return double.IsFinite(value) ? value : 0;
        }

        private double Logarithm(double x) => Scale * Scale / 2 * double.LogP1(x * x / (Scale * Scale));
    }
}
