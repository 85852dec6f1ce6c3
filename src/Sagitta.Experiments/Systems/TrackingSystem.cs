namespace Sagitta.Experiments.Systems;

/// <summary>
/// A detector system with all that can be done with it: simulate, train, evaluate, reconstruct and so on. The command line asks a list of
/// these and knows none by name; a new system is a class like this one in that list.
/// </summary>
internal abstract class TrackingSystem
{
    /// <summary>What a user types for it: one word in small letters.</summary>
    public abstract string Name { get; }

    /// <summary>The verbs that it offers.</summary>
    public abstract IReadOnlyList<SystemVerb> Verbs { get; }

    /// <summary>How its trained models are analysed; null if they are not.</summary>
    public virtual LandscapeSystem? Landscape => null;

    /// <summary>The defaults of its experiment files; null if it has none.</summary>
    public virtual object? Configuration => null;

    /// <summary>What "bench" measures of it, made for threads and seconds of a measurement.</summary>
    public virtual IReadOnlyList<Func<int, double, BenchmarkGroup>> Benchmarks => [];

    /// <summary>Whether a file, or a shipped name, describes a detector of this system.</summary>
    public abstract bool IsDetector(string pathOrName);
}

/// <summary>What one verb does for one system.</summary>
/// <param name="Path">The verb's words: "train", "export model".</param>
/// <param name="Summary">One line for help.</param>
/// <param name="Options">Arguments, in their order, and options.</param>
/// <param name="Run">
/// Does it. It returns when all is done, with exit code 0, or 1 where a check failed; bad input is told by <see cref="BadInputException"/>.
/// </param>
internal sealed record SystemVerb(string Path, string Summary, IReadOnlyList<VerbOption> Options, Func<VerbRun, int> Run)
{
    /// <summary>Whole command lines for help.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>Whether the same command line goes on where a stopped run was.</summary>
    public bool Resumes { get; init; }

    /// <summary>
    /// What a run would compute, a line for each: "trains end-to-end, 15 epochs of 16000 events". It reads configuration alone, looks at no
    /// folder of output, and refuses what the run would refuse. Null where there is nothing to tell.
    /// </summary>
    public Func<VerbRun, IEnumerable<string>>? Plan { get; init; }

    /// <summary>Whether the verb without a system's name means this one.</summary>
    public bool IsDefault { get; init; }
}
