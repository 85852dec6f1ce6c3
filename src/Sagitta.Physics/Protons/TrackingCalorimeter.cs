using System.ComponentModel.DataAnnotations;

namespace Sagitta.Physics.Protons;

/// <summary>A tracking calorimeter behind a phantom, as its file describes it. Lengths in mm, energies in MeV.</summary>
internal sealed record TrackingCalorimeter
{
    public required string Name { get; init; }
    /// <summary>Fills what no slab fills.</summary>
    public required Compound Medium { get; init; }
    /// <summary>What the phantom is made of.</summary>
    public required Compound Phantom { get; init; }
    /// <summary>z of the phantom's middle, mm.</summary>
    public required double PhantomCentre { get; init; }
    public required ProtonBeam Beam { get; init; }
    /// <summary>Half width of every layer in x, mm.</summary>
    public required double HalfWidthX { get; init; }
    /// <summary>Half width of every layer in y, mm.</summary>
    public required double HalfWidthY { get; init; }
    /// <summary>Electrons above this energy in MeV count as particles of their own: what they take is not in their proton's
    /// deposit.</summary>
    public double ElectronThreshold { get; init; } = double.PositiveInfinity;
    /// <summary>Groups of layers in order of z; layers count on from group to group, from 0.</summary>
    public required IReadOnlyList<LayerGroup> Groups { get; init; }
    public int LayerCount => Groups.Sum(group => group.Count);
    /// <summary>z of the middle of each sensitive layer, mm.</summary>
    public IReadOnlyList<double> LayerPositions => [.. Groups.SelectMany(group => Enumerable.Range(0, group.Count).Select(group.MiddleOf))];

    /// <summary>What differs in the layers' number and places, to one micrometre; null if nothing does.</summary>
    public string? GeometryDifference(TrackingCalorimeter other)
    {
        const double Tolerance = 1e-3;
        (IReadOnlyList<double> a, IReadOnlyList<double> b) = (LayerPositions, other.LayerPositions);
        int differs = Enumerable.Range(0, Math.Min(a.Count, b.Count)).FirstOrDefault(i => !(Math.Abs(a[i] - b[i]) <= Tolerance), -1);
        return a.Count != b.Count ? $"there are {a.Count} layers, not {b.Count}"
            : differs < 0 ? null
            : string.Create(CultureInfo.InvariantCulture, $"layer {differs} is at z = {a[differs]} mm, not {b[differs]} mm");
    }

    /// <summary>Whether the layers are at the same places; <see cref="GeometryDifference"/> says what differs.</summary>
    public bool SameGeometry(TrackingCalorimeter other) => GeometryDifference(other) is null;
}

/// <summary>Equal boxes behind each other, each with one sensitive layer; what the slabs leave of a box is filled by the medium.</summary>
internal sealed record LayerGroup
{
    /// <summary>What it is: "tracker".</summary>
    public required string Name { get; init; }
    public required int Count { get; init; }
    /// <summary>z where the first box begins, mm.</summary>
    public required double Front { get; init; }
    /// <summary>Length of a box, mm.</summary>
    public required double Pitch { get; init; }
    /// <summary>Slabs in front of the sensitive layer.</summary>
    public required IReadOnlyList<CompoundSlab> Before { get; init; }
    public required CompoundSlab Sensitive { get; init; }
    /// <summary>Slabs behind it.</summary>
    public required IReadOnlyList<CompoundSlab> After { get; init; }

    /// <summary>z of the middle of a box's sensitive layer, mm.</summary>
    public double MiddleOf(int box) => Front + (box * Pitch) + Before.Sum(slab => slab.Thickness) + (Sensitive.Thickness / 2);
}

/// <summary>A pencil beam along +z; Gaussian in energy, place and angle.</summary>
internal sealed record ProtonBeam
{
    /// <summary>Mean kinetic energy, MeV.</summary>
    [Range(1.0, 290.0)]
    public required double Energy { get; init; }
    /// <summary>Standard deviation of the energy over its mean.</summary>
    [Range(0, 0.05)]
    public double EnergySpread { get; init; }
    /// <summary>z where protons start, mm.</summary>
    [Range(-1e6, 1e6)]
    public required double Z { get; init; }
    /// <summary>Standard deviation of x and of y there, mm.</summary>
    [Range(0, double.PositiveInfinity)]
    public double Size { get; init; }
    /// <summary>Standard deviation of the angle in x and in y, rad.</summary>
    [Range(0, 0.1)]
    public double Divergence { get; init; }
    /// <summary>Correlation of place and angle; positive where the beam widens.</summary>
    [Range(-1.0, 1.0)]
    public double Correlation { get; init; }
}
