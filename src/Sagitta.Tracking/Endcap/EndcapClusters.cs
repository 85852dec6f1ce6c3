using System.Runtime.InteropServices;

namespace Sagitta.Tracking.Endcap;

/// <summary>The clusters of one event: neighbouring strips of a plane, one missing strip allowed, each strip weighed by charge and by what
/// it is given. Keeps its memory between events.</summary>
/// <param name="geometry">The planes.</param>
internal sealed class EndcapClusters(EndcapGeometry geometry)
{
    // In pitches: one missing strip.
    private const double Reach = 2.5;

    // Length of a muon's trail in a gap, mm: a longer cluster may hold something else at either end, and its ends are clusters too.
    private const double UsualLength = 2.4;
    private readonly double _halfPresence = new ClusterOptions().HalfPresence;
    private readonly List<EndcapCluster> _all = [];
    private readonly int[] _offsets = new int[geometry.Planes.Count + 1];

    /// <summary>All clusters, ordered by plane.</summary>
    public ReadOnlySpan<EndcapCluster> All => CollectionsMarshal.AsSpan(_all);

    /// <summary>Index of the first cluster of each plane, and the total.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    public ReadOnlySpan<EndcapCluster> Of(int plane) => All[_offsets[plane].._offsets[plane + 1]];

    /// <summary>Takes an event's hits.</summary>
    /// <param name="events">Events.</param>
    /// <param name="e">Which.</param>
    /// <param name="weights">Weight of each of its hits; hits of weight 0 are left out. Empty for 1 everywhere.</param>
    public void Take(EndcapEvents events, int e, ReadOnlySpan<double> weights)
    {
        _all.Clear();
        (int begin, int end) = (events.Offsets[e], events.Offsets[e + 1]);
        int hit = begin;
        for (int plane = 0; plane < geometry.Planes.Count; plane++)
        {
            _offsets[plane] = _all.Count;
            double reach = Reach * geometry.Strips.Planes[plane].StripPitch;
            while (hit < end && events.Plane[hit] == plane)
            {
                if (!weights.IsEmpty && weights[hit - begin] == 0)
                {
                    hit++;
                    continue;
                }

                int first = hit;
                int last = hit;
                for (; hit < end && events.Plane[hit] == plane && events.U[hit] - events.U[last] < reach; hit++)
                {
                    last = weights.IsEmpty || weights[hit - begin] > 0 ? hit : last;
                }

                Add(events, begin, first, last + 1, weights);
                if (events.U[last] - events.U[first] > UsualLength)
                {
                    int early = last;
                    while (events.U[early] - events.U[first] > UsualLength)
                    {
                        early--;
                    }

                    int late = first;
                    while (events.U[last] - events.U[late] > UsualLength)
                    {
                        late++;
                    }

                    Add(events, begin, first, early + 1, weights);
                    Add(events, begin, late, last + 1, weights);
                }
            }
        }

        _offsets[^1] = _all.Count;
    }

    private void Add(EndcapEvents events, int begin, int first, int end, ReadOnlySpan<double> weights)
    {
        ClusterSums sums = default;
        double weight = 0;
        for (int hit = first; hit < end; hit++)
        {
            double own = weights.IsEmpty ? 1 : weights[hit - begin];
            if (own > 0)
            {
                sums.Add(events.U[hit] - events.U[first], own * events.Charge[hit]);
                weight += own;
            }
        }

        double presence = weights.IsEmpty ? 1 : weight / (weight + _halfPresence);
        double u = events.U[first] + sums.Mean - geometry.Planes[events.Plane[first]].Offset;
        _all.Add(new(events.Plane[first], first, end, u, sums.Width, sums.Concentration, presence));
    }

    /// <summary>Index of the cluster of a plane that is nearest to u, and its distance; -1 without clusters.</summary>
    public int Nearest(int plane, double u, out double distance)
    {
        int nearest = -1;
        distance = double.PositiveInfinity;
        for (int c = _offsets[plane]; c < _offsets[plane + 1]; c++)
        {
            double own = Math.Abs(_all[c].U - u);
            if (own < distance)
            {
                (nearest, distance) = (c, own);
            }
        }

        return nearest;
    }
}

/// <summary>A cluster of strips.</summary>
/// <param name="Plane">Its plane.</param>
/// <param name="FirstHit">Its first hit among the hits of all events.</param>
/// <param name="EndHit">One after its last hit.</param>
/// <param name="U">Its weighted mean less the offset of its plane, mm.</param>
/// <param name="Width">Variance of its strips about it, mm^2.</param>
/// <param name="Concentration">Sum of squared shares of charge.</param>
/// <param name="Presence">How much it counts: W / (W + w0) of the sum W of its hits' weights, 1 where none are given.</param>
internal readonly record struct EndcapCluster(int Plane, int FirstHit, int EndHit, double U, double Width, double Concentration,
    double Presence)
{
    /// <summary>Whether at least half of its hits are a muon's.</summary>
    public bool IsOf(EndcapEvents events, int muon) => EndcapTrack.IsOf(events, FirstHit, EndHit, muon);

    /// <summary>Variance for a track of slope dy/dz through a gap, mm^2.</summary>
    public double Variance(ClusterResolution resolution, Plane strips, double slope) =>
        resolution.Intrinsic(strips.StripPitch, Concentration, 0)
        + resolution.WithTrack(strips.StripPitch, strips.GapThickness, slope, Width, out _, out _);
}
