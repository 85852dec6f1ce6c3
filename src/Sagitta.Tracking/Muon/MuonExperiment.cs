namespace Sagitta.Tracking.Muon;

/// <summary>Everything that a muon run depends on; one YAML file.</summary>
internal sealed record MuonExperiment
{
    /// <summary>Name of a shipped detector or path of a detector file.</summary>
    public string Detector { get; init; } = "toy16";

    /// <summary>Seed of first weights, data and their order.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Simulated events.</summary>
    public MuonDataOptions Data { get; init; } = new();

    /// <summary>Which hits are joined.</summary>
    public HitGraphOptions Graph { get; init; } = new();

    /// <summary>The network.</summary>
    public HitScorerOptions Network { get; init; } = new();

    /// <summary>Whether the centroid weighs strips by charge; the same for all methods.</summary>
    public bool ChargeWeighted { get; init; } = true;

    /// <summary>Soft clustering.</summary>
    public ClusterOptions Clustering { get; init; } = new();

    /// <summary>The track fit, the same for all methods.</summary>
    public TrackFitOptions Fit { get; init; } = new();

    /// <summary>The classical method.</summary>
    public ClassicalOptions Classical { get; init; } = new();

    /// <summary>Scale of the robust function of the residual, in limits.</summary>
    public double RobustScale { get; init; } = 3;

    /// <summary>The loss.</summary>
    public MuonLossOptions Loss { get; init; } = new();

    /// <summary>The training.</summary>
    public MuonTrainingOptions Training { get; init; } = new();

    /// <summary>
    /// Reads the configuration that a run or a model keeps. It holds every option of its time, and what made a model is not always the
    /// default of an option that came later.
    /// </summary>
    /// <param name="yaml">The text.</param>
    /// <param name="name">What to call it in messages.</param>
    public static MuonExperiment Stored(string yaml, string name)
    {
        string[] before = yaml.Contains("taperedChunks:", StringComparison.Ordinal) ? [] : ["training.taperedChunks=false"];
        return ConfigurationFile.Parse<MuonExperiment>(yaml, name, before);
    }
}
