namespace Sagitta.Tracking.Clustering;

/// <summary>Settings of the soft clustering.</summary>
internal sealed record ClusterOptions
{
    /// <summary>The summed weight at which a plane is half present: presence = W / (W + this).</summary>
    public double HalfPresence { get; init; } = 0.1;

    /// <summary>Error model.</summary>
    public ClusterResolution Resolution { get; init; } = new();
}
