namespace Sagitta.Tracking.Tracks;

/// <summary>Work over all events of a set, some after another at a time, each thread with memory of its own.</summary>
internal static class EventChunks
{
    /// <summary>Calls <paramref name="work"/> with a thread's memory, the first event of a chunk and their number.</summary>
    public static void Run<TMemory>(WorkerThreads threads, int events, int size, Func<TMemory> memory, Action<TMemory, int, int> work)
        where TMemory : class, IDisposable
    {
        TMemory[] own = [.. Enumerable.Range(0, threads.Count).Select(_ => memory())];
        try
        {
            Run(threads, events, size, own, work);
        }
        finally
        {
            own.DisposeAll();
        }
    }

    /// <summary>The same with memory that the caller keeps, one a thread: whoever comes again and again does not page it in each
    /// time.</summary>
    public static void Run<TMemory>(WorkerThreads threads, int events, int size, TMemory[] own, Action<TMemory, int, int> work) =>
        threads.Run((events + size - 1) / size, (chunk, worker) =>
            work(own[worker], chunk * size, Math.Min(size, events - (chunk * size))));
}
