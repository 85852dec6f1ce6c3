using Sagitta.Autodiff.Parallelism;
using Sagitta.Autodiff.Randomness;
using Sagitta.Physics.Deposits;
using Sagitta.Physics.Detectors;
using Sagitta.Physics.Digitisation;
using Sagitta.Physics.Events;

namespace Sagitta.Physics.Simulation;

/// <summary>Simulated events: muons through the detector, then the digitiser that imported deposits go through too.</summary>
public static class MuonSimulation
{
    private const int EventsPerChunk = 64;
    private const int ChunksPerThread = 8;

    /// <summary>Simulates and digitises the events first .. first + count - 1; each depends on seed and number alone.</summary>
    public static EventSet Generate(Detector detector, SimulationOptions options, ulong seed, long first, int count, WorkerThreads? workers = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var events = new EventSetBuilder(detector.Planes.Count, detector.StationCount);
        RandomKey root = RandomKey.FromSeed(seed);
        int threads = workers?.Count ?? 1;
        SimulationChunk[] chunks = [.. Enumerable.Range(0, threads).Select(_ => new SimulationChunk(detector, options))];
        EventSetBuilder[] results = [.. Enumerable.Range(0, threads * ChunksPerThread).Select(_ => new EventSetBuilder(detector.Planes.Count, detector.StationCount))];
        for (long wave = 0; wave < count; wave += (long)results.Length * EventsPerChunk)
        {
            long begin = wave;
            int inWave = (int)Math.Min(results.Length, (count - wave + EventsPerChunk - 1) / EventsPerChunk);
            void Work(int chunk, int worker)
            {
                long from = begin + ((long)chunk * EventsPerChunk);
                int size = (int)Math.Min(EventsPerChunk, count - from);
                chunks[worker].Generate(root, first + from, size, results[chunk]);
            }

            if (workers is null)
            {
                for (int chunk = 0; chunk < inWave; chunk++)
                {
                    Work(chunk, 0);
                }
            }
            else
            {
                workers.Run(inWave, Work);
            }

            for (int chunk = 0; chunk < inWave; chunk++)
            {
                events.Append(results[chunk]);
            }
        }

        return events.Build(detector.Name, "simulation", DepositDigitisation.FluxOf(options.Digitisation), options.Digitisation.Smear);
    }

    /// <summary>Simulates without digitising: what is compared with Geant4.</summary>
    public static DepositSet GenerateDeposits(Detector detector, VertexOptions options, ulong seed, long first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var transport = new MuonTransport(detector, options);
        var deposits = new DepositSet(detector.Planes.Count);
        RandomKey root = RandomKey.FromSeed(seed);
        for (long number = first; number < first + count; number++)
        {
            transport.Simulate(number, root, deposits);
        }

        return deposits;
    }

    /// <summary>
    /// Simulates the muons of another set, each <paramref name="copies"/> times, numbered in order: the same vertices, other chances.
    /// </summary>
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
}
