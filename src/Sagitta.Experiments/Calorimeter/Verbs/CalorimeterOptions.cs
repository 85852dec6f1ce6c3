namespace Sagitta.Experiments.Calorimeter.Verbs;

/// <summary>Options that several calorimeter verbs share.</summary>
internal static class CalorimeterOptions
{
    /// <summary>--detector.</summary>
    public static VerbOption<string> Detector { get; } =
        VerbOption.Text("--detector", "NAME|FILE", "The calorimeter", TrackingCalorimeterFile.Shipped);

    /// <summary>--hits.</summary>
    public static VerbOption<string?> Hits { get; } =
        VerbOption.Text("--hits", "FILE", "Hits or passages: .csv, .csv.gz, .npz or .parquet");

    /// <summary>--protons-per-frame.</summary>
    public static VerbOption<int> Protons { get; } = VerbOption.Whole(
        "--protons-per-frame", "N", "Consecutive events overlaid in a frame", 100, 1, 1_000_000);

    /// <summary>--keep-electrons.</summary>
    public static VerbOption<bool> KeepElectrons { get; } = VerbOption.Flag(
        "--keep-electrons", "Keep rows of electrons, positrons and photons");

    /// <summary>--model, repeated.</summary>
    public static VerbOption<string[]> Models { get; } =
        VerbOption.Texts("--model", "FILE", "Model to test; may be repeated (default: the shipped ones)");

    /// <summary>--unassigned-price.</summary>
    public static VerbOption<double> Price { get; } = VerbOption.Number(
        "--unassigned-price", "P", "Price of a hit that is joined to none; a segment of score p costs 1 - p (default: the model's)", 0,
            0, 1e6) with
    { DefaultText = null };
}
