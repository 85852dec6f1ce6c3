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
    /// <summary>Where to write: .npz, or .csv for a pair of tables.</summary>
    public required string File { get; init; }
    /// <summary>Seed of shift, strip phases, background and digitiser.</summary>
    public required ulong Seed { get; init; }
    /// <summary>YAML file of digitisation options, or null for the defaults.</summary>
    public string? Configuration { get; init; }
    /// <summary>Overrides of the configuration: "smear=0.1".</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    public EventCounts Run(IRunProgress progress, CancellationToken stop)
    {
        bool csv = EventOutput.IsCsv(File);
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
        EventSet events;
        using (IStageProgress stage = progress.Begin("digitise", deposits.Count, "events"))
        {
            events = DepositDigitisation.Digitise(detector, deposits, options, Seed);
            stage.Advance(deposits.Count);
        }

        stop.ThrowIfCancellationRequested();
        if (csv)
        {
            EventOutput.WriteCsv(File, events);
        }
        else
        {
            string settings =
                $"Sagitta {RunSummary.Version}, seed {Seed}, deposits of {Path.GetFileName(Deposits)}. "
                + $"Options:\n{ConfigurationFile.Write(options)}";
            EventFile.Write(File, events, settings);
        }

        return new(File, events.Count, events.HitCount);
    }
}
