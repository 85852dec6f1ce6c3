using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Events;

/// <summary>"sagitta simulate": events into a file, any number of them in little memory.</summary>
internal sealed record EventSimulation
{
    private const long MostInTables = 1_000_000;

    /// <summary>Detector file, or name of a shipped one.</summary>
    public required string Detector { get; init; }
    /// <summary>Where to write: .npz, or another table for a pair, which is not written in parts.</summary>
    public required FilePart Output { get; init; }
    /// <summary>Number of the first event.</summary>
    public long First { get; init; }
    public required long Count { get; init; }
    /// <summary>Seed; with its number it names an event.</summary>
    public required ulong Seed { get; init; }
    /// <summary>YAML file of simulation options, or null for the defaults.</summary>
    public string? Configuration { get; init; }
    /// <summary>Overrides of the configuration: "digitisation.smear=0.1".</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Simulates and writes. A stop leaves no file.</summary>
    public EventCounts Run(int threads, IRunProgress progress, CancellationToken stop)
    {
        bool tables = EventOutput.IsTables(Output.Whole);
        if (tables && Output.Command is not null)
        {
            throw new BadInputException($"'{Output.Whole}'", "a pair of tables is not written in parts", "give a name that ends in .npz");
        }

        long most = tables ? MostInTables : long.MaxValue;
        if (Count > most)
        {
            throw new BadInputException("--events", $"{Count} events are too many for tables, which are written from memory",
                $"give {most} or less, or a name that ends in .npz");
        }

        if (First > long.MaxValue - Count)
        {
            throw new BadInputException("--first", $"{Count} events from number {First} on go beyond the largest number, {long.MaxValue}",
                $"give {long.MaxValue - Count} or less");
        }

        Detector detector = DetectorFile.Load(Detector);
        SimulationOptions options = Configuration is null
            ? ConfigurationFile.Defaults<SimulationOptions>(Settings)
            : ConfigurationFile.Load<SimulationOptions>(Configuration, Settings);
        using WorkerThreads workers = new(threads);
        using IStageProgress stage = progress.Begin($"simulate {detector.Name}", Count, "events");
        if (tables)
        {
            // Tables are for small samples to look at: written from memory.
            EventSet events = MuonSimulation.Generate(detector, options, Seed, First, checked((int)Count), workers);
            stop.ThrowIfCancellationRequested();
            EventOutput.Write(Output.File, events);
            stage.Advance(Count);
            return new(Output.File, Count, events.HitCount);
        }

        EventSet shape = MuonSimulation.Generate(detector, options, Seed, First, 0);
        string settings = $"Sagitta {RunSummary.Version}, seed {Seed}, events from {First}. Options:\n{ConfigurationFile.Write(options)}";
        EventCounts counts = new(Output.File, 0, 0);
        Output.Write(Count, (file, first, count) =>
        {
            using EventWriter writer = new(file, shape, settings);
            long hits = 0;
            void Write(EventSetBuilder piece)
            {
                writer.Append(piece);
                hits += piece.HitCount;
                stage.Advance(piece.Count);
            }

            MuonSimulation.Stream(detector, options, Seed, First + first, count, Write, workers, stop);
            writer.Commit();
            counts = new(file, count, hits);
        });
        return counts;
    }
}

/// <summary>What was written to an event file.</summary>
/// <param name="File">The file.</param>
/// <param name="Events">Events.</param>
/// <param name="Hits">Hits of all events.</param>
internal sealed record EventCounts(string File, long Events, long Hits)
{
    public JsonObject ToJson() => new() { ["file"] = File, ["events"] = Events, ["hits"] = Hits };

    /// <summary>"10000 events with 1712345 hits in events.npz".</summary>
    public override string ToString() => $"{Events} events with {Hits} hits in {File}";
}

/// <summary>Writes events where the user asked for them: an NPZ archive, or two tables.</summary>
internal static class EventOutput
{
    /// <summary>Whether the name asks for tables; a name that asks for nothing known is bad input.</summary>
    public static bool IsTables(string path)
    {
        TableFile.CheckName(path);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npz" => false,
            ".gz" => throw new BadInputException($"'{path}'", "a pair of tables is not zipped", "give a name that ends in .csv"),
            "" => throw new BadInputException($"'{path}'", "events do not go to a device", "give the name of a file"),
            _ => true,
        };
    }

    /// <summary>The files that a name stands for.</summary>
    public static IReadOnlyList<string> FilesOf(string path) =>
        path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) || Path.GetExtension(path).Length == 0 ? [path]
            : EventTables.FilesOf(path);

    /// <summary>Writes a whole set by the ending of the name.</summary>
    public static void Write(string path, EventSet events, string settings = "")
    {
        if (IsTables(path))
        {
            EventTables.Write(path, events);
        }
        else
        {
            EventFile.Write(path, events, settings);
        }
    }
}
