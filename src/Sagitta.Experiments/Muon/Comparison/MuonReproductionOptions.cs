namespace Sagitta.Experiments.Muon.Comparison;

/// <summary>What "reproduce muon" runs.</summary>
internal sealed record MuonReproductionOptions
{
    /// <summary>The configuration; its seed is the first of <see cref="Seeds"/>.</summary>
    public required MuonExperiment Experiment { get; init; }

    /// <summary>How many consecutive seeds, from the experiment's on.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Which methods are trained, by whether the gradient of the fit reaches the network.</summary>
    public IReadOnlyList<bool> EndToEnd { get; init; } = [false, true];

    /// <summary>Geant4 test samples; none for detectors of which there are no deposits.</summary>
    public IReadOnlyList<MuonGeant4Sample> Geant4 { get; init; } = [];

    /// <summary>Seed of the digitisation of Geant4 events.</summary>
    public ulong Geant4Seed { get; init; } = 77;
}
