namespace Sagitta.Tracking.Graphs;

/// <summary>Which pairs of hits are joined. All gates follow from these and from the detector's geometry.</summary>
internal sealed record HitGraphOptions
{
    /// <summary>Smallest transverse momentum, GeV, whose track the gates must let through.</summary>
    public double MinimumPt { get; init; } = 3;

    /// <summary>Largest distance in planes between two hits of one station that are joined.</summary>
    public int PlaneReach { get; init; } = 2;

    /// <summary>Every how many planes of a station hits are joined to the plane of the same rank in the next station; 0 joins no
    /// stations.</summary>
    public int CrossStationStride { get; init; } = 2;

    /// <summary>Standard deviation of a road centre about the muon, mm.</summary>
    public double RoadSigma { get; init; } = 40;

    /// <summary>How many standard deviations of the slope between road centres the gates are widened by.</summary>
    public double RoadWidths { get; init; } = 3;

    /// <summary>Largest distance, in strips, between two hits of one plane that are joined (hits of one cluster).</summary>
    public int SamePlaneStrips { get; init; } = 2;

    /// <summary>Whether hits and edges are described by their tracklets (<see cref="TrackletSearch"/>) too; without, those features are
    /// 0.</summary>
    public bool Tracklets { get; init; } = true;
}
