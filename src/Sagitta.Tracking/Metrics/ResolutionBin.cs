namespace Sagitta.Tracking.Metrics;

/// <summary>Resolution in one bin of true pT. Core width and bias are of r = (q/pT - truth) / truth.</summary>
/// <param name="PtLow">Lower border, GeV.</param>
/// <param name="PtHigh">Upper border, GeV.</param>
/// <param name="Attempted">Events.</param>
/// <param name="FailedFits">Events whose fit failed.</param>
/// <param name="CoreWidth">Half of the 16-84 % span of r.</param>
/// <param name="Bias">Median of r.</param>
/// <param name="Rms95">RMS of the central 95 % of r.</param>
/// <param name="Limit">Mean over the bin's events of the relative limit at their true pT; NaN without events.</param>
internal sealed record ResolutionBin(double PtLow, double PtHigh, int Attempted, int FailedFits, double CoreWidth, double Bias,
    double Rms95, double Limit);
