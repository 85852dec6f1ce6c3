using System.ComponentModel.DataAnnotations;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>From chosen segments to tracks: the longest chains of segments that share hits, then a selection.</summary>
internal static class TrackFinding
{
    /// <summary>The chains that pass the selection.</summary>
    public static IReadOnlyList<SegmentTrack> Follow(CalorimeterFrame frame, ReadOnlySpan<int> shallowerOf, TrackOptions options) =>
        [.. Chains(frame, shallowerOf, options).Where(chain => chain.Status == CalorimeterTrackStatus.Found)];

    /// <summary>Follows chosen segments; every chain of two hits or more has a status that says whether it passes the selection.</summary>
    /// <param name="frame">The hits.</param>
    /// <param name="shallowerOf">Per hit: the hit that it is joined to towards the beam, or -1. No hit may be joined to twice.</param>
    /// <param name="options">The selection.</param>
    public static IReadOnlyList<SegmentTrack> Chains(CalorimeterFrame frame, ReadOnlySpan<int> shallowerOf, TrackOptions options)
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

            chain.Reverse();
            tracks.Add(new([.. chain], chain.Count < options.FewestHits ? CalorimeterTrackStatus.TooShort
                : frame.Energy[last] > options.LastDeposit ? CalorimeterTrackStatus.Found : CalorimeterTrackStatus.NotStopped));
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

/// <summary>Which chains of hits count as tracks.</summary>
internal sealed record TrackOptions
{
    /// <summary>Fewest hits.</summary>
    [Range(1, 500)]
    public int FewestHits { get; init; } = 5;

    /// <summary>The deepest hit must have more than this energy, MeV: a proton that stops leaves much there, one that was absorbed does
    /// not.</summary>
    [Range(0, 1e3)]
    public double LastDeposit { get; init; } = 0.0625;

    /// <summary>Share of the beam particle's hits in the frame that a track must hold to count as correct; 1 for all of them. By default a
    /// fragment counts, as in the published code.</summary>
    [Range(0.0, 1.0)]
    public double Completeness { get; init; }

    /// <summary>Price of a hit that is joined to none towards the beam, where a segment of score p costs 1 - p. By default there is none:
    /// as many hits as possible are joined, however poor their segments.</summary>
    [Range(0, 1e6)]
    public double? UnassignedPrice { get; init; }
}

/// <summary>One track of a frame: a chain of hits, one a layer.</summary>
/// <param name="Hits">Hit numbers from the beam side inwards.</param>
/// <param name="Status">Whether it passes the selection.</param>
internal readonly record struct SegmentTrack(int[] Hits, CalorimeterTrackStatus Status = CalorimeterTrackStatus.Found);
