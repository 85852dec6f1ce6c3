namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>Mean time of a frame on one thread, the quickest of five repetitions of each frame.</summary>
/// <param name="Graph">"line graph" or "hit graph".</param>
/// <param name="Water">Thickness of water, mm.</param>
/// <param name="Protons">Protons of a frame.</param>
/// <param name="Prediction">Graph and scores, ms.</param>
/// <param name="Reconstruction">Graph, scores, assignment and tracks, ms.</param>
internal sealed record FrameTimes(string Graph, int Water, int Protons, double Prediction, double Reconstruction);
