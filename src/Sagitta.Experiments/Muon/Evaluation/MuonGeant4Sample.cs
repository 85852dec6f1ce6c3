namespace Sagitta.Experiments.Muon.Evaluation;

/// <summary>Geant4 deposits to test on.</summary>
/// <param name="Name">Name of the sample; the flux is added to it.</param>
/// <param name="Hits">Deposits.</param>
/// <param name="Truth">Their muons.</param>
internal sealed record MuonGeant4Sample(string Name, string Hits, string Truth)
{
    /// <summary>First event number to use, so that events for tuning the simulation are never tested on.</summary>
    public long FirstEvent { get; init; } = 10_000;

    /// <summary>Fluxes to overlay, kHz/cm2; null for those of the simulated test samples.</summary>
    public IReadOnlyList<double>? Backgrounds { get; init; }
}
