using System.Numerics;

namespace Sagitta.Tracking.Scoring;

/// <summary>
/// What the network says of every hit of a graph. How likely a hit is the muon's and how well it tells where the muon passed are two
/// questions: a hit that a delta electron has moved is the muon's, and spoils the fit.
/// </summary>
/// <param name="Score">Hits x 1: logits of belonging to the muon.</param>
/// <param name="Weight">Hits x 1: logits of the weight in the fit.</param>
internal readonly record struct HitLogits<T>(Tensor<T> Score, Tensor<T> Weight)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
