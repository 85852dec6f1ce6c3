namespace Sagitta.Physics.Protons;

/// <summary>Equal boxes behind each other, each with one sensitive layer; what the slabs leave of a box is filled by the medium.</summary>
internal sealed record LayerGroup
{
    /// <summary>What it is: "tracker".</summary>
    public required string Name { get; init; }

    /// <summary>Number of boxes.</summary>
    public required int Count { get; init; }

    /// <summary>z where the first box begins, mm.</summary>
    public required double Front { get; init; }

    /// <summary>Length of a box, mm.</summary>
    public required double Pitch { get; init; }

    /// <summary>Slabs in front of the sensitive layer.</summary>
    public required IReadOnlyList<CompoundSlab> Before { get; init; }

    /// <summary>The sensitive layer.</summary>
    public required CompoundSlab Sensitive { get; init; }

    /// <summary>Slabs behind it.</summary>
    public required IReadOnlyList<CompoundSlab> After { get; init; }

    /// <summary>z of the middle of a box's sensitive layer, mm.</summary>
    public double MiddleOf(int box) => Front + (box * Pitch) + Before.Sum(slab => slab.Thickness) + (Sensitive.Thickness / 2);
}
