namespace Sagitta.Tracking.Fitting;

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
        /// <inheritdoc />
        public override double Maximum => Scale * Scale / 2;

        /// <inheritdoc />
        public override double Value(double x)
        {
            double square = x * x;
            double value = Scale * Scale / 2 * square / ((Scale * Scale) + square);
            return double.IsFinite(value) ? value : Maximum;
        }

        /// <inheritdoc />
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
        /// <inheritdoc />
        public override double Maximum => Logarithm(Limit);

        /// <inheritdoc />
        public override double Value(double x)
        {
            double v = Logarithm(x);
            return double.IsFinite(v) ? Maximum * v / (Maximum + v) : Maximum;
        }

        /// <inheritdoc />
        public override double Derivative(double x)
        {
            double ratio = Maximum / (Maximum + Logarithm(x));
            double value = ratio * ratio * x / (1 + (x * x / (Scale * Scale)));
            return double.IsFinite(value) ? value : 0;
        }

        private double Logarithm(double x) => Scale * Scale / 2 * double.LogP1(x * x / (Scale * Scale));
    }
}
