namespace Sagitta.Experiments.Muon.Evaluation;

/// <summary>All methods on one test sample at a flux in kHz/cm2, a network method once for each seed. Hits of the events need not be there
/// any more.</summary>
internal sealed record MuonSampleResult(string Name, double Background, EventSet Events, IReadOnlyList<MuonMethodResult> Methods)
{
    /// <summary>Makes one event again, by its number, with its hits; null where that is not possible.</summary>
    public Func<long, EventSet>? LoadEvent { get; init; }
    /// <summary>Whether it is one of the samples of the scan over fluxes.</summary>
    public bool InScan { get; init; } = true;

    /// <summary>The results of one method in order of seed.</summary>
    public IReadOnlyList<MuonMethodResult> Of(MuonMethod method) =>
        [.. Methods.Where(m => m.Method == method).OrderBy(m => m.Seed)];

    /// <summary>Whether every end-to-end model has a factorised twin to be compared with.</summary>
    public bool IsPaired => Of(MuonMethod.EndToEnd).Count > 0
        && Of(MuonMethod.EndToEnd).Select(m => m.Seed).SequenceEqual(Of(MuonMethod.Factorised).Select(m => m.Seed));

    public IReadOnlyList<MuonMethod> MethodsInOrder => [.. Methods.Select(m => m.Method).Distinct()];
}
