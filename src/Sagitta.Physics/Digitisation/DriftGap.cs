namespace Sagitta.Physics.Digitisation;

/// <summary>What a plane's gas gap does to electrons, in the digitiser's single precision.</summary>
internal sealed class DriftGap(Plane plane, Material gas)
{
    /// <summary>Electrons per keV.</summary>
    public float ElectronsPerKiloVolt { get; } = (float)(1000 / gas.IonPairEnergy);

    /// <summary>Width of transverse diffusion after 1 mm of drift, mm.</summary>
    public float Diffusion { get; } = (float)(gas.TransverseDiffusion / Math.Sqrt(10));

    /// <summary>Shift in y per mm of drift.</summary>
    public float Lorentz { get; } = (float)Math.Tan(plane.LorentzAngle);

    /// <summary>ns per mm.</summary>
    public float DriftTimePerLength { get; } = (float)(1 / gas.DriftVelocity);

    /// <summary>Half of its thickness, mm; the anode is at its back.</summary>
    public float HalfThickness { get; } = (float)(plane.GapThickness / 2);
}
