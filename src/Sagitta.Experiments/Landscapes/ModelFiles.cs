using System.IO.Enumeration;
using System.Security.Cryptography;

namespace Sagitta.Experiments.Landscapes;

/// <summary>Finds trained models: the shipped ones, or those below folders, or by patterns.</summary>
internal static class ModelFiles
{
    /// <summary>Files of models of a kind, in the order of their names.</summary>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> places, string kind)
    {
        IEnumerable<string> files = places.Count == 0 ? Shipped() : places.SelectMany(Below);
        return [.. files.Select(Path.GetFullPath).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(file => KindOf(file) == kind)];
    }

    /// <summary>A text that changes with the content of a file.</summary>
    public static string Fingerprint(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));

    private static IEnumerable<string> Shipped()
    {
        string? known = ShippedFile.TryFind("models/muon/README.md");
        return known is null ? [] : Below(Path.GetDirectoryName(Path.GetDirectoryName(known)!)!);
    }

    private static IEnumerable<string> Below(string place)
    {
        if (File.Exists(place))
        {
            return [place];
        }

        if (Directory.Exists(place))
        {
            return Directory.EnumerateFiles(place, "*.safetensors", SearchOption.AllDirectories);
        }

        int wildcard = place.AsSpan().IndexOfAny('*', '?');
        string whole = Path.GetFullPath(place);
        string? root = wildcard < 0 ? null : Path.GetDirectoryName(Path.GetFullPath(place[..wildcard] + "x"));
        return root is not null && Directory.Exists(root)
            ? Directory.EnumerateFiles(root, "*.safetensors", SearchOption.AllDirectories).Where(
                file => FileSystemName.MatchesSimpleExpression(whole, Path.GetFullPath(file), ignoreCase: false)
                || FileSystemName.MatchesSimpleExpression(Path.Combine(whole, "*"), Path.GetFullPath(file), ignoreCase: false))
            : throw new BadInputException($"--models '{place}'", "there is no such file or folder",
                "give a model, a folder of runs or a pattern");
    }

    private static string? KindOf(string file) => new SafeTensorsReader(file).Metadata.GetValueOrDefault("kind");
}

/// <summary>A trained model among others: short name of its method, seed of its training, its file and a text that changes with its
/// content.</summary>
internal sealed record ModelName(string Method, ulong Seed, string File, string Fingerprint)
{
    /// <summary>Kind of the method: methods that differ in settings alone are of one.</summary>
    public string Family { get; init; } = Method;
    /// <summary>Whether it was trained through the track.</summary>
    public bool EndToEnd { get; init; }
    /// <summary>Interpolation factor of the assignment in training; null where none was set.</summary>
    public double? Lambda { get; init; }
    /// <summary>Folder of its run, where a trajectory and metrics may lie beside it.</summary>
    public string Folder => Path.GetDirectoryName(File)!;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Method} seed {Seed}");

    /// <summary>Models by method with the number of seeds: "ptt (5 seeds), pat-25 (1 seed)".</summary>
    public static string Summary(IEnumerable<ModelName> names) => string.Join(
        ", ", names.GroupBy(n => n.Method, StringComparer.Ordinal).Select(
            g => string.Create(CultureInfo.InvariantCulture, $"{g.Key} ({g.Count()} {(g.Count() == 1 ? "seed" : "seeds")})")));

    public string Slug => string.Create(CultureInfo.InvariantCulture, $"{Method}-seed{Seed}");
}
