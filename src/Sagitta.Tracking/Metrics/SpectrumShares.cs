namespace Sagitta.Tracking.Metrics;

/// <summary>What a trigger accepts of a falling spectrum, as shares of all muons of the spectrum.</summary>
/// <param name="Threshold">Threshold of fitted pT, GeV.</param>
/// <param name="Accepted">Accepted in all.</param>
/// <param name="FromBelowThreshold">Accepted with a true pT below the threshold.</param>
/// <param name="FromBelowFive">Accepted with a true pT below 5 GeV.</param>
/// <param name="Ideal">What a trigger on the true pT would accept.</param>
internal sealed record SpectrumShares(double Threshold, double Accepted, double FromBelowThreshold, double FromBelowFive, double Ideal);
