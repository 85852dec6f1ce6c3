namespace Sagitta.Tracking.Metrics;

/// <summary>One attempted event with a muon: what a method said and what was true.</summary>
/// <param name="Status">How the fit ended.</param>
/// <param name="QOverPt">Fitted q/pT, 1/GeV.</param>
/// <param name="Error">Its standard deviation as the fit states it, 1/GeV; NaN where a method states none.</param>
/// <param name="Truth">True q/pT, 1/GeV, not 0.</param>
internal readonly record struct TrackOutcome(SolveStatus Status, double QOverPt, double Error, double Truth)
{
    /// <summary>(q/pT - truth) / truth, or NaN for a failed fit.</summary>
    public double Residual => Status == SolveStatus.Converged ? (QOverPt - Truth) / Truth : double.NaN;

    /// <summary>True pT, GeV.</summary>
    public double TruePt => 1 / Math.Abs(Truth);
}
