namespace Sagitta.Tracking.LineGraphs;

/// <summary>From chosen segments to tracks: the longest chains of segments that share hits, then a selection.</summary>
internal static class TrackFinding
{
    /// <summary>Follows chosen segments.</summary>
    /// <param name="frame">The hits.</param>
    /// <param name="shallowerOf">Per hit: the hit that it is joined to towards the beam, or -1. No hit may be joined to twice.</param>
    /// <param name="options">The selection.</param>
    public static IReadOnlyList<SegmentTrack> Follow(CalorimeterFrame frame, ReadOnlySpan<int> shallowerOf, TrackOptions options)
    {
        bool[] joined = new bool[frame.Count];
        foreach (int hit in shallowerOf)
        {
            if (hit >= 0)
            {
                joined[hit] = true;
            }
        }

        List<SegmentTrack> tracks = [];
        List<int> chain = [];
        for (int last = 0; last < frame.Count; last++)
        {
            if (joined[last] || shallowerOf[last] < 0)
            {
                continue;
            }

            chain.Clear();
            for (int hit = last; hit >= 0; hit = shallowerOf[hit])
            {
                chain.Add(hit);
            }

            if (chain.Count >= options.FewestHits && frame.Energy[last] > options.LastDeposit)
            {
                chain.Reverse();
                tracks.Add(new([.. chain]));
            }
        }

        return tracks;
    }

    /// <summary>The hit that each hit is joined to, from the chosen segment of each hit (-1 for none).</summary>
    public static void Join(SegmentGraph graph, ReadOnlySpan<int> segmentOfHit, Span<int> shallowerOf)
    {
        for (int hit = 0; hit < segmentOfHit.Length; hit++)
        {
            shallowerOf[hit] = segmentOfHit[hit] < 0 ? -1 : graph.Shallower[segmentOfHit[hit]];
        }
    }
}
