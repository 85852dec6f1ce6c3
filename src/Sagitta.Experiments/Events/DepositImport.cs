namespace Sagitta.Experiments.Events;

/// <summary>"sagitta import": Geant4 deposits through the digitiser that simulated ones go through, into an event file.</summary>
internal sealed record DepositImport
{
    /// <summary>Detector file, or name of a shipped one.</summary>
    public required string Detector { get; init; }
    /// <summary>CSV of deposits, plain or gzipped.</summary>
    public required string Deposits { get; init; }
    /// <summary>CSV of the muons at their vertices.</summary>
    public required string Truth { get; init; }
    /// <summary>Where to write: .npz, or another table for a pair, which is not written in parts.</summary>
    public required FilePart Output { get; init; }
    /// <summary>Seed of shift, strip phases, background and digitiser.</summary>
    public required ulong Seed { get; init; }
    /// <summary>YAML file of digitisation options, or null for the defaults.</summary>
    public string? Configuration { get; init; }
    /// <summary>Overrides of the configuration: "smear=0.1".</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    public EventCounts Run(IRunProgress progress, CancellationToken stop)
    {
        if (EventOutput.IsTables(Output.Whole) && Output.Command is not null)
        {
            throw new BadInputException($"'{Output.Whole}'", "a pair of tables is not written in parts", "give a name that ends in .npz");
        }

        Detector detector = DetectorFile.Load(Detector);
        DigitisationOptions options = Configuration is null
            ? ConfigurationFile.Defaults<DigitisationOptions>(Settings)
            : ConfigurationFile.Load<DigitisationOptions>(Configuration, Settings);
        DepositSet deposits;
        using (progress.Begin("read deposits", 0, "events"))
        {
            deposits = Geant4Deposits.Read(detector, Deposits, Truth);
        }

        stop.ThrowIfCancellationRequested();
        EventCounts counts = new(Output.File, 0, 0);
        Output.Write(deposits.Count, (file, first, count) =>
        {
            EventSet events;
            using (IStageProgress stage = progress.Begin("digitise", count, "events"))
            {
                events = DepositDigitisation.Digitise(detector, deposits, options, Seed, part: (int)first..(int)(first + count));
                stage.Advance(count);
            }

            stop.ThrowIfCancellationRequested();
            EventOutput.Write(file, events, $"Sagitta {RunSummary.Version}, seed {Seed}, deposits of {Path.GetFileName(Deposits)}. "
                + $"Options:\n{ConfigurationFile.Write(options)}");
            counts = new(file, events.Count, events.HitCount);
        });
        return counts;
    }
}
