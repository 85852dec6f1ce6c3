namespace Sagitta.Experiments.Systems;

/// <summary>Options that mean the same in every verb that has them.</summary>
internal static class SharedOptions
{
    /// <summary>--seed.</summary>
    public static VerbOption<ulong> Seed { get; } = VerbOption.Whole("--seed", "N", "Seed of all random numbers", 1UL, 0UL, ulong.MaxValue);

    /// <summary>--seed where an experiment file may have one.</summary>
    public static VerbOption<ulong> SeedOfExperiment { get; } = Seed with { DefaultText = "the experiment's" };

    /// <summary>--threads.</summary>
    public static VerbOption<int> Threads { get; } =
        VerbOption.Whole("--threads", "N", "Threads to use; results do not depend on it", Environment.ProcessorCount, 1, 1024) with
        { DefaultText = "one for each processor" };

    /// <summary>--out.</summary>
    public static VerbOption<string?> Out { get; } = VerbOption.Text("--out", "DIR", "Folder for everything that is written") with
    { IsWritten = true };

    /// <summary>--mpi.</summary>
    public static VerbOption<bool> Mpi { get; } = VerbOption.Flag(
        "--mpi", "Work together with the other processes that mpirun or srun started (docs/scale.md)");

    /// <summary>--shard: number of a part and of all.</summary>
    public static VerbOption<(int Number, int Count)?> Shard { get; } = new(
        "--shard", "Write part K of N alone, without other processes; 'sagitta merge' makes one file of all", null,
        (string text, out (int Number, int Count)? value) =>
        {
            string[] fields = text.Split('/');
            bool read = NumberText.TryRead(fields[0], out int number) & NumberText.TryRead(fields[^1], out int count);
            value = (number, count);
            return fields.Length == 2 && read && number >= 1 && number <= count ? null : $"'{text}' is no part; give one such as 3/8";
        })
    { HelpName = "K/N" };

    /// <summary>--shard where a verb has one result of a sample.</summary>
    public static VerbOption<(int Number, int Count)?> ShardOfSample { get; } = Shard with
    {
        Description =
            "Do part K of N of the sample and leave it in the folder of --out; the job that finds all parts there tells the result",
    };

    /// <summary>--parts.</summary>
    public static VerbOption<int> Parts { get; } = VerbOption.Whole(
        "--parts", "N", "With --mpi: parts of the output, more than processes so that a lost one loses little (default: processes)", 0, 1,
        1_000_000) with
    { DefaultText = null };

    /// <summary>What verbs have whose output several processes share.</summary>
    public static IReadOnlyList<VerbOption> Sharding { get; } = [Mpi, Shard, Parts];

    /// <summary>--summary.</summary>
    public static VerbOption<string?> Summary { get; } =
        VerbOption.Text("--summary", "FILE", "Write the machine-readable summary (JSON) there; - for standard output") with
        { IsWritten = true };

    /// <summary>--set.</summary>
    public static VerbOption<string[]> Set { get; } = VerbOption<string[]>.OfAll(
        "--set", "Override a field of the configuration, such as training.epochs=3; may be repeated", [],
        (IReadOnlyList<string> texts, out string[] values) =>
        {
            values = [.. texts];
            return Twice(values) is var (first, second) ? $"'{first}' and '{second}' set one field twice; set it once" : null;
        }) with
    { HelpName = "PATH=VALUE" };

    /// <summary>--config.</summary>
    public static VerbOption<string?> Configuration { get; } =
        VerbOption.Text("--config", "FILE", "Experiment file; what it leaves out has its default");

    /// <summary>--quick.</summary>
    public static VerbOption<bool> Quick { get; } = VerbOption.Flag("--quick", "A short form of a few minutes: one seed, fewer events");

    /// <summary>--full.</summary>
    public static VerbOption<bool> Full { get; } = VerbOption.Flag("--full", "The long form: hours");

    /// <summary>--columns.</summary>
    public static VerbOption<string?> Columns { get; } =
        VerbOption.Text("--columns", "MAP", "Columns of the hit file by name and unit, such as 'y=y_cm*10,plane=chamber'");

    /// <summary>What `inspect` looks at.</summary>
    public static VerbOption<string> Inspected { get; } = VerbOption.Argument("file", "A detector: YAML file or shipped name");

    // Two settings of one field, or of a field and of what holds it.
    private static (string First, string Second)? Twice(string[] settings)
    {
        for (int i = 0; i < settings.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                string a = settings[j].Split('=')[0].Trim() + ".";
                string b = settings[i].Split('=')[0].Trim() + ".";
                if (a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal))
                {
                    return (settings[j], settings[i]);
                }
            }
        }

        return null;
    }
}
