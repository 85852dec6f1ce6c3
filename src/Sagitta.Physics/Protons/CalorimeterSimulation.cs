namespace Sagitta.Physics.Protons;

/// <summary>Simulated passages of protons through a tracking calorimeter: what <see cref="CalorimeterDepositReader"/> reads of other
/// simulations.</summary>
internal static class CalorimeterSimulation
{
    private const int ProtonsPerChunk = 256;

    /// <summary>Simulates the protons first .. first + count - 1, one an event; each depends on seed and number alone, not on threads or on
    /// the protons beside it.</summary>
    public static CalorimeterDeposits Generate(ProtonPlan plan, ulong seed, int first, int count, WorkerThreads? workers = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        RandomKey root = RandomKey.FromSeed(seed).Split("protons");
        ProtonTransport[] transports = [.. Enumerable.Range(0, workers?.Count ?? 1).Select(_ => new ProtonTransport(plan))];
        CalorimeterDepositList[] chunks = [.. Enumerable.Range(0, (int)((count + ProtonsPerChunk - 1L) / ProtonsPerChunk))
            .Select(_ => new CalorimeterDepositList())];
        void Work(int chunk, int worker)
        {
            int end = (int)Math.Min(count, (chunk + 1L) * ProtonsPerChunk);
            for (int i = chunk * ProtonsPerChunk; i < end; i++)
            {
                transports[worker].Simulate(first + i, root, chunks[chunk]);
            }
        }

        if (workers is null)
        {
            for (int chunk = 0; chunk < chunks.Length; chunk++)
            {
                Work(chunk, 0);
            }
        }
        else
        {
            workers.Run(chunks.Length, Work);
        }

        CalorimeterDepositList all = new();
        foreach (CalorimeterDepositList chunk in chunks)
        {
            all.Append(chunk);
        }

        return all.ToDeposits();
    }
}
