namespace Sagitta.Experiments.Calorimeter;

/// <summary>All methods on one sample of frames.</summary>
/// <param name="Name">Name in summary.json.</param>
/// <param name="Water">Thickness of water, mm; 0 if unknown.</param>
/// <param name="Protons">Protons of a frame.</param>
/// <param name="Frames">Number of frames.</param>
/// <param name="Methods">Results, seeds of one method in order.</param>
internal sealed record CalorimeterSampleResult(
    string Name, int Water, int Protons, int Frames, IReadOnlyList<CalorimeterMethodResult> Methods);
