namespace Sagitta.Learning.Optimisers;

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
