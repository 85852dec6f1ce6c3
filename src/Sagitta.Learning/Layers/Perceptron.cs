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
