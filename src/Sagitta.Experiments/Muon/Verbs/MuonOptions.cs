namespace Sagitta.Experiments.Muon.Verbs;

/// <summary>Options that several muon verbs share.</summary>
internal static class MuonOptions
{
    private static readonly double[] _usualFlux = [5];

    /// <summary>--detector of verbs that make events.</summary>
    public static VerbOption<string> Detector { get; } =
        VerbOption.Text("--detector", "NAME|FILE", "A shipped detector (toy16, toy16-measured, toy17, three-station) or a detector file",
            new MuonExperiment().Detector);

    /// <summary>--detector of verbs that have a model, which carries its own.</summary>
    public static VerbOption<string?> OtherDetector { get; } =
        VerbOption.Text("--detector", "NAME|FILE", "The detector of the hits, where it is not the model's own");

    /// <summary>--model.</summary>
    public static VerbOption<string?> Model { get; } = VerbOption.Text(
        "--model", "FILE", "Model (default: the first shipped one for the detector of the hits)");

    /// <summary>--events.</summary>
    public static VerbOption<string?> Events { get; } = VerbOption.Text(
        "--events", "FILE",
            "Event file (.npz) that simulate or import wrote, or a table of hits (.csv, .csv.gz, .npz, .parquet, .arrow, .h5)");

    /// <summary>--deposits.</summary>
    public static VerbOption<string?> Deposits { get; } = VerbOption.Text("--deposits", "FILE", "Geant4 deposits, CSV or gzipped CSV");

    /// <summary>--truth.</summary>
    public static VerbOption<string?> Truth { get; } =
        VerbOption.Text("--truth", "FILE", "The muons of those deposits at their vertices, CSV or gzipped CSV");

    /// <summary>--background.</summary>
    public static VerbOption<double[]> Background { get; } = VerbOption.Numbers(
        "--background", "FLUX", "Background flux in kHz/cm2; repeated, each event draws one of them", _usualFlux, 0, 1e4);

    /// <summary>--smear.</summary>
    public static VerbOption<double> Smear { get; } = VerbOption.Number(
        "--smear", "MM", "One hit for each muon crossing with this Gaussian error, instead of the digitiser; 0 for the digitiser", 0,
            0, 1e4);

    /// <summary>The options of verbs that read events of either kind.</summary>
    public static IReadOnlyList<VerbOption> Input { get; } =
        [Events, SharedOptions.Columns, OtherDetector, Deposits, Truth, Background, Smear, SharedOptions.Seed];

    /// <summary>The input that the user named.</summary>
    public static MuonInput InputOf(VerbRun run)
    {
        run.Exclude(Events, Deposits);
        if (run.Given(Events))
        {
            run.RefuseIdle("the events of --events have their background and truth with them", Background, Smear, Truth);
        }
        else
        {
            run.RefuseIdle("--deposits have their own columns", SharedOptions.Columns);
        }

        double[] fluxes = run.Value(Background);
        return fluxes.Length == 1
            ? new()
            {
                Events = run.Value(Events),
                Columns = run.Value(SharedOptions.Columns),
                Detector = run.Value(OtherDetector),
                Note = run.Progress.Note,
                Deposits = run.Value(Deposits),
                Truth = run.Value(Truth),
                Background = fluxes[0],
                Smear = run.Value(Smear),
                Seed = run.Seed,
            }
            : throw new UsageException("--background takes one flux here");
    }

    /// <summary>Overrides of a configuration: the options that stand for fields of the digitisation, then those of --set, which
    /// win.</summary>
    public static IReadOnlyList<string> SettingsOf(VerbRun run, string path)
    {
        List<string> settings = [];
        if (run.Given(Background))
        {
            IEnumerable<string> fluxes = run.Value(Background).Select(flux => flux.ToString("R", CultureInfo.InvariantCulture));
            settings.Add($"{path}background.kHzPerCm2=[{string.Join(", ", fluxes)}]");
        }

        if (run.Given(Smear))
        {
            settings.Add(string.Create(CultureInfo.InvariantCulture, $"{path}smear={run.Value(Smear):R}"));
        }

        return [.. settings, .. run.Settings];
    }
}
