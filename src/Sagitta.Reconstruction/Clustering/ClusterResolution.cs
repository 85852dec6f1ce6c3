namespace Sagitta.Reconstruction.Clustering;

/// <summary>
/// How a plane's error follows from its weights: sigma^2 = pitch^2 (Constant + SingleStrip / n) + Spread s^2, with n the effective number of strips,
/// 1 / sum of squared shares, and s^2 the weighted variance of the strips about the centroid. A single strip has the
/// variance of a uniform density over a pitch; foreign weight far away shows in s^2. Smooth in every weight.
/// </summary>
public sealed record ClusterResolution
{
    /// <summary>Part that no number of strips removes, in pitches squared.</summary>
    public double Constant { get; init; } = 0.005;

    /// <summary>Variance of one strip in pitches squared: 1/12 for a uniform density.</summary>
    public double SingleStrip { get; init; } = 1.0 / 12;

    /// <summary>Share of the weighted variance that is error of the centroid.</summary>
    public double Spread { get; init; } = 0.06;

    /// <summary>One error whatever the weights, for hits that are smeared crossings instead of strips.</summary>
    public static ClusterResolution Fixed(double sigma, double pitch) => new() { Constant = sigma * sigma / (pitch * pitch), SingleStrip = 0, Spread = 0 };
}
