namespace Sagitta.Tracking.Muon;

/// <summary>One muon's track. Where <see cref="Status"/> is not <see cref="SolveStatus.Converged"/>, its numbers are NaN and its charge is
/// 0.</summary>
/// <param name="Event">The event's number, as the hits give it.</param>
/// <param name="Status">How the fit ended.</param>
/// <param name="QOverPt">Charge over momentum in the (y, z) plane, 1/GeV, the sign that of the charge.</param>
/// <param name="QOverPtError">Its standard deviation from the fit's covariance, 1/GeV.</param>
/// <param name="Y0">y at z = 0, mm.</param>
/// <param name="Slope">Sine of the angle to +z at z = 0.</param>
/// <param name="ChiSquare">Chi-square of the fit, planes weighed by their presence.</param>
/// <param name="DegreesOfFreedom">Planes less the three parameters; 0 without a track.</param>
/// <param name="Planes">Planes that are present in the fit.</param>
public readonly record struct MuonTrack(long Event, SolveStatus Status, double QOverPt, double QOverPtError, double Y0, double Slope,
    double ChiSquare, int DegreesOfFreedom, int Planes)
{
    /// <summary>+1 or -1; 0 without a track.</summary>
    public int Charge => double.IsNaN(QOverPt) ? 0 : Math.Sign(QOverPt);

    /// <summary>Momentum in the (y, z) plane, GeV; NaN without a track.</summary>
    public double Pt => 1 / Math.Abs(QOverPt);
}
