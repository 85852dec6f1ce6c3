using System.Numerics;

namespace Sagitta.Learning.Layers;

/// <summary>Linear layers with an activation between them, none after the last.</summary>
internal sealed class Perceptron
{
    private readonly Linear[] _layers;
    private readonly Activation _activation;

    /// <summary>Registers "prefix.0", "prefix.1", ...: one linear layer for each step between consecutive
    /// <paramref name="widths"/>.</summary>
    public Perceptron(ParameterLayout layout, string prefix, ReadOnlySpan<int> widths, Activation activation)
    {
        if (widths.Length < 2)
        {
            throw new ArgumentException("A perceptron needs at least the width of its input and of its output.", nameof(widths));
        }

        _activation = activation;
        _layers = new Linear[widths.Length - 1];
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i] = new(layout, $"{prefix}.{i}", widths[i], widths[i + 1]);
        }
    }

    /// <summary>Rows x the last width from rows x the first.</summary>
    public Tensor<T> Forward<T>(Tape<T> tape, Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < _layers.Length; i++)
        {
            x = _layers[i].Forward(tape, x);
            x = i + 1 < _layers.Length ? _activation.Apply(x) : x;
        }

        return x;
    }
}

/// <summary>y = x W + b. Weights and bias begin uniform within one over the square root of the inputs, the default of PyTorch.</summary>
internal sealed class Linear
{
    private readonly Parameter _weight;
    private readonly Parameter? _bias;

    /// <summary>Registers "prefix.weight" (inputs x outputs) and, unless <paramref name="bias"/> is false, "prefix.bias" (1 x
    /// outputs).</summary>
    public Linear(ParameterLayout layout, string prefix, int inputs, int outputs, bool bias = true)
    {
        _weight = layout.Add(prefix + ".weight", inputs, outputs, Initialisation.Uniform.FanIn(inputs));
        _bias = bias ? layout.Add(prefix + ".bias", 1, outputs, Initialisation.Uniform.FanIn(inputs)) : null;
    }

    /// <summary>Rows x outputs from rows x inputs.</summary>
    public Tensor<T> Forward<T>(Tape<T> tape, Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        _bias is null ? Linear<T>.Apply(x, tape.Use(_weight)) : Linear<T>.Apply(x, tape.Use(_weight), tape.Use(_bias));
}

/// <summary>The nonlinear function after a layer.</summary>
internal abstract record Activation
{
    /// <summary>The function of every number; in place of x where its numbers are needed no more.</summary>
    public abstract Tensor<T> Apply<T>(Tensor<T> x, bool inPlace = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>x where positive, else alpha (exp(x) - 1).</summary>
    public sealed record Elu(double Alpha = 1) : Activation
    {
        public override Tensor<T> Apply<T>(Tensor<T> x, bool inPlace = false) => Elu<T>.Apply(x, Alpha, inPlace);
    }

    /// <summary>x sigmoid(x).</summary>
    public sealed record Silu : Activation
    {
        public override Tensor<T> Apply<T>(Tensor<T> x, bool inPlace = false) => Silu<T>.Apply(x, inPlace);
    }
}
