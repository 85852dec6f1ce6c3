namespace Sagitta.Experiments.Muon.Evaluation;

/// <summary>A test sample before its events exist.</summary>
/// <param name="Name">Name in tables, files and summary.json.</param>
/// <param name="Background">Flux in kHz/cm2.</param>
/// <param name="Events">About how many events it has, for estimates of time.</param>
/// <param name="Recipe">All that its events depend on: results of a sample with another recipe are not its own.</param>
/// <param name="Load">Makes the events; they depend neither on threads nor on who asks.</param>
/// <param name="LoadEvent">Makes the event of one number alone, the same as in the whole.</param>
internal sealed record MuonTestSample(
    string Name,
    double Background,
    int Events,
    string Recipe,
    Func<WorkerThreads, EventSet> Load,
    Func<long, EventSet> LoadEvent)
{
    /// <summary>Whether it is one of the samples of the scan over fluxes.</summary>
    public bool InScan { get; init; } = true;
}
