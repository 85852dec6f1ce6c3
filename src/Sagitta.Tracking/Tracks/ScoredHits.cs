namespace Sagitta.Tracking.Tracks;

/// <summary>What one network says of the hits of a sample, as <see cref="TrackSearch"/> takes it.</summary>
/// <param name="Scores">Logits of the hits being the muon's, one a hit; NaN counts as no score.</param>
/// <param name="Weights">Weights, 0 to 1, that the hits would enter the fit with, one a hit.</param>
internal sealed record ScoredHits(float[] Scores, double[] Weights);
