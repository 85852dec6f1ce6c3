namespace Sagitta.Physics.Detectors;

/// <summary>What a detector file says of a plane besides its place; given for all planes, and overridden by any of them.</summary>
internal sealed record PlaneFields
{
    public double StripPitch { get; init; }

    public double GapThickness { get; init; }

    public string Gas { get; init; } = "";

    public double Efficiency { get; init; } = 1;

    public double LorentzAngle { get; init; }

    public double RadiationLengths { get; init; }

    public IReadOnlyList<Slab> Before { get; init; } = [];

    public IReadOnlyList<Slab> After { get; init; } = [];
}
