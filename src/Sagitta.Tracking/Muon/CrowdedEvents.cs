namespace Sagitta.Tracking.Muon;

/// <summary>
/// Events with more hits or edges than memory is meant for, such as one read out with the wrong threshold: they lose their hits, so that
/// one of them does not cost all others their tracks. Busy events of 80 kHz/cm2 stay far below.
/// </summary>
internal static class CrowdedEvents
{
    /// <summary>Hits of an event at most.</summary>
    public const int MostHits = 20_000;

    /// <summary>Edges of an event's graph at most; each costs about 100 bytes.</summary>
    public const long MostEdges = 2_000_000;

    // Edges of fewer hits need not be counted.
    private const int FewHits = 1_400;

    /// <summary>The events, crowded ones without hits; <paramref name="crowded"/> (one an event) is set for these.</summary>
    public static HitSet Empty(MuonChain chain, HitSet hits, Span<bool> crowded) =>
        Kept(chain, hits, crowded) is { } kept ? hits.Only(kept) : hits;

    /// <summary>The same with labels and truth.</summary>
    public static EventSet Empty(MuonChain chain, EventSet events) =>
        Kept(chain, events.Hits, new bool[events.Count]) is { } kept
            ? events with { Hits = events.Hits.Only(kept), LabelHit = [.. kept.Select(hit => events.LabelHit[hit])] } : events;

    // Null where no event is crowded.
    private static List<int>? Kept(MuonChain chain, HitSet hits, Span<bool> crowded)
    {
        bool any = false;
        for (int e = 0; e < hits.Count; e++)
        {
            int count = hits.Offsets[e + 1] - hits.Offsets[e];
            bool own = count > MostHits || (count > FewHits && hits.HasRoads && chain.Graphs.CountEdges(hits, e) > MostEdges);
            crowded[e] |= own;
            any |= own;
        }

        if (!any)
        {
            return null;
        }

        List<int> kept = [];
        for (int e = 0; e < hits.Count; e++)
        {
            for (int hit = hits.Offsets[e]; !crowded[e] && hit < hits.Offsets[e + 1]; hit++)
            {
                kept.Add(hit);
            }
        }

        return kept;
    }
}
