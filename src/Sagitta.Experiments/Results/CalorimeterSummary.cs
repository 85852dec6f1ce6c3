namespace Sagitta.Experiments.Results;

/// <summary>Results of the calorimeter.</summary>
/// <param name="Samples">Samples in the order in which they are written.</param>
public sealed record CalorimeterSummary(IReadOnlyList<CalorimeterSampleSummary> Samples);
