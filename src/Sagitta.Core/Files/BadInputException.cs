namespace Sagitta.Core.Files;

/// <summary>
/// Something given from outside (a file, a line, a field, an option) can't be used. The message is one line: where it is, what
/// is wrong with it, and what would be right. The command line prints it as it is and ends with exit code 2.
/// </summary>
public sealed class BadInputException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="where">File, and line, entry or field if known: "run.yaml, line 3, field 'loss.weight'".</param>
    /// <param name="problem">What is wrong there, in words: "'fast' is not a number".</param>
    /// <param name="remedy">What would be right: "give a number such as 0.5".</param>
    /// <param name="inner">What the base library said, if anything.</param>
    public BadInputException(string where, string problem, string remedy, Exception? inner = null)
        : base(OneLine($"{where}: {problem}; {remedy}"), inner)
    {
        Where = where;
        Problem = problem;
        Remedy = remedy;
    }

    /// <summary>File, and line, entry or field if known.</summary>
    public string Where { get; }

    /// <summary>What is wrong there.</summary>
    public string Problem { get; }

    /// <summary>What would be right.</summary>
    public string Remedy { get; }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
