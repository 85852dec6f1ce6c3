namespace Sagitta.Experiments.Events;

/// <summary>"sagitta simulate calorimeter": passages of protons into a CSV file.</summary>
internal sealed record CalorimeterEventSimulation
{
    /// <summary>Calorimeter file, or the name of the shipped one.</summary>
    public required string Calorimeter { get; init; }
    /// <summary>Where to write: .csv or .csv.gz.</summary>
    public required FilePart Output { get; init; }
    /// <summary>Thickness of the phantom, mm.</summary>
    public required double Phantom { get; init; }
    /// <summary>Number of the first proton.</summary>
    public int First { get; init; }
    /// <summary>Number of protons, each an event.</summary>
    public required int Count { get; init; }
    /// <summary>Seed; with its number it names a proton.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Simulates, writes, and returns the number of rows.</summary>
    public int Run(int threads, IRunProgress progress, CancellationToken stop)
    {
        string name = Output.Whole;
        if (!name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && !name.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadInputException($"'{name}'", "the name does not end in .csv or .csv.gz", "give such a name");
        }

        if (First > int.MaxValue - Count)
        {
            throw new BadInputException("--first", $"{Count} protons from number {First} on go beyond the largest number, {int.MaxValue}",
                $"give {int.MaxValue - Count} or less");
        }

        TrackingCalorimeter calorimeter = TrackingCalorimeterFile.Load(Calorimeter);
        ProtonPlan plan;
        try
        {
            plan = new(calorimeter, Phantom);
        }
        catch (ArgumentException problem)
        {
            throw new BadInputException("--water", problem.Message.Split(" (Parameter")[0]
                .TrimEnd('.'), "give a thickness that fits", problem);
        }

        using WorkerThreads workers = new(threads);
        int rows = 0;
        Output.Write(Count, (file, first, count) =>
        {
            using IStageProgress stage = progress.Begin($"simulate {calorimeter.Name}", count, "protons");
            CalorimeterDeposits deposits = CalorimeterSimulation.Generate(plan, Seed, First + (int)first, (int)count, workers);
            stage.Advance(count);
            stop.ThrowIfCancellationRequested();
            CalorimeterDepositWriter.Write(file, deposits);
            rows = deposits.Count;
        });
        return rows;
    }
}
