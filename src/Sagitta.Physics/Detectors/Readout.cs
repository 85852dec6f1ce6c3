namespace Sagitta.Physics.Detectors;

/// <summary>How strips turn drifting electrons into hits; the same for all planes of a detector. Every default is our choice.</summary>
internal sealed record Readout
{
    /// <summary>Charge below which a strip does not fire, in primary electrons before gain.</summary>
    public double Threshold { get; init; } = 2;

    /// <summary>
    /// Shape k of the single-electron gain, a Gamma (Polya) law with relative variance 1/k and k = theta + 1; 1 is the exponential law.
    /// </summary>
    public int GainShape { get; init; } = 2;

    /// <summary>Fraction of a strip's charge that each neighbour gets by capacitive coupling.</summary>
    public double NeighbourCoupling { get; init; } = 0.1;

    /// <summary>Fraction of strips that never fire; which ones is drawn anew in each event, as are the strip phases.</summary>
    public double DeadStrips { get; init; } = 0.005;

    /// <summary>Gaussian error of a hit's time, ns.</summary>
    public double TimeResolution { get; init; } = 5;

    /// <summary>Length of the window of crossing times that is read out, ns; the muon crosses in its middle.</summary>
    public double Window { get; init; } = 200;

    /// <summary>Length of the strips along x, m: with the road it sets the area that background falls on.</summary>
    public double StripLength { get; init; } = 1;

    /// <summary>Half-width of the road, mm: strips further from their station's road centre are not read out.</summary>
    public double RoadHalfWidth { get; init; } = 150;

    /// <summary>Gaussian error of a road centre about the muon's y at the station's middle plane, mm.</summary>
    public double RoadResolution { get; init; } = 40;
}
