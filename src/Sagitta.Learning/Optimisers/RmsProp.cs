using System.Numerics;
using System.Runtime.InteropServices;

namespace Sagitta.Learning.Optimisers;

/// <summary>
/// RMSprop (Tieleman and Hinton, Coursera lecture 6.5) as PyTorch computes it, neither centred nor with momentum:
/// v = alpha v + (1 - alpha) g^2; p -= rate g / (sqrt(v) + epsilon).
/// </summary>
internal sealed class RmsProp<T>(ParameterLayout layout, RmsPropOptions? options = null) : Optimiser<T>(layout, "square")
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RmsPropOptions _options = options ?? new();

    public override string Name => "rmsprop";

    protected override double WeightDecay => _options.WeightDecay;

    protected override void Update(Span<T> parameters, ReadOnlySpan<T> gradients, double rate)
    {
        T keep = T.CreateTruncating(_options.Alpha), add = T.CreateTruncating(1 - _options.Alpha);
        T step = T.CreateTruncating(rate), epsilon = T.CreateTruncating(_options.Epsilon);

        // Layouts end on a multiple of 16 elements, whole vectors of any width; padding has zero gradients and stays zero.
        Span<Vector<T>> p = MemoryMarshal.Cast<T, Vector<T>>(parameters);
        ReadOnlySpan<Vector<T>> g = MemoryMarshal.Cast<T, Vector<T>>(gradients);
        Span<Vector<T>> square = MemoryMarshal.Cast<T, Vector<T>>(Moment(0));
        for (int i = 0; i < p.Length; i++)
        {
            Vector<T> v = (square[i] * keep) + (g[i] * g[i] * add);
            square[i] = v;
            p[i] -= g[i] * step / (Vector.SquareRoot(v) + new Vector<T>(epsilon));
        }
    }
}

/// <summary>Settings of <see cref="RmsProp{T}"/>.</summary>
internal sealed record RmsPropOptions
{
    /// <summary>Decay of the mean squared gradient; default 0.99.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>Added to the root of the mean square; default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Share of a parameter, times the learning rate, that each step takes off (decoupled, arXiv:1711.05101); default 0.</summary>
    public double WeightDecay { get; init; }
}
