namespace Sagitta.Tracking.Calorimeter;

/// <summary>What reconstruction made of one frame.</summary>
/// <param name="Score">Tracks against the truth.</param>
/// <param name="TrueSegments">Segments within one event.</param>
/// <param name="FalseSegments">All other segments.</param>
/// <param name="ChosenTrue">Chosen ones among the true.</param>
/// <param name="ChosenFalse">Chosen ones among the false.</param>
/// <param name="Ranges">Ranges of tracks against the truth.</param>
internal sealed record FrameResult(TrackScore Score, int TrueSegments, int FalseSegments, int ChosenTrue, int ChosenFalse,
    RangeScore Ranges);
