namespace Sagitta.Tests.Physics.Simulation;

/// <summary>Deposits of simulated muons without the digitiser: what is compared with Geant4.</summary>
internal static class SimulatedDeposits
{
    /// <summary>Simulates without digitising: what is compared with Geant4.</summary>
    public static DepositSet Generate(Detector detector, VertexOptions options, ulong seed, long first, int count)
    {
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
