namespace Sagitta.Tracking.Muon.Training;

/// <summary>Terms of the composite loss, each already a mean over its batch and before its weight.</summary>
/// <param name="Classification">Class-balanced cross-entropy, its weight included.</param>
/// <param name="Fit">Robust residual of q/pT.</param>
/// <param name="Likelihood">Likelihood per plane.</param>
/// <param name="FailedFits">Events whose fit failed.</param>
public readonly record struct MuonLoss(double Classification, double Fit, double Likelihood, int FailedFits)
{
    /// <summary>Term by term.</summary>
    public static MuonLoss operator +(MuonLoss a, MuonLoss b) =>
        new(a.Classification + b.Classification, a.Fit + b.Fit, a.Likelihood + b.Likelihood, a.FailedFits + b.FailedFits);
}
