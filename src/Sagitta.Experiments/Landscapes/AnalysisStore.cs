using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sagitta.Experiments.Landscapes;

/// <summary>
/// Results of finished analyses, one JSON file each in a folder: what is there and was made from the same models with the same options is
/// read instead of being computed again, so a run that was stopped goes on where it was.
/// </summary>
/// <param name="folder">The folder; it is made when the first result is stored.</param>
internal sealed class AnalysisStore(string folder)
{
    private static readonly JsonSerializerOptions _json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Analyses that were read instead of computed.</summary>
    public int Reused { get; private set; }

    /// <summary>The result of an analysis: read if stored under this name with the same origin, else computed and stored.</summary>
    /// <param name="name">Name of the analysis; becomes a file name.</param>
    /// <param name="origin">All that the result depends on, such as models and options.</param>
    /// <param name="compute">The analysis.</param>
    public T Get<T>(string name, string origin, Func<T> compute)
        where T : class
    {
        string path = Path.Combine(folder, name + ".json");
        string fingerprint = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(origin)));
        if (File.Exists(path) && Read<T>(path) is { } stored && stored.Origin == fingerprint)
        {
            Reused++;
            return stored.Result;
        }

        T result = compute();
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(path, JsonSerializer.Serialize(new Stored<T>(fingerprint, result), _json));
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
