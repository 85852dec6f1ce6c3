using System.CommandLine;

namespace Sagitta.Cli.CommandLine;

/// <summary>One verb: a command with examples in its help and an action that gets a <see cref="VerbRun"/>.</summary>
internal sealed class VerbCommand : Command
{
    /// <summary>A verb.</summary>
    /// <param name="name">What the user types.</param>
    /// <param name="summary">One line.</param>
    /// <param name="examples">Whole command lines for the help.</param>
    public VerbCommand(string name, string summary, params string[] examples)
        : base(name, summary) => Examples = examples;

    /// <summary>Whole command lines for the help.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>
    /// Sets what the verb does. It returns when all is done; a check that failed is told by exit code 1, bad input by the
    /// library's exception, which passes through, a stop by the token's.
    /// </summary>
    public void SetRun(Func<VerbRun, int> run) => SetAction((parsed, stop) => Task.Run(
        () =>
        {
            using VerbRun verbRun = new(parsed, stop);
            return run(verbRun);
        },
        CancellationToken.None));
}
