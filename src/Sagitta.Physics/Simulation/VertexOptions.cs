namespace Sagitta.Physics.Simulation;

/// <summary>Muons at z = 0, y = 0 (before the event shift). The defaults are those of the Geant4 reference sample.</summary>
internal sealed record VertexOptions
{
    /// <summary>Mixture of transverse momenta; charges are equally likely.</summary>
    public IReadOnlyList<MomentumComponent> Momentum { get; init; } = [new()];

    /// <summary>The angle to +z in the (y, z) plane is uniform up to this much to either side, rad.</summary>
    public double Angle { get; init; } = 0.05;

    /// <summary>The same towards x, rad.</summary>
    public double AngleAcross { get; init; } = 0.05;

    /// <summary>Fraction of events without a muon.</summary>
    public double WithoutMuon { get; init; }
}
