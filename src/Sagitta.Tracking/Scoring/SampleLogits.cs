namespace Sagitta.Tracking.Scoring;

/// <summary>What a network says of every hit of a sample; see <see cref="HitLogits{T}"/>.</summary>
/// <param name="Score">For each hit the logit of belonging to the muon.</param>
/// <param name="Weight">For each hit the logit of its weight in the fit.</param>
internal sealed record SampleLogits(float[] Score, float[] Weight);
