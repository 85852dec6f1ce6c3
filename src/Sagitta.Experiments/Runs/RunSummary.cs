using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sagitta.Experiments.Runs;

/// <summary>The machine-readable result of a command: what ran, how long and in how much memory, and the sections that the command adds
/// (docs/formats.md).</summary>
internal sealed partial class RunSummary
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly string _command;
    private readonly ulong _seed;
    private readonly int _threads;

    public RunSummary(string command, ulong seed, int threads)
    {
        _command = command;
        _seed = seed;
        _threads = threads;
    }

    public static string Version { get; } = typeof(RunSummary).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>(
        )?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>What the command adds: "muon", "calorimeter". Numbers that are not finite must be left out or null.</summary>
    public JsonObject Sections { get; } = [];

    /// <summary>The summary so far as JSON.</summary>
    public string ToJson()
    {
        JsonObject root = new()
        {
            ["command"] = _command,
            ["version"] = Version,
            ["seed"] = _seed,
            ["threads"] = _threads,
            ["wallSeconds"] = Math.Round(Stopwatch.GetElapsedTime(_start).TotalSeconds, 3),
            ["peakMemoryMiB"] = Math.Round(PeakMemoryBytes() / (1024.0 * 1024.0), 1),
        };
        foreach ((string name, JsonNode? section) in Sections)
        {
            root[name] = section?.DeepClone();
        }

        return root.ToJsonString(_indented) + "\n";
    }

    /// <summary>A text of a run without what this summary, and a page, say of when and how fast it was, by how many threads,
    /// and by which command.</summary>
    public static string WithoutCircumstances(string text) => Circumstances().Replace(text, "");

    public void Write(string path) => AtomicFile.WriteText(path, ToJson());

    [GeneratedRegex(@"""(wallSeconds|peakMemoryMiB|threads)"": [0-9.]+|""command"": ""[^\n]*|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:"
        + "[0-9]{2} UTC|[0-9]+[.][0-9] min", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Circumstances();

    private static long PeakMemoryBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}

/// <summary>One check of a validation: what was found, what it had to be in words, and whether it is so.</summary>
internal sealed record CheckSummary(string Name, double Value, string Bound, bool Holds);

/// <summary>Why a run ended early, in one line for its user, and whether something that the user gave is at fault.</summary>
internal sealed record RunFailure(bool IsBadInput, string Message)
{
    /// <summary>Whether a reader closed the pipe that the run wrote to: it has what it wanted.</summary>
    public bool ReaderGone { get; init; }

    /// <summary>Whether the message says what happened; else only a trace does.</summary>
    public bool IsForeseen { get; init; } = true;

    /// <summary>Reads an exception; of several at once (parallel work) the first.</summary>
    public static RunFailure Of(Exception problem) => problem switch
    {
        BadInputException => new(IsBadInput: true, problem.Message),
        WriteFailedException failed => new(IsBadInput: false, problem.Message) { ReaderGone = failed.ReaderGone },
        UnauthorizedAccessException => new(IsBadInput: true, $"{problem.Message.ReplaceLineEndings(" ")} Give a place that you may use."),
        IOException => new(IsBadInput: false, problem.Message.ReplaceLineEndings(" ")),
        OutOfMemoryException => new(IsBadInput: false, "there is not enough memory; give fewer events or fewer threads"),
        AggregateException { InnerExceptions: [{ } first, ..] } => Of(first),
        TargetInvocationException { InnerException: { } inner } => Of(inner),
        _ => new(IsBadInput: false, "it failed in a way that was not foreseen") { IsForeseen = false },
    };
}
