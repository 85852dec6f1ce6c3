namespace Sagitta.Autodiff.Tensors;

/// <summary>How the first values of a parameter are drawn.</summary>
internal abstract record Initialisation
{
    private Initialisation()
    {
    }

    /// <summary>One value of the parameter.</summary>
    public abstract double Draw(ref RandomDraws draws);

    /// <summary>The same number everywhere.</summary>
    public sealed record Constant(double Value) : Initialisation
    {
        /// <inheritdoc />
        public override double Draw(ref RandomDraws draws) => Value;
    }

    /// <summary>Uniform within plus or minus the bound.</summary>
    public sealed record Uniform(double Bound) : Initialisation
    {
        /// <summary>Glorot and Bengio (AISTATS 2010), equation 16.</summary>
        public static Uniform Glorot(int inputs, int outputs) => new(Math.Sqrt(6.0 / (inputs + outputs)));

        /// <summary>The default of PyTorch's Linear: one over the square root of the inputs.</summary>
        public static Uniform FanIn(int inputs) => new(1 / Math.Sqrt(inputs));

        /// <inheritdoc />
        public override double Draw(ref RandomDraws draws) => draws.NextUniform(-Bound, Bound);
    }
}
