namespace Sagitta.Tracking.Metrics;

/// <summary>How many muons of a range of true pT a trigger accepts.</summary>
/// <param name="PtLow">Lower border, GeV.</param>
/// <param name="PtHigh">Upper border, GeV.</param>
/// <param name="Attempted">Events with a muon.</param>
/// <param name="Accepted">Those with a converged track of fitted pT at or above the threshold.</param>
internal sealed record TurnOnBin(double PtLow, double PtHigh, int Attempted, int Accepted)
{
    /// <summary>Share that is accepted; NaN without events.</summary>
    public double Efficiency => (double)Accepted / Attempted;
}
