namespace Sagitta.Tracking.Classical;

/// <summary>Settings of the classical method; tuned on simulated validation events.</summary>
internal sealed record ClassicalOptions
{
    /// <summary>Steepest |dy/dz| of a segment.</summary>
    public double MaximumSlope { get; init; } = 0.6;

    /// <summary>Width in slope of a cell of the Hough transform.</summary>
    public double SlopeCell { get; init; } = 0.008;

    /// <summary>Width in y of a cell, mm.</summary>
    public double PositionCell { get; init; } = 2;

    /// <summary>Share of a station's planes that a segment needs.</summary>
    public double PlaneShare { get; init; } = 0.5;

    /// <summary>Distance in mm within which a cluster belongs to a segment.</summary>
    public double SegmentTolerance { get; init; } = 1;

    /// <summary>Segments kept per station, those with the most planes.</summary>
    public int SegmentsPerStation { get; init; } = 12;

    /// <summary>Lowest pT in GeV that a pair of segments may have.</summary>
    public double MinimumPt { get; init; } = 2.5;

    /// <summary>Distance in mm by which a segment may miss the circle through the slopes of two segments, at high momentum.</summary>
    public double MatchTolerance { get; init; } = 8;

    /// <summary>What scattering adds to it, mm GeV: divided by pT.</summary>
    public double MatchScattering { get; init; } = 30;

    /// <summary>Candidates of an event that are fitted, best segments first.</summary>
    public int CandidatesPerEvent { get; init; } = 32;

    /// <summary>Pull beyond which a plane is removed from a fit.</summary>
    public double OutlierPull { get; init; } = 3.5;

    /// <summary>What a plane less costs a candidate in units of chi-square.</summary>
    public double PlaneValue { get; init; } = 9;

    /// <summary>Distance in mm from the fitted track within which a strip is taken, beyond the half length of the track's projection in the
    /// gap.</summary>
    public double StripWindow { get; init; } = 0.8;

    /// <summary>What scattering adds to it, mm GeV: divided by pT.</summary>
    public double StripScattering { get; init; } = 1;
}
