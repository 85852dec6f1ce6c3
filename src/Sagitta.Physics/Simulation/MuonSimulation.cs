namespace Sagitta.Physics.Simulation;

/// <summary>Simulated events: muons through the detector, then the digitiser that imported deposits go through too.</summary>
internal static class MuonSimulation
{
    private const int EventsPerChunk = 64;
    private const int ChunksPerThread = 8;

    /// <summary>Simulates and digitises the events first .. first + count - 1; each depends on seed and number alone.</summary>
    public static EventSet Generate(Detector detector, SimulationOptions options, ulong seed, long first, int count,
        WorkerThreads? workers = null)
    {
        var events = new EventSetBuilder(detector.Planes.Count, detector.StationCount);
        if (workers is null or { Count: 1 })
        {
            // One thread needs no pieces to put together.
            ArgumentOutOfRangeException.ThrowIfNegative(first);
            ArgumentOutOfRangeException.ThrowIfNegative(count);
            var chunk = new SimulationChunk(detector, options);
            RandomKey root = RandomKey.FromSeed(seed);
            for (int begin = 0; begin < count; begin += EventsPerChunk)
            {
                chunk.Generate(root, first + begin, Math.Min(EventsPerChunk, count - begin), events);
                events.ReserveFor(count);
            }
        }
        else
        {
            Stream(detector, options, seed, first, count, events.Append, workers);
        }

        return events.Build(detector, "simulation", DepositDigitisation.FluxOf(options.Digitisation), options.Digitisation.Smear);
    }

    /// <summary>The same for any number of events in memory that does not grow with it: pieces are handed over in order, one at a time, on
    /// a thread of the pool while the next events are made; what the receiver does not copy is overwritten later.</summary>
    public static void Stream(
        Detector detector, SimulationOptions options, ulong seed, long first, long count, Action<EventSetBuilder> receive,
            WorkerThreads? workers = null, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        RandomKey root = RandomKey.FromSeed(seed);
        int threads = workers?.Count ?? 1;
        SimulationChunk[] chunks = [.. Enumerable.Range(0, threads).Select(_ => new SimulationChunk(detector, options))];
        EventSetBuilder[] results = Builders(detector, threads * ChunksPerThread);
        EventSetBuilder[] others = threads > 1 ? Builders(detector, results.Length) : results;
        Task handing = Task.CompletedTask;
        try
        {
            for (long begin = 0; begin < count; begin += (long)results.Length * EventsPerChunk)
            {
                stop.ThrowIfCancellationRequested();
                int inWave = (int)Math.Min(results.Length, (count - begin + EventsPerChunk - 1) / EventsPerChunk);
                Make(workers, inWave, chunks, results, root, first, begin, count);
                handing.GetAwaiter().GetResult();
                if (threads == 1)
                {
                    HandOver(results, inWave, receive);
                }
                else
                {
                    EventSetBuilder[] made = results;
                    handing = Task.Run(() => HandOver(made, inWave, receive), CancellationToken.None);
                    (results, others) = (others, results);
                }
            }
        }
        finally
        {
            // Nobody may still be reading when the caller goes on, whatever ended the run.
            Task.WaitAny([handing], CancellationToken.None);
        }

        handing.GetAwaiter().GetResult();
    }

    /// <summary>Simulates the muons of another set, each <paramref name="copies"/> times, numbered in order: the same vertices, other
    /// chances.</summary>
    public static DepositSet SimulateVertices(Detector detector, DepositSet vertices, int copies, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(copies);
        var transport = new MuonTransport(detector, new());
        var deposits = new DepositSet(detector.Planes.Count);
        RandomKey root = RandomKey.FromSeed(seed);
        long number = 0;
        for (int copy = 0; copy < copies; copy++)
        {
            for (int i = 0; i < vertices.Count; i++)
            {
                transport.Simulate(number++, vertices.Truth(i), root, deposits);
            }
        }

        return deposits;
    }

    private static EventSetBuilder[] Builders(Detector detector, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new EventSetBuilder(detector.Planes.Count, detector.StationCount))];

    // Chunk c has the events begin + c EventsPerChunk and so on, up to the run's count, whichever thread makes it.
    private static void Make(WorkerThreads? workers, int chunkCount, SimulationChunk[] chunks, EventSetBuilder[] results, RandomKey root,
        long first, long begin, long count)
    {
        void Work(int chunk, int worker)
        {
            long from = begin + ((long)chunk * EventsPerChunk);
            results[chunk].Clear();
            chunks[worker].Generate(root, first + from, (int)Math.Min(EventsPerChunk, count - from), results[chunk]);
        }

        if (workers is null)
        {
            for (int chunk = 0; chunk < chunkCount; chunk++)
            {
                Work(chunk, 0);
            }
        }
        else
        {
            workers.Run(chunkCount, Work);
        }
    }

    private static void HandOver(EventSetBuilder[] pieces, int count, Action<EventSetBuilder> receive)
    {
        for (int i = 0; i < count; i++)
        {
            receive(pieces[i]);
        }
    }
}

/// <summary>Simulates and digitises runs of events with reused memory: one a thread.</summary>
internal sealed class SimulationChunk(Detector detector, SimulationOptions options)
{
    private readonly MuonTransport _transport = new(detector, options.Vertex);
    private readonly Digitiser _digitiser = new(detector, options.Digitisation);
    private readonly DepositSet _deposits = new(detector.Planes.Count);

    /// <summary>Adds the events first .. first + count - 1.</summary>
    public void Generate(RandomKey root, long first, int count, EventSetBuilder events)
    {
        _deposits.Clear();
        for (long number = first; number < first + count; number++)
        {
            _transport.Simulate(number, root, _deposits);
        }

        for (int i = 0; i < _deposits.Count; i++)
        {
            _digitiser.Digitise(_deposits, i, root, events);
        }
    }
}

/// <summary>What is simulated.</summary>
internal sealed record SimulationOptions
{
    /// <summary>Muons.</summary>
    public VertexOptions Vertex { get; init; } = new();
    /// <summary>Background and digitiser.</summary>
    public DigitisationOptions Digitisation { get; init; } = new();
}
