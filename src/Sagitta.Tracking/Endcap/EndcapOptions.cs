namespace Sagitta.Tracking.Endcap;

/// <summary>How tracks are searched for and chosen.</summary>
internal sealed record EndcapSearchOptions
{
    /// <summary>Distance of a cluster from a segment's line, mm.</summary>
    public double SegmentTolerance { get; init; } = 1.2;

    /// <summary>Planes without stereo angle that a segment needs, of the four of a station.</summary>
    public int AxialPlanes { get; init; } = 3;

    /// <summary>Stereo planes that a segment needs.</summary>
    public int StereoPlanes { get; init; } = 2;

    /// <summary>Distance in x of a stereo plane from the others, mm.</summary>
    public double AcrossTolerance { get; init; } = 30;

    /// <summary>Segments kept for each station.</summary>
    public int SegmentsPerStation { get; init; } = 40;

    /// <summary>Largest slope of a segment before the field against the line to the origin.</summary>
    public double PointingTolerance { get; init; } = 0.02;

    /// <summary>How well slopes must agree with what the field gives: a constant, and a part in GeV times 1/momentum.</summary>
    public double SlopeTolerance { get; init; } = 0.004;

    /// <summary>The part that grows with 1/momentum, GeV.</summary>
    public double SlopeScattering { get; init; } = 0.1;

    /// <summary>The same of x, mm, and mm GeV.</summary>
    public double PlaceTolerance { get; init; } = 30;

    /// <summary>The part that grows with 1/momentum, mm GeV.</summary>
    public double PlaceScattering { get; init; } = 450;

    /// <summary>Largest |q/p|, 1/GeV.</summary>
    public double LargestQOverP { get; init; } = 0.3;

    /// <summary>Candidates of an event that are fitted.</summary>
    public int Candidates { get; init; } = 100;

    /// <summary>Planes that a track needs.</summary>
    public int Planes { get; init; } = 13;

    /// <summary>Largest chi-square per degree of freedom of a track.</summary>
    public double ChiSquarePerDegree { get; init; } = 6;

    /// <summary>Half of the price of leaving a plane of a track without a cluster, as a square of a residual in errors: a cluster farther
    /// away than its root is not taken.</summary>
    public double NonePull { get; init; } = 5;

    /// <summary>A plane that misses a fit by more than this many errors is given up.</summary>
    public double OutlierPull { get; init; } = 4;

    /// <summary>The price of none.</summary>
    internal double AlonePrice => NonePull * NonePull;

    /// <summary>What a plane is worth against chi-square, where candidates are compared.</summary>
    public double PlaneValue { get; init; } = 9;

    /// <summary>What the weight of a cluster is worth against squared distances in errors, where clusters are assigned.</summary>
    public double WeightValue { get; init; } = 4;

    /// <summary>What the squared distance of a cluster's hits from those of a track, in the space that tells tracks apart, costs
    /// there.</summary>
    public double SeparationValue { get; init; } = 2;

    /// <summary>Share of a candidate's clusters that a better one may have.</summary>
    public double SharedClusters { get; init; } = 0.5;

    /// <summary>Hits of an event at most; events with more are refused.</summary>
    public int MostHits { get; init; } = 20_000;
}
