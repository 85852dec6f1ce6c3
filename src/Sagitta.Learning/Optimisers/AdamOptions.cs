namespace Sagitta.Learning.Optimisers;

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
