using System.ComponentModel.DataAnnotations;

namespace Sagitta.Tracking.Endcap;

/// <summary>Everything that a training depends on; one YAML file.</summary>
internal sealed record EndcapExperiment
{
    /// <summary>Name of a shipped detector or path of a detector file.</summary>
    public string Detector { get; init; } = EndcapDetector.Shipped;

    /// <summary>Seed of first weights and of the order of events.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Search for tracks.</summary>
    public EndcapSearchOptions Search { get; init; } = new();

    /// <summary>The network.</summary>
    public HitScorerOptions Network { get; init; } = new() { Layers = 2 };

    /// <summary>Numbers of each hit that tell tracks apart; 0 for none, since they were measured to add nothing (docs/endcap.md).</summary>
    [Range(0, 64)]
    public int SeparationColumns { get; init; }

    /// <summary>Hits whose probability of being a muon's is smaller are left out.</summary>
    [Range(0, 1)]
    public double LeastProbability { get; init; } = 0.1;

    /// <summary>The loss.</summary>
    public EndcapLossOptions Loss { get; init; } = new();

    /// <summary>Passes over the events.</summary>
    [Range(1, 1_000_000)]
    public int Epochs { get; init; } = 8;

    /// <summary>Events of one step.</summary>
    [Range(1, 1_000_000)]
    public int BatchSize { get; init; } = 16;

    /// <summary>Highest learning rate of Adam.</summary>
    [Range(1e-12, 1e3)]
    public double LearningRate { get; init; } = 1e-2;
}

/// <summary>Weights of the terms of the loss.</summary>
internal sealed record EndcapLossOptions
{
    /// <summary>Separation of tracks, where hits have numbers that tell them apart.</summary>
    [Range(0, 1e6)]
    public double Separation { get; init; } = 0.3;

    /// <summary>Robust residual of q/p of tracks that are a muon's, in limits; 0 for the factorised method.</summary>
    [Range(0, 1e6)]
    public double Fit { get; init; } = 2;

    /// <summary>Clusters that the exact assignment gives to a wrong track; 0 for the factorised method.</summary>
    [Range(0, 1e6)]
    public double Assignment { get; init; } = 2;

    /// <summary>Likelihood of each plane's cluster about the true crossing, which no fit has a part in: for the local method.</summary>
    [Range(0, 1e6)]
    public double Local { get; init; }

    /// <summary>Scale of the robust function, in limits.</summary>
    [Range(1e-3, 1e6)]
    public double RobustScale { get; init; } = 3;

    /// <summary>Part of the training, from its beginning, in which nothing behind the scores has a weight.</summary>
    [Range(0, 1)]
    public double WarmUp { get; init; } = 0.25;

    /// <summary>How the gradient of the assignment is interpolated.</summary>
    [Range(1e-6, 1e6)]
    public double Lambda { get; init; } = 10;

    /// <summary>Whether the gradient passes through fits or the assignment.</summary>
    public bool EndToEnd => Fit > 0 || Assignment > 0;
}
