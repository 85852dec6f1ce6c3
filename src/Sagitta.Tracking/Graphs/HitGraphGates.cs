namespace Sagitta.Tracking.Graphs;

/// <summary>
/// The plane pairs of a detector that are linked, with their windows. What is known of a track before reconstruction are the
/// road centres r_s: their straight-line fit predicts a slope m. A track of curvature kappa leaves that line's slope by at most
/// kappa |z_s - z_mean| in station s, and m itself has the error of the fit; both widen the window |dy - m dz| &lt; w dz.
/// </summary>
internal sealed class HitGraphGates
{
    /// <summary>Unit of slopes among the features.</summary>
    internal const double SlopeScale = 0.1;

    // Units of offsets across stations and of distances in z, mm.
    internal const double RoadScale = 50;
    internal const double DistanceScale = 80;
    private readonly PlaneLink[][] _links;
    private readonly double _curvature;
    private readonly double _slopeError;

    /// <summary>Gates for a detector.</summary>
    public HitGraphGates(Detector detector, HitGraphOptions options)
    {
        Detector = detector;
        int stations = detector.StationCount;
        StationZ = new double[stations];
        double mean = 0;
        for (int s = 0; s < stations; s++)
        {
            StationZ[s] = detector.Planes[detector.MiddlePlane(s)].Z;
            mean += StationZ[s] / stations;
        }

        double spread = 0;
        foreach (double z in StationZ)
        {
            spread += (z - mean) * (z - mean);
        }

        MeanZ = mean;
        SpreadZ = spread;
        _curvature = 0.299792458e-3 * detector.FieldTesla / options.MinimumPt;
        _slopeError = options.RoadWidths * (spread > 0 ? options.RoadSigma / Math.Sqrt(spread) : 0.5);
        _links = new PlaneLink[detector.Planes.Count][];
        for (int i = 0; i < _links.Length; i++)
        {
            _links[i] = [.. LinksOf(i, options)];
        }
    }

    /// <summary>The detector.</summary>
    public Detector Detector { get; }

    /// <summary>z of each station's middle plane, where its road centre is defined, mm.</summary>
    internal double[] StationZ { get; }

    /// <summary>Mean of <see cref="StationZ"/>.</summary>
    internal double MeanZ { get; }

    /// <summary>Sum of squared distances of <see cref="StationZ"/> from their mean.</summary>
    internal double SpreadZ { get; }

    /// <summary>Links of one plane, ordered by the other plane.</summary>
    internal ReadOnlySpan<PlaneLink> Links(int plane) => _links[plane];

    /// <summary>Largest difference between the slope of a track in a station and the road's.</summary>
    internal double SlopeWindow(int station) => (_curvature * Math.Abs(StationZ[station] - MeanZ)) + _slopeError;

    /// <summary>Slope of the straight line through the road centres of an event.</summary>
    internal double RoadSlope(ReadOnlySpan<float> roadCentres)
    {
        if (!(SpreadZ > 0))
        {
            return 0;
        }

        double sum = 0;
        for (int s = 0; s < roadCentres.Length; s++)
        {
            sum += (StationZ[s] - MeanZ) * roadCentres[s];
        }

        return sum / SpreadZ;
    }

    private IEnumerable<PlaneLink> LinksOf(int plane, HitGraphOptions options)
    {
        Plane own = Detector.Planes[plane];
        int rank = RankOf(plane);
        for (int other = 0; other < Detector.Planes.Count; other++)
        {
            Plane its = Detector.Planes[other];
            double deltaZ = its.Z - own.Z;
            double strips = (own.StripPitch + its.StripPitch) / 2;
            if (other == plane)
            {
                if (options.SamePlaneStrips > 0)
                {
                    yield return new(other, 0, (options.SamePlaneStrips + 0.5) * own.StripPitch, LinkKind.SamePlane, 0, 0);
                }
            }
            else if (its.Station == own.Station)
            {
                if (Math.Abs(other - plane) <= options.PlaneReach)
                {
                    yield return new(other, deltaZ, (SlopeWindow(own.Station) * Math.Abs(deltaZ)) + strips, LinkKind.SameStation,
                        1 / (deltaZ * SlopeScale), (float)(deltaZ / DistanceScale));
                }
            }
            else if (Math.Abs(its.Station - own.Station) == 1 && options.CrossStationStride > 0
                && rank == RankOf(other) && rank % options.CrossStationStride == 0)
            {
                // Two hits of the muon differ from the road's prediction by the two road errors only.
                double window = options.RoadWidths * options.RoadSigma * Math.Sqrt(2);
                yield return new(other, deltaZ, window + strips, LinkKind.AcrossStations, Math.Sign(deltaZ) / (2 * RoadScale),
                    Math.Sign(deltaZ));
            }
        }
    }

    private int RankOf(int plane)
    {
        int rank = 0;
        while (plane - rank > 0 && Detector.Planes[plane - rank - 1].Station == Detector.Planes[plane].Station)
        {
            rank++;
        }

        return rank;
    }
}
