namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>A frame with its graph, ready for the network; threads share it.</summary>
/// <param name="Water">Thickness of water, mm.</param>
/// <param name="Frame">The hits.</param>
/// <param name="Input">Segments, links and moments of the inputs.</param>
internal sealed record LandscapeFrame(int Water, CalorimeterFrame Frame, SegmentInput Input);
