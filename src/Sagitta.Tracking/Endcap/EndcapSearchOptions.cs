using System.ComponentModel.DataAnnotations;

namespace Sagitta.Tracking.Endcap;

/// <summary>How tracks are searched for and chosen.</summary>
internal sealed record EndcapSearchOptions
{
    /// <summary>Distance of a cluster from a segment's line, mm.</summary>
    [Range(1e-3, 1e3)]
    public double SegmentTolerance { get; init; } = 1.2;

    /// <summary>Planes without stereo angle that a segment needs, of the four of a station.</summary>
    [Range(2, 255)]
    public int AxialPlanes { get; init; } = 3;

    /// <summary>Stereo planes that a segment needs.</summary>
    [Range(1, 255)]
    public int StereoPlanes { get; init; } = 2;

    /// <summary>Distance in x of a stereo plane from the others, mm.</summary>
    [Range(1e-3, 1e5)]
    public double AcrossTolerance { get; init; } = 30;

    /// <summary>Segments kept for each station.</summary>
    [Range(1, 100_000)]
    public int SegmentsPerStation { get; init; } = 40;

    /// <summary>Largest slope of a segment before the field against the line to the origin.</summary>
    [Range(1e-6, 10)]
    public double PointingTolerance { get; init; } = 0.02;

    /// <summary>How well slopes must agree with what the field gives: a constant, and a part in GeV times 1/momentum.</summary>
    [Range(1e-9, 10)]
    public double SlopeTolerance { get; init; } = 0.004;

    /// <summary>The part that grows with 1/momentum, GeV.</summary>
    [Range(0, 1e3)]
    public double SlopeScattering { get; init; } = 0.1;

    /// <summary>The same of x, mm, and mm GeV.</summary>
    [Range(1e-6, 1e5)]
    public double PlaceTolerance { get; init; } = 30;

    /// <summary>The part that grows with 1/momentum, mm GeV.</summary>
    [Range(0, 1e6)]
    public double PlaceScattering { get; init; } = 450;

    /// <summary>Largest |q/p|, 1/GeV.</summary>
    [Range(1e-6, 100)]
    public double LargestQOverP { get; init; } = 0.3;

    /// <summary>Candidates of an event that are fitted.</summary>
    [Range(1, 100_000)]
    public int Candidates { get; init; } = 100;

    /// <summary>Planes that a track needs.</summary>
    [Range(5, 255)]
    public int Planes { get; init; } = 13;

    /// <summary>Largest chi-square per degree of freedom of a track.</summary>
    [Range(1e-3, 1e6)]
    public double ChiSquarePerDegree { get; init; } = 6;

    /// <summary>Half of the price of leaving a plane of a track without a cluster, as a square of a residual in errors: a cluster farther
    /// away than its root is not taken.</summary>
    [Range(1e-3, 1e3)]
    public double NonePull { get; init; } = 5;

    /// <summary>A plane that misses a fit by more than this many errors is given up.</summary>
    [Range(1e-3, 1e3)]
    public double OutlierPull { get; init; } = 4;

    /// <summary>The price of none.</summary>
    internal double AlonePrice => NonePull * NonePull;

    /// <summary>What a plane is worth against chi-square, where candidates are compared.</summary>
    [Range(0, 1e6)]
    public double PlaneValue { get; init; } = 9;

    /// <summary>What the weight of a cluster is worth against squared distances in errors, where clusters are assigned.</summary>
    [Range(0, 1e6)]
    public double WeightValue { get; init; } = 4;

    /// <summary>What the squared distance of a cluster's hits from those of a track, in the space that tells tracks apart, costs
    /// there.</summary>
    [Range(0, 1e6)]
    public double SeparationValue { get; init; } = 2;

    /// <summary>Share of a candidate's clusters that a better one may have.</summary>
    [Range(0, 1)]
    public double SharedClusters { get; init; } = 0.5;

    /// <summary>Branches that the combinatorial filter keeps at each plane.</summary>
    [Range(1, 1000)]
    public int Branches { get; init; } = 4;

    /// <summary>How much wider than its errors a candidate's first track is taken to be, where that filter begins.</summary>
    [Range(1, 1e3)]
    public double SeedWidening { get; init; } = 2;

    /// <summary>Hits of an event at most; events with more are refused.</summary>
    [Range(1, 10_000_000)]
    public int MostHits { get; init; } = 20_000;
}
