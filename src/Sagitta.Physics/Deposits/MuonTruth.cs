namespace Sagitta.Physics.Deposits;

/// <summary>What is known of an event's muon at z = 0, before the event shift.</summary>
/// <param name="Present">False for an event of background alone; then the rest only places its road.</param>
/// <param name="QOverPt">Charge over momentum in the (y, z) plane, 1/GeV.</param>
/// <param name="Y0">y at z = 0, mm.</param>
/// <param name="Sine">Sine of the angle to +z in the (y, z) plane at z = 0.</param>
/// <param name="SlopeAcross">Momentum along x over that in the (y, z) plane.</param>
internal readonly record struct MuonTruth(bool Present, double QOverPt, double Y0, double Sine, double SlopeAcross = 0)
{
    /// <summary>The path without material.</summary>
    public CircleTrack Circle(double fieldTesla) => CircleTrack.FromMomentum(Y0, Sine, QOverPt, fieldTesla);
}
