using System.Numerics;

namespace Sagitta.Learning.Layers;

/// <summary>Each row to mean 0 and variance 1, then a trained gain (first 1) and bias (first 0) per column.</summary>
internal sealed class LayerNormalisation
{
    private readonly Parameter _gain;
    private readonly Parameter _bias;
    private readonly double _epsilon;

    /// <summary>Registers "prefix.gain" and "prefix.bias", each 1 x columns.</summary>
    public LayerNormalisation(ParameterLayout layout, string prefix, int columns, double epsilon = 1e-5)
    {
        _gain = layout.Add(prefix + ".gain", 1, columns, new Initialisation.Constant(1));
        _bias = layout.Add(prefix + ".bias", 1, columns, new Initialisation.Constant(0));
        _epsilon = epsilon;
    }

    /// <summary>Of the shape of <paramref name="x"/>.</summary>
    public Tensor<T> Forward<T>(Tape<T> tape, Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => LayerNorm<T>.Apply(x, tape.Use(_gain), tape.Use(_bias), _epsilon);
}
