namespace Sagitta.Experiments.Muon.Studies;

/// <summary>A row of a study's table.</summary>
/// <param name="Label">What it is of.</param>
/// <param name="Values">Its numbers.</param>
internal sealed record MuonStudyRow(string Label, IReadOnlyList<double> Values);
