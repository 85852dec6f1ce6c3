using System.Numerics;
using System.Runtime.InteropServices;

namespace Sagitta.Learning.Optimisers;

/// <summary>
/// Adam (Kingma and Ba, arXiv:1412.6980, algorithm 1) with decoupled weight decay, as PyTorch computes it:
/// p -= rate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon).
/// </summary>
internal sealed class Adam<T>(ParameterLayout layout, AdamOptions? options = null) : Optimiser<T>(layout, "mean", "square")
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AdamOptions _options = options ?? new();

    public override string Name => "adam";

    protected override double WeightDecay => _options.WeightDecay;

    protected override void Update(Span<T> parameters, ReadOnlySpan<T> gradients, double rate)
    {
        double meanCorrection = 1 - Math.Pow(_options.Beta1, StepCount);
        double squareCorrection = 1 - Math.Pow(_options.Beta2, StepCount);
        T keepMean = T.CreateTruncating(_options.Beta1), addMean = T.CreateTruncating(1 - _options.Beta1);
        T keepSquare = T.CreateTruncating(_options.Beta2), addSquare = T.CreateTruncating(1 - _options.Beta2);
        T step = T.CreateTruncating(rate / meanCorrection), scale = T.CreateTruncating(1 / Math.Sqrt(squareCorrection));
        T epsilon = T.CreateTruncating(_options.Epsilon);

        // Layouts end on a multiple of 16 elements, whole vectors of any width; padding has zero gradients and stays zero.
        Span<Vector<T>> p = MemoryMarshal.Cast<T, Vector<T>>(parameters);
        ReadOnlySpan<Vector<T>> g = MemoryMarshal.Cast<T, Vector<T>>(gradients);
        Span<Vector<T>> mean = MemoryMarshal.Cast<T, Vector<T>>(Moment(0));
        Span<Vector<T>> square = MemoryMarshal.Cast<T, Vector<T>>(Moment(1));
        for (int i = 0; i < p.Length; i++)
        {
            Vector<T> m = (mean[i] * keepMean) + (g[i] * addMean);
            Vector<T> v = (square[i] * keepSquare) + (g[i] * g[i] * addSquare);
            mean[i] = m;
            square[i] = v;
            Vector<T> root = (Vector.SquareRoot(v) * scale) + new Vector<T>(epsilon);
            p[i] -= m * step / root;
        }
    }
}

/// <summary>Settings of <see cref="Adam{T}"/>.</summary>
internal sealed record AdamOptions
{
    /// <summary>Decay of the mean gradient; default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean squared gradient; default 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the mean square; default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Share of a parameter, times the learning rate, that each step takes off (decoupled, arXiv:1711.05101); default 0.</summary>
    public double WeightDecay { get; init; }
}
