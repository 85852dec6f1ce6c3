namespace Sagitta.Tracking.Muon;

/// <summary>
/// Roads of events that come without: where the track of the classical method passes the middle of each station. Where it finds none, the
/// middle between a station's outermost hits. Hits outside the roads are left out, as a trigger's read-out would do.
/// </summary>
internal static class RoadSearch
{
    /// <summary>The hits in roads that are found from them alone.</summary>
    public static HitSet Find(MuonChain chain, HitSet hits, WorkerThreads threads) => Find(chain, hits, threads, out _);

    /// <summary>The same with labels and truth.</summary>
    public static EventSet Find(MuonChain chain, EventSet events, WorkerThreads threads)
    {
        HitSet hits = Find(chain, events.Hits, threads, out List<int> kept);
        return events with { Hits = hits, LabelHit = [.. kept.Select(hit => events.LabelHit[hit])] };
    }

    private static HitSet Find(MuonChain chain, HitSet hits, WorkerThreads threads, out List<int> kept)
    {
        Detector detector = chain.Detector;
        int stations = detector.StationCount;
        double[] weights = chain.ClassicalWeights(hits, threads);
        float[] centres = new float[hits.Count * stations];
        for (int e = 0; e < hits.Count; e++)
        {
            Span<float> own = centres.AsSpan(e * stations, stations);
            Place(detector, hits, e, weights, own);
            for (int station = 0; station < own.Length && hits.RoadCentre.Length > 0; station++)
            {
                // A road that the user knows stays.
                float given = hits.RoadCentre[(e * stations) + station];
                own[station] = float.IsFinite(given) ? given : own[station];
            }
        }

        return Within(hits with { RoadCentre = centres }, hits.RoadCentre, out kept);
    }

    private static void Place(Detector detector, HitSet hits, int e, double[] weights, Span<float> centres)
    {
        centres.Fill(float.NaN);
        for (int station = 0; station < centres.Length; station++)
        {
            double middle = detector.Planes[detector.MiddlePlane(station)].Z;
            double n = 0, sz = 0, szz = 0, sy = 0, szy = 0;
            double low = double.PositiveInfinity;
            double high = double.NegativeInfinity;
            for (int hit = hits.Offsets[e]; hit < hits.Offsets[e + 1]; hit++)
            {
                Plane plane = detector.Planes[hits.Plane[hit]];
                if (plane.Station == station)
                {
                    double z = plane.Z - middle;
                    n += weights[hit];
                    sz += weights[hit] * z;
                    szz += weights[hit] * z * z;
                    sy += weights[hit] * hits.Y[hit];
                    szy += weights[hit] * z * hits.Y[hit];
                    low = Math.Min(low, hits.Y[hit]);
                    high = Math.Max(high, hits.Y[hit]);
                }
            }

            double spread = (n * szz) - (sz * sz);
            if (n > 0)
            {
                centres[station] = (float)(spread > 0 ? ((szz * sy) - (sz * szy)) / spread : sy / n);
            }
            else if (low <= high)
            {
                centres[station] = (float)((low + high) / 2);
            }
        }

        // A station without hits has its road where the nearest other one has it.
        for (int station = 0; station < centres.Length; station++)
        {
            for (int away = 1; float.IsNaN(centres[station]) && away < centres.Length; away++)
            {
                centres[station] = station >= away && !float.IsNaN(centres[station - away]) ? centres[station - away]
                    : station + away < centres.Length ? centres[station + away] : float.NaN;
            }

            centres[station] = float.IsNaN(centres[station]) ? 0 : centres[station];
        }
    }

    // An event whose roads were given keeps its hits, whatever comes with it.
    private static HitSet Within(HitSet hits, float[] given, out List<int> kept)
    {
        double halfWidth = hits.Detector.Readout.RoadHalfWidth;
        int stations = hits.Detector.StationCount;
        kept = new(hits.HitCount);
        for (int e = 0; e < hits.Count; e++)
        {
            ReadOnlySpan<float> roads = hits.RoadsOf(e);
            bool own = given.Length > 0
                && !given.AsSpan(e * stations, stations).ContainsAnyExceptInRange(float.MinValue, float.MaxValue);
            for (int hit = hits.Offsets[e]; hit < hits.Offsets[e + 1]; hit++)
            {
                if (own || Math.Abs(hits.Y[hit] - roads[hits.Detector.Planes[hits.Plane[hit]].Station]) <= halfWidth)
                {
                    kept.Add(hit);
                }
            }
        }

        return hits.Only(kept);
    }
}
