using System.Numerics;

namespace Sagitta.Learning.Layers;

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

    /// <summary>Columns of the input.</summary>
    public int Inputs => _weight.Rows;

    /// <summary>Columns of the output.</summary>
    public int Outputs => _weight.Columns;

    /// <summary>Rows x outputs from rows x inputs.</summary>
    public Tensor<T> Forward<T>(Tape<T> tape, Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        _bias is null ? Linear<T>.Apply(x, tape.Use(_weight)) : Linear<T>.Apply(x, tape.Use(_weight), tape.Use(_bias));
}
