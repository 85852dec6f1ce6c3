namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta merge": one file of the parts that several processes wrote.</summary>
internal static class MergeVerb
{
    private static readonly VerbOption<string> _file = VerbOption.Argument(
        "file", "The file as the command that made the parts was told: .csv, .csv.gz or .npz");

    /// <summary>The verb.</summary>
    public static SystemVerb Verb { get; } = new(
        "merge", "Make one file of the parts that --shard or --mpi wrote: in order, checked for gaps and altered parts", [_file],
        run =>
        {
            string file = run.Value(_file);
            (int parts, long items) = PartMerge.Run(file, run.Stop);
            run.Progress.Note(string.Create(CultureInfo.InvariantCulture, $"{file}: {items} items of {parts} parts"));
            return 0;
        })
    {
        Examples = ["sagitta merge tracks.csv"],
    };
}
