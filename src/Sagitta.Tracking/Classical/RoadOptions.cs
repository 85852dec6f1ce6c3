namespace Sagitta.Tracking.Classical;

/// <summary>What is known of roads and of the beam before any hit is read.</summary>
internal sealed record RoadOptions
{
    /// <summary>Standard deviation of a road centre about the track, mm.</summary>
    public double RoadSigma { get; init; } = 40;

    /// <summary>Standard deviation of y at z = 0, mm: a uniform density over +-100 mm.</summary>
    public double OriginSigma { get; init; } = 100 / 1.7320508075688772;

    /// <summary>Standard deviation of the slope at z = 0: a uniform density over +-0.05.</summary>
    public double SlopeSigma { get; init; } = 0.05 / 1.7320508075688772;
}
