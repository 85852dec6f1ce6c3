namespace Sagitta.Physics.Protons;

/// <summary>A tracking calorimeter behind a phantom, as its file describes it. Lengths in mm, energies in MeV.</summary>
internal sealed record TrackingCalorimeter
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Fills what no slab fills.</summary>
    public required Compound Medium { get; init; }

    /// <summary>What the phantom is made of.</summary>
    public required Compound Phantom { get; init; }

    /// <summary>z of the phantom's middle, mm.</summary>
    public required double PhantomCentre { get; init; }

    /// <summary>The beam.</summary>
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

    /// <summary>Number of layers.</summary>
    public int LayerCount => Groups.Sum(group => group.Count);

    /// <summary>z of the middle of each sensitive layer, mm.</summary>
    public IReadOnlyList<double> LayerPositions => [.. Groups.SelectMany(group => Enumerable.Range(0, group.Count).Select(group.MiddleOf))];
}
