using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sagitta.Experiments.Landscapes;

/// <summary>What all analyses of a run share.</summary>
internal sealed record LandscapeContext(
    LandscapeOptions Options,
    AnalysisStore Store,
    RemainingWork Work,
    WorkerThreads Threads,
    IRunProgress Progress,
    RandomKey Key,
    CancellationToken Stop)
{
    /// <summary>Processes that share out the points of grids and paths.</summary>
    public Ranks Ranks { get; init; } = Ranks.Alone;

    /// <summary>What a result depends on, as a text: its own options, the data, and the models.</summary>
    public string Origin(object options, params IEnumerable<string> models) =>
        string.Join('\n', [ConfigurationFile.Write(options), ConfigurationFile.Write(Options.Data),
            Key.State.ToString("x", CultureInfo.InvariantCulture),
            .. models]);

    /// <summary>The result of an analysis, from the store or computed, and told as done.</summary>
    public T Analyse<T>(string kind, string name, string origin, Func<T> compute)
        where T : class
    {
        Stop.ThrowIfCancellationRequested();
        double? seconds = null;
        T result = Store.Get(name, origin, () =>
        {
            long begin = Stopwatch.GetTimestamp();
            T computed = compute();
            seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            return computed;
        });
        Work.Finish(kind, seconds);
        return result;
    }
}

/// <summary>Results of finished analyses, one JSON file each in a folder: what is there and was made from the same models with the same
/// options is read instead of being computed again, so a run that was stopped goes on where it was.</summary>
internal sealed class AnalysisStore(string folder, Ranks? ranks = null)
{
    private static readonly JsonSerializerOptions _json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Analyses that were read instead of computed.</summary>
    public int Reused { get; private set; }

    /// <summary>The result of an analysis: read if stored under this name with the same origin, else computed and stored.</summary>
    public T Get<T>(string name, string origin, Func<T> compute)
        where T : class
    {
        string path = Path.Combine(folder, name + ".json");
        string fingerprint = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(origin)));
        Ranks all = ranks ?? Ranks.Alone;
        Stored<T>? stored = File.Exists(path) && Read<T>(path) is { } found && found.Origin == fingerprint ? found : null;
        if (!all.Any(stored is null))
        {
            Reused++;
            return stored!.Result;
        }

        T result = compute();
        if (all.IsFirst)
        {
            AtomicFile.WriteText(path, JsonSerializer.Serialize(new Stored<T>(fingerprint, result), _json));
        }

        return result;
    }

    // A file of an older version, or a damaged one, is computed again.
    private static Stored<T>? Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Stored<T>>(File.ReadAllText(path), _json);
        }
        catch (Exception problem) when (problem is JsonException or NotSupportedException or IOException)
        {
            return null;
        }
    }

    private sealed record Stored<T>(string Origin, T Result);
}
