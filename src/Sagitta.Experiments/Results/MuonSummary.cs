namespace Sagitta.Experiments.Results;

/// <summary>Results of the muon system.</summary>
/// <param name="Limit">The Cramer-Rao limit of the relative error of q/pT.</param>
/// <param name="Samples">Samples in the order in which they are written.</param>
public sealed record MuonSummary(IReadOnlyList<LimitPoint> Limit, IReadOnlyList<MuonSampleSummary> Samples);
