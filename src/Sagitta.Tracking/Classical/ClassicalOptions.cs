using System.ComponentModel.DataAnnotations;

namespace Sagitta.Tracking.Classical;

/// <summary>Settings of the classical method; tuned on simulated validation events.</summary>
internal sealed record ClassicalOptions
{
    /// <summary>Steepest |dy/dz| of a segment.</summary>
    [Range(1e-3, 100)]
    public double MaximumSlope { get; init; } = 0.6;
    /// <summary>Width in slope of a cell of the Hough transform.</summary>
    [Range(1e-5, 10)]
    public double SlopeCell { get; init; } = 0.008;
    /// <summary>Width in y of a cell, mm.</summary>
    [Range(1e-3, 1e4)]
    public double PositionCell { get; init; } = 2;
    /// <summary>Share of a station's planes that a segment needs.</summary>
    [Range(0.0, 1.0)]
    public double PlaneShare { get; init; } = 0.5;
    /// <summary>Distance in mm within which a cluster belongs to a segment.</summary>
    [Range(1e-6, 1e4)]
    public double SegmentTolerance { get; init; } = 1;
    /// <summary>Segments kept per station, those with the most planes.</summary>
    [Range(1, 10_000)]
    public int SegmentsPerStation { get; init; } = 12;
    /// <summary>Lowest pT in GeV that a pair of segments may have.</summary>
    [Range(1e-3, 1e6)]
    public double MinimumPt { get; init; } = 2.5;
    /// <summary>Distance in mm by which a segment may miss the circle through the slopes of two segments, at high momentum.</summary>
    [Range(0, 1e4)]
    public double MatchTolerance { get; init; } = 8;
    /// <summary>What scattering adds to it, mm GeV: divided by pT.</summary>
    [Range(0, 1e6)]
    public double MatchScattering { get; init; } = 30;
    /// <summary>Candidates of an event that are fitted, best segments first.</summary>
    [Range(1, 100_000)]
    public int CandidatesPerEvent { get; init; } = 32;
    /// <summary>Pull beyond which a plane is removed from a fit.</summary>
    [Range(1e-3, 1e6)]
    public double OutlierPull { get; init; } = 3.5;
    /// <summary>What a plane less costs a candidate in units of chi-square.</summary>
    [Range(0, 1e6)]
    public double PlaneValue { get; init; } = 9;
    /// <summary>Distance in mm from the fitted track within which a strip is taken, beyond the half length of the track's projection in the
    /// gap.</summary>
    [Range(0, 1e4)]
    public double StripWindow { get; init; } = 0.8;
    /// <summary>What scattering adds to it, mm GeV: divided by pT.</summary>
    [Range(0, 1e6)]
    public double StripScattering { get; init; } = 1;

    /// <summary>Settings for a detector to begin a tuning with. Gates that are distances grow with the pitch, with what a plane's
    /// resolution makes of a segment's slope, and with the way to the next station; for toy16 they are the defaults.</summary>
    public static ClassicalOptions For(Detector detector)
    {
        ClassicalOptions usual = new();
        double pitch = detector.Planes.Max(plane => plane.StripPitch);
        double sigma = detector.NominalResolution;
        List<(double Middle, double Arms, double Depth, double Material)> stations = [.. detector.Planes.GroupBy(plane => plane.Station)
            .Where(station => station.Count() > 1)
            .Select(station =>
            {
                double middle = station.Average(plane => plane.Z);
                return (middle, Math.Sqrt(station.Sum(plane => (plane.Z - middle) * (plane.Z - middle))),
                    station.Max(plane => plane.Z) - station.Min(plane => plane.Z), station.Sum(plane => plane.RadiationLengths));
            })];
        if (stations.Count == 0)
        {
            return usual;
        }

        // Of the two stations of toy16: their distance, the root of the sum of a station's squared arms, its depth and its material.
        const double ToyDistance = 2800;
        const double ToyArms = 259.23;
        const double ToyDepth = 280;
        const double ToyMaterial = 0.0733;
        const double ToySigma = 0.1;
        const double Errors = 4;
        double distance = stations.Count > 1 ? stations.Zip(stations.Skip(1), (a, b) => b.Middle - a.Middle).Max() : ToyDistance;
        double slope = stations.Max(station => sigma / station.Arms);
        double cell = Math.Max(usual.PositionCell, 1.5 * pitch);
        double perInversePt = Math.Abs(PhysicalConstants.CurvaturePerTesla * detector.FieldTesla);
        double inversePtError = perInversePt > 0 ? Math.Sqrt(2) * slope / distance / perInversePt : 0;
        double scattering = distance / ToyDistance * Math.Sqrt(stations.Max(station => station.Material) / ToyMaterial);
        return usual with
        {
            MaximumSlope = Round(usual.MaximumSlope + (Errors * slope)),
            SlopeCell = Round(usual.SlopeCell * (cell / usual.PositionCell) * ToyDepth / stations.Max(station => station.Depth)),
            PositionCell = Round(cell),
            SegmentTolerance = Round(Math.Max(usual.SegmentTolerance, pitch)),
            MinimumPt = Round(1 / ((1 / usual.MinimumPt) + (Errors * inversePtError))),
            MatchTolerance = Round(usual.MatchTolerance * distance / ToyDistance * (slope / (ToySigma / ToyArms))),
            MatchScattering = Round(usual.MatchScattering * scattering),
            StripWindow = Round(2 * pitch),
        };
    }

    // To two digits.
    private static double Round(double value) =>
        NumberText.Rounded(value, "E1");
}
