using System.Numerics;

namespace Sagitta.Learning.Layers;

/// <summary>The nonlinear function after a layer.</summary>
internal abstract record Activation
{
    private Activation()
    {
    }

    /// <summary>The function of every number.</summary>
    public abstract Tensor<T> Apply<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>None: the input itself.</summary>
    public sealed record Identity : Activation
    {
        /// <inheritdoc />
        public override Tensor<T> Apply<T>(Tensor<T> x) => x;
    }

    /// <summary>x where positive, else slope x.</summary>
    public sealed record LeakyRelu(double Slope = 0.01) : Activation
    {
        /// <inheritdoc />
        public override Tensor<T> Apply<T>(Tensor<T> x) => LeakyRelu<T>.Apply(x, Slope);
    }

    /// <summary>x where positive, else alpha (exp(x) - 1).</summary>
    public sealed record Elu(double Alpha = 1) : Activation
    {
        /// <inheritdoc />
        public override Tensor<T> Apply<T>(Tensor<T> x) => Elu<T>.Apply(x, Alpha);
    }

    /// <summary>x sigmoid(x).</summary>
    public sealed record Silu : Activation
    {
        /// <inheritdoc />
        public override Tensor<T> Apply<T>(Tensor<T> x) => Silu<T>.Apply(x);
    }
}
