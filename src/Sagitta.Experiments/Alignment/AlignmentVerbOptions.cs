namespace Sagitta.Experiments.Alignment;

/// <summary>Options that "align" has for every system.</summary>
internal static class AlignmentVerbOptions
{
    private static readonly VerbOption<bool> _alongZ = VerbOption.Flag("--along-z",
        "Move planes along z too, not only along what they measure");

    private static readonly VerbOption<bool> _stations =
        VerbOption.Flag("--stations", "Move stations as rigid bodies; planes by themselves may follow with the file that it writes");

    private static readonly VerbOption<double> _tolerance = VerbOption.Number(
        "--tolerance", "MM", "It ends when selecting hits again moves no plane by more than this", new AlignmentOptions().Tolerance, 1e-7,
        1);

    /// <summary>--turns, of detectors whose strips have directions.</summary>
    public static VerbOption<bool> Turns { get; } = VerbOption.Flag("--turns", "Turn planes about z too, in mrad");

    /// <summary>--mille.</summary>
    public static VerbOption<string?> Mille { get; } = VerbOption.Text(
        "--mille", "FILE", "Write the tracks for Millepede II too: list the file under 'Cfiles' in pede's steering") with
    { IsWritten = true };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<VerbOption> All { get; } = [_alongZ, _stations, _tolerance, Mille];

    /// <summary>What they say.</summary>
    public static AlignmentOptions Of(VerbRun run) => new()
    {
        AlongZ = run.Value(_alongZ),
        Turns = run.Value(Turns),
        WholeStations = run.Value(_stations),
        Tolerance = run.Value(_tolerance),
    };
}
