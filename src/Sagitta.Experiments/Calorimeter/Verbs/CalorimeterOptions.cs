namespace Sagitta.Experiments.Calorimeter.Verbs;

/// <summary>Options that several calorimeter verbs share.</summary>
internal static class CalorimeterOptions
{
    /// <summary>--detector.</summary>
    public static VerbOption<string> Detector { get; } =
        VerbOption.Text("--detector", "NAME|FILE", "The calorimeter", TrackingCalorimeterFile.Shipped);

    /// <summary>--hits.</summary>
    public static VerbOption<string?> Hits { get; } =
        VerbOption.Text("--hits", "FILE", "Hits or passages: .csv, .csv.gz, .npz, .parquet, .arrow or .h5");

    /// <summary>--protons-per-frame.</summary>
    public static VerbOption<int> Protons { get; } = VerbOption.Whole(
        "--protons-per-frame", "N", "Consecutive events overlaid in a frame", 100, 1, 1_000_000);

    /// <summary>--frame-column.</summary>
    public static VerbOption<string?> FrameColumn { get; } =
        VerbOption.Text("--frame-column", "NAME", "Column that holds the frame of each hit, instead of --protons-per-frame");

    /// <summary>--detector of verbs that have a model, which carries its own.</summary>
    public static VerbOption<string?> OtherDetector { get; } =
        VerbOption.Text("--detector", "NAME|FILE", "The calorimeter of the hits, where it is not the model's own");

    /// <summary>--keep-electrons.</summary>
    public static VerbOption<bool> KeepElectrons { get; } = VerbOption.Flag(
        "--keep-electrons", "Keep rows of electrons, positrons and photons");

    /// <summary>--model.</summary>
    public static VerbOption<string?> Model { get; } =
        VerbOption.Text("--model", "FILE", "Model (default: the shipped predict-then-track one)");

    /// <summary>--model, repeated.</summary>
    public static VerbOption<string[]> Models { get; } =
        VerbOption.Texts("--model", "FILE", "Model to test; may be repeated (default: the shipped ones)");

    /// <summary>--unassigned-price.</summary>
    public static VerbOption<double> Price { get; } = VerbOption.Number(
        "--unassigned-price", "P", "Price of a hit that is joined to none; a segment of score p costs 1 - p (default: the model's)", 0,
            0, 1e6) with
    { DefaultText = null };

    /// <summary>The options of verbs that read hits.</summary>
    public static IReadOnlyList<VerbOption> Input { get; } =
        [Hits, SharedOptions.Columns, Protons, FrameColumn, OtherDetector, KeepElectrons];

    /// <summary>The hits that the user named.</summary>
    public static CalorimeterReconstructionRequest InputOf(VerbRun run)
    {
        run.Exclude(Protons, FrameColumn);
        return new()
        {
            Hits = run.Required(Hits),
            Columns = run.Value(SharedOptions.Columns),
            Protons = run.Value(Protons),
            FrameColumn = run.Value(FrameColumn),
            Detector = run.Value(OtherDetector),
            KeepElectrons = run.Value(KeepElectrons),
            UnassignedPrice = run.ValueIfGiven(Price),
            Threads = run.Threads,
        };
    }
}
