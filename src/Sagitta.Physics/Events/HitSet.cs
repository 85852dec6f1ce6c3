namespace Sagitta.Physics.Events;

/// <summary>
/// Hits of events as columns, laid end to end: the hits of event e are <c>Offsets[e] .. Offsets[e + 1] - 1</c>, ordered by plane, then by
/// y. It is all that reconstruction reads; it holds no truth.
/// </summary>
internal sealed class HitSet
{
    /// <summary>The detector whose planes the hits name.</summary>
    public required Detector Detector { get; init; }

    /// <summary>Per event: the number by which its user knows it.</summary>
    public required long[] EventNumber { get; init; }

    /// <summary>Count + 1 borders into the hit columns.</summary>
    public required int[] Offsets { get; init; }

    /// <summary>Per hit: plane index.</summary>
    public required byte[] Plane { get; init; }

    /// <summary>Per hit: y of the strip's centre, mm.</summary>
    public required float[] Y { get; init; }

    /// <summary>Per hit: charge above threshold in primary electrons, before gas gain.</summary>
    public required float[] Charge { get; init; }

    /// <summary>Per hit: time within the readout window, ns.</summary>
    public required float[] Time { get; init; }

    /// <summary>Per event and station (row-major): centre of the road, mm.</summary>
    public required float[] RoadCentre { get; init; }

    /// <summary>0 for strip hits; above 0, hits are muon crossings with this Gaussian error in mm, and reconstruction takes it as their
    /// sigma.</summary>
    public double Smear { get; init; }

    /// <summary>Number of events.</summary>
    public int Count => Offsets.Length - 1;

    /// <summary>Number of hits of all events.</summary>
    public int HitCount => Offsets[^1];
}
