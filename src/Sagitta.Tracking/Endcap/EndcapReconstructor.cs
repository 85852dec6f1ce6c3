namespace Sagitta.Tracking.Endcap;

/// <summary>All events of a sample to tracks, by one of the methods. Results do not depend on the number of threads.</summary>
internal static class EndcapReconstructor
{
    public const string Truth = "truth";
    public const string Classical = "classical";

    /// <summary>The tracks of each event that a model finds, or without one the classical method.</summary>
    public static IReadOnlyList<EndcapTrack>[] Reconstruct(
        EndcapReconstruction chain, EndcapEvents events, EndcapNetwork? model, WorkerThreads threads, CancellationToken stop = default)
    {
        EndcapMemory[] memories = [.. Enumerable.Range(0, threads.Count).Select(_ => new EndcapMemory(chain, model))];
        try
        {
            return Reconstruct(memories, events, 0, events.Count, threads, stop);
        }
        finally
        {
            memories.DisposeAll();
        }
    }

    /// <summary>The same of some of the events, with memory that the caller keeps, one a thread.</summary>
    public static IReadOnlyList<EndcapTrack>[] Reconstruct(
        EndcapMemory[] memories, EndcapEvents events, int first, int count, WorkerThreads threads, CancellationToken stop)
    {
        IReadOnlyList<EndcapTrack>[] tracks = new IReadOnlyList<EndcapTrack>[count];
        EventChunks.Run(threads, count, 1, memories, (memory, e, _) =>
        {
            stop.ThrowIfCancellationRequested();
            tracks[e] = memory.Reconstruct(events, first + e);
        });
        return tracks;
    }

    /// <summary>The tracks of all events where each rank finds those of its share.</summary>
    public static IReadOnlyList<EndcapTrack>[] Shared(
        Ranks ranks, EndcapEvents events, Func<EndcapEvents, IReadOnlyList<EndcapTrack>[]> find)
    {
        if (ranks.IsAlone)
        {
            return find(events);
        }

        Range share = ranks.ShareOf(events.Count);
        EndcapEvents own = events.Slice(share);
        EndcapTrack[][] tracks = new EndcapTrack[events.Count][];
        EndcapTrack Moved(EndcapTrack track, int by) => track with { Hits = [.. track.Hits.Select(h => (h.First + by, h.End + by))] };

        // Numbers of hits count from the event's first while they travel: a job does not know what comes before its part.
        find(own).Select((found, e) => found.Select(track => Moved(track, -own.Offsets[e])).ToArray()).ToArray()
            .CopyTo(tracks, share.Start.Value);
        ranks.GatherShares(tracks);
        return [.. tracks.Select((found, e) => found.Select(track => Moved(track, events.Offsets[e])).ToArray())];
    }

    /// <summary>The tracks of the hits of each true muon: what a perfect choice of hits gives.</summary>
    public static IReadOnlyList<EndcapTrack>[] Follow(EndcapReconstruction chain, EndcapEvents events, WorkerThreads threads)
    {
        IReadOnlyList<EndcapTrack>[] tracks = new IReadOnlyList<EndcapTrack>[events.Count];
        EventChunks.Run(threads, events.Count, 1, () => new EndcapMemory(chain, null), (memory, e, _) =>
        {
            TrackState[] muons = events.MuonsOf(e).ToArray();
            tracks[e] = [.. muons.Select((muon, m) => memory.Tracker.Follow(
                events, e, m, Array.ConvertAll(events.Label[events.HitsOf(e)], label => label == m ? 1.0 : 0), muon))];
        });
        return tracks;
    }
}

/// <summary>What a thread needs from hits to tracks.</summary>
internal sealed class EndcapMemory : IDisposable
{
    private readonly EndcapReconstruction _chain;
    private readonly EndcapScores? _scores;
    private readonly EndcapKalmanTracker? _classical;

    public EndcapMemory(EndcapReconstruction chain, EndcapNetwork? model)
    {
        (_chain, Tracker) = (chain, new(chain));
        _scores = model is null ? null : new(chain, model);
        _classical = model is null ? new(chain) : null;
    }

    public EndcapTracker Tracker { get; }

    public IReadOnlyList<EndcapTrack> Reconstruct(EndcapEvents events, int e) =>
        _classical is not null ? _classical.Reconstruct(events, e)
        : Tracker.Reconstruct(events, e, EndcapTracker.Refusal(events, e, _chain.Search) is null
            ? _scores!.Weights(Tracker, events, e) : []);

    public void Dispose() => _scores?.Dispose();
}
