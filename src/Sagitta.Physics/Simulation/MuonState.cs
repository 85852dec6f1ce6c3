namespace Sagitta.Physics.Simulation;

/// <summary>A muon at the centre of a gap.</summary>
/// <param name="Y">y, mm.</param>
/// <param name="Sine">Sine of the angle to +z in the (y, z) plane.</param>
/// <param name="QOverPt">Charge over momentum in that plane, 1/GeV.</param>
/// <param name="Path">Path that light would have flown in the time since z = 0, mm.</param>
internal readonly record struct MuonState(double Y, double Sine, double QOverPt, double Path);
