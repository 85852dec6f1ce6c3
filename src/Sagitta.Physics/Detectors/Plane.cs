using System.ComponentModel.DataAnnotations;

namespace Sagitta.Physics.Detectors;

/// <summary>One measuring plane: a gas gap read out by strips along x.</summary>
internal sealed record Plane
{
    /// <summary>Name, by which tables of hits may call the plane; empty if it has none.</summary>
    public string Name { get; init; } = "";
    /// <summary>Centre of the gap, mm: where the plane stands, <see cref="ShiftZ"/> from where it was meant to.</summary>
    public required double Z { get; init; }
    /// <summary>How far along y the plane stands from where it was meant to, mm. Hits state y as if it did not.</summary>
    public double ShiftY { get; init; }
    /// <summary>The same along z.</summary>
    public double ShiftZ { get; init; }
    /// <summary>z of the centre as it was meant to be: by it event files and tables of hits know the plane.</summary>
    public double NominalZ => ShiftZ == 0 ? Z : Math.Round(Z - ShiftZ, 9);
    /// <summary>Where a search for a better detector may put the plane, mm; null where it stays.</summary>
    public (double Low, double High)? Between { get; init; }
    /// <summary>Station number, from 0, not decreasing with z.</summary>
    public required int Station { get; init; }
    /// <summary>Distance between strip centres, mm.</summary>
    public required double StripPitch { get; init; }
    /// <summary>y of a strip's centre, mm; the others are whole pitches away. Null where it is not known: simulated events then have
    /// their strips anywhere, each event anew.</summary>
    public double? StripOffset { get; init; }
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

    /// <summary>z of the back of the last slab, mm.</summary>
    public double Back => Z + (GapThickness / 2) + After.Sum(slab => slab.Thickness);

    /// <summary>Where strips stand, as a part of the pitch from 0 to 1: by what is known, or else <paramref name="anywhere"/>.</summary>
    public double StripPhase(double anywhere) =>
        StripOffset is { } offset ? (offset / StripPitch) - Math.Floor(offset / StripPitch) : anywhere;

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

/// <summary>How strips turn drifting electrons into hits; the same for all planes of a detector. Every default is our choice.</summary>
internal sealed record Readout
{
    /// <summary>Charge below which a strip does not fire, in primary electrons before gain.</summary>
    [Range(0.01, 1e6)]
    public double Threshold { get; init; } = 2;
    /// <summary>Shape k of the single-electron gain, a Gamma (Polya) law with relative variance 1/k and k = theta + 1; 1 is the exponential
    /// law.</summary>
    [Range(1, 16)]
    public int GainShape { get; init; } = 2;
    /// <summary>Fraction of a strip's charge that each neighbour gets by capacitive coupling.</summary>
    [Range(0, 0.33)]
    public double NeighbourCoupling { get; init; } = 0.1;
    /// <summary>Fraction of strips that never fire; which ones is drawn anew in each event, as are the strip phases.</summary>
    [Range(0, 1)]
    public double DeadStrips { get; init; } = 0.005;
    /// <summary>Gaussian error of a hit's time, ns.</summary>
    [Range(0, double.PositiveInfinity)]
    public double TimeResolution { get; init; } = 5;
    /// <summary>Length of the window of crossing times that is read out, ns; the muon crosses in its middle.</summary>
    [Range(0, double.PositiveInfinity)]
    public double Window { get; init; } = 200;
    /// <summary>Length of the strips along x, m: with the road it sets the area that background falls on.</summary>
    [Range(0, double.PositiveInfinity)]
    public double StripLength { get; init; } = 1;
    /// <summary>Half-width of the road, mm: strips further from their station's road centre are not read out.</summary>
    [Range(1e-3, 1e5)]
    public double RoadHalfWidth { get; init; } = 150;
    /// <summary>Gaussian error of a road centre about the muon's y at the station's middle plane, mm.</summary>
    [Range(0, double.PositiveInfinity)]
    public double RoadResolution { get; init; } = 40;
    /// <summary>Error of the slope dy/dz that a coarse trigger chamber at a station's last plane measures. Above 0 the road is the straight
    /// line of its position, which has the error <see cref="RoadResolution"/>, and slope; at 0 it is the muon's own y with that
    /// error.</summary>
    [Range(0, 10)]
    public double RoadSlopeResolution { get; init; }
    /// <summary>When the muons of a bunch were made, about its middle.</summary>
    public TimeSpread BunchTime { get; init; } = new();
    /// <summary>By how much the start of the readout's clock misses the bunch, the same for all strips of an event.</summary>
    public TimeSpread TriggerTime { get; init; } = new();
    /// <summary>Standard deviation of the noise on a strip's charge, in primary electrons: it smears charges, and lets strips without any
    /// fire.</summary>
    [Range(0, 1e6)]
    public double NoiseCharge { get; init; }
    /// <summary>Largest charge that a strip's electronics can tell, in primary electrons; 0 where there is no such ceiling.</summary>
    [Range(0, 1e9)]
    public double ChargeCeiling { get; init; }
    /// <summary>Fraction of a plane's background clusters whose particle crosses two or more planes of the station, where options of
    /// digitisation do not say otherwise.</summary>
    [Range(0, 1)]
    public double CorrelatedBackground { get; init; } = 0.1;
}

/// <summary>A time that reconstruction does not know: 0 on average.</summary>
internal sealed record TimeSpread
{
    /// <summary>Standard deviation, ns, whatever the shape.</summary>
    [Range(0, 1e4)]
    public double Deviation { get; init; }
    /// <summary>Its law.</summary>
    public TimeShape Shape { get; init; } = TimeShape.Gaussian;

    /// <summary>One draw, ns.</summary>
    public double Draw(ref RandomDraws draws) =>
        Deviation * (Shape == TimeShape.Gaussian ? draws.NextGaussian() : draws.NextUniform(-Math.Sqrt(3), Math.Sqrt(3)));
}

/// <summary>Laws of a time.</summary>
internal enum TimeShape
{
    Gaussian,
    Uniform,
}

/// <summary>What resolution a plane can be expected to have, where its file does not state one.</summary>
internal static class PlaneResolution
{
    /// <summary>Standard deviation in mm of a cluster's charge-weighted centre about the crossing of a muon at small angles. With the pitch
    /// p, the gap g and the width s of the charge's diffusion over half of it: p^2/12 exp(-7.6 s/p), since charge that spreads over strips
    /// divides them; s^2/(3 g), since 3 clusters are freed per mm; and g t^2/36 of the trail's own inclination t. The number 7.6 and t =
    /// 0.085 are fitted to the simulation for pitches of 0.1 to 15 mm in gaps of 5 and 10 mm, which it meets within 10 %.</summary>
    public static double Expected(Plane plane, Material? gas)
    {
        const double Inclination = 0.085;
        double diffusion = gas?.TransverseDiffusion ?? 0.2;
        double width = diffusion * Math.Sqrt(plane.GapThickness / 20);
        double strips = plane.StripPitch * plane.StripPitch / 12 * Math.Exp(-7.6 * width / plane.StripPitch);
        return Math.Sqrt(strips + (width * width / (3 * plane.GapThickness)) + (plane.GapThickness * Inclination * Inclination / 36));
    }
}
