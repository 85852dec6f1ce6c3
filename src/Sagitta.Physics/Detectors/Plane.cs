namespace Sagitta.Physics.Detectors;

/// <summary>One measuring plane: a gas gap read out by strips along x.</summary>
internal sealed record Plane
{
    /// <summary>Name by which files of hits may call it; empty for none.</summary>
    public string Name { get; init; } = "";

    /// <summary>Centre of the gap, mm.</summary>
    public required double Z { get; init; }

    /// <summary>Station number, from 0, not decreasing with z.</summary>
    public required int Station { get; init; }

    /// <summary>Distance between strip centres, mm.</summary>
    public required double StripPitch { get; init; }

    /// <summary>Thickness of the drift gap, mm.</summary>
    public required double GapThickness { get; init; }

    /// <summary>Gas of the gap, the name of an entry of the detector file's materials.</summary>
    public required string Gas { get; init; }

    /// <summary>Material of the plane in radiation lengths, gap and supports, crossed at normal incidence.</summary>
    public required double RadiationLengths { get; init; }

    /// <summary>Probability that a crossing is seen at all, for reasons that are not simulated.</summary>
    public double Efficiency { get; init; } = 1;

    /// <summary>Lorentz angle of the drifting electrons, rad; 0 is an idealisation (a real gap in 1 T has a large one).</summary>
    public double LorentzAngle { get; init; }

    /// <summary>Material in front of the gap, in order of z, ending where the gap begins.</summary>
    public IReadOnlyList<Slab> Before { get; init; } = [];

    /// <summary>Material behind the gap, in order of z, beginning where the gap ends.</summary>
    public IReadOnlyList<Slab> After { get; init; } = [];

    /// <summary>z of the front of the first slab, mm.</summary>
    public double Front
    {
        get
        {
            double z = Z - (GapThickness / 2);
            foreach (Slab slab in Before)
            {
                z -= slab.Thickness;
            }

            return z;
        }
    }
}
