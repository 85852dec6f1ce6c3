namespace Sagitta.Experiments.Systems;

/// <summary>What a verb works with: its arguments, where it writes, how it tells progress, when it must stop.</summary>
/// <param name="commandLine">The command as it was given.</param>
/// <param name="given">The texts of an option that the user gave; null where it was not given.</param>
/// <param name="output">Standard output as text: results only.</param>
/// <param name="error">The error stream as text.</param>
/// <param name="progress">Bars on a terminal, lines elsewhere.</param>
/// <param name="ranks">The processes of the run.</param>
/// <param name="stop">Cancelled by Ctrl-C: leave a checkpoint and throw.</param>
internal sealed class VerbRun(
    string commandLine, Func<VerbOption, IReadOnlyList<string>?> given, TextWriter output, TextWriter error, IRunProgress progress,
    Ranks ranks, CancellationToken stop) : IDisposable
{
    private RunSummary? _summary;
    private readonly Func<IReadOnlyList<string>> _read = ReadFiles.Begin();
    private RunFolder? _folder;
    private ulong? _seed;

    /// <summary>The command as it was given.</summary>
    public string CommandLine => commandLine;

    /// <summary>The processes that work on this together; one without --mpi.</summary>
    public Ranks Ranks => ranks;

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Stop => stop;

    /// <summary>Standard output: results only. Where the summary goes there, all else goes to the error stream.</summary>
    public TextWriter Output => Value(SharedOptions.Summary) == "-" ? error : output;

    /// <summary>The error stream: what is no result.</summary>
    public TextWriter Error => error;

    /// <summary>Standard output as bytes, for tables of any length.</summary>
    public Stream OutputStream => output is StreamWriter standard ? standard.BaseStream : Core.Files.OutputStream.Standard();

    /// <summary>Progress and notes.</summary>
    public IRunProgress Progress => progress;

    /// <summary>The summary that <see cref="WriteSummary"/> writes; its time counts from the first look at it.</summary>
    public RunSummary Summary
    {
        get
        {
            _ = Out;
            return _summary ??= new(CommandLine, Seed, Threads);
        }
    }

    /// <summary>--seed, or the seed of the run's experiment (<see cref="SeedOf"/>).</summary>
    public ulong Seed => _seed ?? Value(SharedOptions.Seed);

    /// <summary>--threads.</summary>
    public int Threads => Value(SharedOptions.Threads) is var threads && threads <= WorkerThreads.Most ? threads
        : throw new UsageException($"--threads {threads} is more than this machine can use; give {WorkerThreads.Most} or less");

    /// <summary>--out, or null. The first look at it makes the folder and keeps other runs out of it until the end; of several ranks the
    /// first does, and jobs that share a run do not.</summary>
    public string? Out
    {
        get
        {
            string? folder = Value(SharedOptions.Out);
            _folder ??= folder is null || !ranks.IsFirst || Value(SharedOptions.Shard) is not null ? null
                : RunFolder.Claim(folder, commandLine);
            return folder;
        }
    }

    /// <summary>--out, which the verb needs.</summary>
    public string Folder => Out ?? throw new UsageException("--out is missing; give --out DIR");

    /// <summary>All values of --set.</summary>
    public IReadOnlyList<string> Settings => Value(SharedOptions.Set);

    /// <summary>The value of an option, or its default.</summary>
    public T Value<T>(VerbOption<T> option) => given(option) is { } texts ? option.Parse(texts) : option.Default;

    /// <summary>The value of an option that the user gave; null where it was not given.</summary>
    public T? ValueIfGiven<T>(VerbOption<T> option)
        where T : struct => Given(option) ? Value(option) : null;

    /// <summary>Whether the user gave the option.</summary>
    public bool Given(VerbOption option) => given(option) is not null;

    /// <summary>The seed of an experiment that is run: --seed, or else the experiment's own. Manifest and summary state it.</summary>
    public ulong SeedOf(ulong experiment) => (_seed = ValueIfGiven(SharedOptions.Seed) ?? experiment).Value;

    /// <summary>The value of an option without which the verb can't work.</summary>
    public string Required(VerbOption<string?> option) =>
        Value(option) ?? throw new UsageException($"{option.Name} is missing; give {option.Name} {option.HelpName}");

    /// <summary>What this process writes of a file: all of it, the part of --shard, or with --mpi its share of the parts; what an earlier
    /// run of the same command has written is left out.</summary>
    /// <param name="file">What is to be written.</param>
    /// <param name="inputs">What is read: a pipe can be read once, and parts need it several times.</param>
    public IReadOnlyList<FilePart> PartsOf(string file, params ReadOnlySpan<string?> inputs)
    {
        Exclude(SharedOptions.Mpi, SharedOptions.Shard);
        if (!Given(SharedOptions.Mpi) && Value(SharedOptions.Shard) is null)
        {
            return !Given(SharedOptions.Parts) ? [FilePart.All(file)]
                : throw new UsageException("--parts belongs to --mpi; give --shard K/N without it");
        }

        if (file == "-" || PosixFile.IsSpecial(Path.GetFullPath(file)))
        {
            throw new UsageException("parts are files; give the name of one instead of standard output or a device");
        }

        foreach (string? input in inputs)
        {
            if (input == TableFile.StandardInput || (input is not null && PosixFile.IsSpecial(Path.GetFullPath(input))))
            {
                throw new UsageException("parts are made of a file, which is read several times; give one instead of a pipe");
            }
        }

        string command = FilePart.WithoutShare(commandLine);
        int count = Value(SharedOptions.Shard)?.Count ?? ValueIfGiven(SharedOptions.Parts) ?? ranks.Count;
        FilePart[] own = Value(SharedOptions.Shard) is { } shard ? [new(file, shard.Number, count, command)]
            : [.. Enumerable.Range(1, count).Where(number => (number - 1) % ranks.Count == ranks.Rank)
                .Select(number => new FilePart(file, number, count, command))];
        FilePart[] left = [.. own.Where(part => !part.IsDone)];
        if (left.Length < own.Length)
        {
            progress.Note($"{own.Length - left.Length} of {own.Length} parts are there already");
        }

        return left;
    }

    /// <summary>Does work on a sample that ranks or jobs share, and tells its result and the summary; a job does where no part lacks.
    /// Returns the exit code of success.</summary>
    public int TellShared(Func<SharedSample, string?> work)
    {
        Exclude(SharedOptions.Mpi, SharedOptions.Shard);
        FilePart? part = Value(SharedOptions.Shard) is not { } shard ? null
            : new(Path.Combine(Folder, "parts"), shard.Number, shard.Count, FilePart.WithoutShare(commandLine));
        if (work(new(ranks, part)) is { } text)
        {
            return Tell(text, summary: true);
        }

        progress.Note($"{part!.File} is written; the job that finds all parts tells the result");
        return 0;
    }

    /// <summary>Refuses options that exclude each other.</summary>
    public void Exclude(VerbOption first, VerbOption second)
    {
        if (Given(first) && Given(second))
        {
            throw new UsageException($"{first.Name} and {second.Name} exclude each other: give one of them");
        }
    }

    /// <summary>Refuses options that would change nothing, so that nobody believes they did.</summary>
    /// <param name="why">Why they would not.</param>
    /// <param name="options">The options.</param>
    public void RefuseIdle(string why, params ReadOnlySpan<VerbOption> options)
    {
        foreach (VerbOption option in options)
        {
            if (Given(option))
            {
                throw new UsageException($"{option.Name} changes nothing here: {why}; leave it out");
            }
        }
    }

    /// <summary>Writes what a verb has to say, as whole lines, and its summary where it has one; returns the exit code of
    /// success.</summary>
    public int Tell(string text, bool summary = false)
    {
        Output.Write(text.EndsWith('\n') ? text : text + Environment.NewLine);
        if (summary)
        {
            WriteSummary();
        }

        return 0;
    }

    /// <summary>Writes the summary to the file of --summary, to standard output for "-", and into the folder of --out; of several ranks the
    /// first does.</summary>
    public void WriteSummary()
    {
        if (!ranks.IsFirst)
        {
            return;
        }

        string? file = Value(SharedOptions.Summary);
        if (file == "-")
        {
            output.Write(Summary.ToJson());
        }
        else if (file is not null)
        {
            Summary.Write(file);
        }

        if (Out is not null)
        {
            Summary.Write(Path.Combine(Out, "summary.json"));
        }
    }

    /// <summary>Writes down what the run left in the folder of --out, where it has one.</summary>
    /// <param name="arguments">The words of the command.</param>
    /// <param name="named">Files that they name to be read.</param>
    public void WriteManifest(IReadOnlyList<string> arguments, IEnumerable<string> named)
    {
        if (_folder is not null)
        {
            RunManifest.Write(Value(SharedOptions.Out)!, commandLine, arguments, Seed,
                named.Where(name => name == TableFile.StandardInput || File.Exists(name)).Concat(_read()));
        }
    }

    /// <summary>Lets other runs into the folder.</summary>
    public void Dispose() => _folder?.Dispose();
}
