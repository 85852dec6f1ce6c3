namespace Sagitta.Tracking.Clustering;

/// <summary>What soft clustering makes of the hits: tensors of events x planes.</summary>
/// <param name="Centroid">Weighted mean y, mm; the unweighted mean (0 without hits) where all weights vanish.</param>
/// <param name="Sigma">Its standard deviation, mm; positive everywhere.</param>
/// <param name="Presence">How much the plane counts, from 0 without weight to almost 1.</param>
/// <param name="Intrinsic">The part of its variance that does not depend on the track, mm^2.</param>
/// <param name="Width">Weighted variance of the strips about the centroid, mm^2.</param>
internal readonly record struct Clusters(Tensor<double> Centroid, Tensor<double> Sigma, Tensor<double> Presence, Tensor<double> Intrinsic,
    Tensor<double> Width);
