using System.Numerics;

namespace Sagitta.Tests.Tracking.Classical;

/// <summary>What <see cref="SegmentFinder"/> computes, without its short cuts: all cells in memory, every cluster looked at, nothing
/// remembered.</summary>
internal sealed class PlainSegmentFinder
{
    private static readonly Comparison<Segment> BestFirst = (a, b) => a.Planes != b.Planes ? b.Planes.CompareTo(a.Planes)
        : a.ChiSquare.CompareTo(b.ChiSquare);

    private readonly ClassicalOptions _options;
    private readonly double[] _z;
    private readonly int _firstPlane;
    private readonly double _middle;
    private readonly int _slopes;
    private readonly int _minimumPlanes;
    private readonly int[] _chosen;
    private readonly double[] _distances;

    public PlainSegmentFinder(Detector detector, int station, ClassicalOptions options)
    {
        _options = options;
        List<double> z = [];
        _firstPlane = -1;
        for (int i = 0; i < detector.Planes.Count; i++)
        {
            if (detector.Planes[i].Station == station)
            {
                _firstPlane = _firstPlane < 0 ? i : _firstPlane;
                z.Add(detector.Planes[i].Z);
            }
        }

        _z = z.ToArray();
        _middle = detector.Planes[detector.MiddlePlane(station)].Z;
        _chosen = new int[_z.Length];
        _distances = new double[_z.Length];
        _slopes = (int)Math.Ceiling(2 * options.MaximumSlope / options.SlopeCell);
        _minimumPlanes = Math.Max(2, (int)Math.Ceiling(options.PlaneShare * _z.Length));
    }

    public IReadOnlyList<Segment> Find(List<StripCluster> clusters)
    {
        List<Segment> segments = [];
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (StripCluster cluster in clusters)
        {
            if (IsHere(cluster))
            {
                low = Math.Min(low, cluster.Y);
                high = Math.Max(high, cluster.Y);
            }
        }

        if (high < low)
        {
            return segments;
        }

        double reach = _options.MaximumSlope * (_z[^1] - _z[0]);
        low -= reach;
        int cells = (int)((high + reach - low) / _options.PositionCell) + 2;
        int length = cells * _slopes;
        ulong[] votes = new ulong[length];
        foreach (StripCluster cluster in clusters)
        {
            if (!IsHere(cluster))
            {
                continue;
            }

            int plane = cluster.Plane - _firstPlane;
            double arm = _z[plane] - _middle;
            for (int k = 0; k < _slopes; k++)
            {
                // To the two nearest cells: a track on a border is not split.
                double cell = ((cluster.Y - (SlopeOf(k) * arm) - low) / _options.PositionCell) - 0.5;
                int below = Math.Clamp((int)Math.Floor(cell), 0, cells - 2);
                votes[(k * cells) + below] |= 1UL << plane;
                votes[(k * cells) + below + 1] |= 1UL << plane;
            }
        }

        for (int wanted = _z.Length; wanted >= _minimumPlanes && segments.Count < 4 * _options.SegmentsPerStation; wanted--)
        {
            for (int v = 0; v < length; v++)
            {
                if (BitOperations.PopCount(votes[v]) == wanted)
                {
                    Refine(clusters, low + (((v % cells) + 0.5) * _options.PositionCell), SlopeOf(v / cells), segments);
                }
            }
        }

        segments.Sort(BestFirst);
        while (segments.Count > _options.SegmentsPerStation)
        {
            segments.RemoveAt(segments.Count - 1);
        }

        return segments;
    }

    private double SlopeOf(int cell) => -_options.MaximumSlope + ((cell + 0.5) * _options.SlopeCell);

    private bool IsHere(StripCluster cluster) => cluster.Plane >= _firstPlane && cluster.Plane < _firstPlane + _z.Length;

    // Nearest clusters, line fit, twice more with the final tolerance; kept if enough planes remain and it is new.
    private void Refine(List<StripCluster> clusters, double y, double slope, List<Segment> segments)
    {
        int[] chosen = _chosen;
        double chiSquare = 0;
        int planes = 0;
        for (int round = 0; round < 3; round++)
        {
            double tolerance = round == 0 ? _options.PositionCell + (_options.SlopeCell * (_z[^1] - _z[0]) / 4) : _options.SegmentTolerance;
            double[] distances = _distances;
            Array.Fill(distances, tolerance);
            Array.Fill(chosen, -1);
            for (int c = 0; c < clusters.Count; c++)
            {
                if (IsHere(clusters[c]))
                {
                    int plane = clusters[c].Plane - _firstPlane;
                    double distance = Math.Abs(clusters[c].Y - y - (slope * (_z[plane] - _middle)));
                    if (distance < distances[plane])
                    {
                        distances[plane] = distance;
                        chosen[plane] = c;
                    }
                }
            }

            double n = 0, sz = 0, szz = 0, sy = 0, szy = 0;
            for (int i = 0; i < chosen.Length; i++)
            {
                if (chosen[i] >= 0)
                {
                    double arm = _z[i] - _middle;
                    n++;
                    sz += arm;
                    szz += arm * arm;
                    sy += clusters[chosen[i]].Y;
                    szy += arm * clusters[chosen[i]].Y;
                }
            }

            planes = (int)n;
            if (planes < _minimumPlanes)
            {
                return;
            }

            slope = ((n * szy) - (sz * sy)) / ((n * szz) - (sz * sz));
            y = (sy - (slope * sz)) / n;
            chiSquare = 0;
            for (int i = 0; i < chosen.Length; i++)
            {
                if (chosen[i] >= 0)
                {
                    double residual = clusters[chosen[i]].Y - y - (slope * (_z[i] - _middle));
                    chiSquare += residual * residual;
                }
            }
        }

        foreach (Segment known in segments)
        {
            if (known.Clusters.AsSpan().SequenceEqual(chosen))
            {
                return;
            }
        }

        Segment segment = new(_z.Length);
        segment.Y = y;
        segment.Slope = slope;
        segment.Planes = planes;
        segment.ChiSquare = chiSquare;
        chosen.CopyTo(segment.Clusters, 0);
        segments.Add(segment);
    }
}
