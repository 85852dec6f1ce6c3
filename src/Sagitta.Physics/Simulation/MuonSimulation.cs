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

    /// <summary>Simulates and digitises the events first .. first + count - 1; each depends on seed and number alone.</summary>
    public static EventSet Generate(Detector detector, SimulationOptions options, ulong seed, long first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var transport = new MuonTransport(detector, options.Vertex);
        var digitiser = new Digitiser(detector, options.Digitisation);
        var builder = new EventSetBuilder(detector.Planes.Count, detector.StationCount);
        var deposits = new DepositSet(detector.Planes.Count);
        RandomKey root = RandomKey.FromSeed(seed);
        for (long number = first; number < first + count; number += EventsPerChunk)
        {
            deposits.Clear();
            for (long n = number; n < Math.Min(number + EventsPerChunk, first + count); n++)
            {
                transport.Simulate(n, root, deposits);
            }

            for (int i = 0; i < deposits.Count; i++)
            {
                digitiser.Digitise(deposits, i, root, builder);
            }
        }

        return builder.Build(detector.Name, "simulation", DepositDigitisation.FluxOf(options.Digitisation), options.Digitisation.Smear);
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
}
