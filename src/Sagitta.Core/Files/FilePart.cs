using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sagitta.Core.Files;

/// <summary>
/// A file that one of several processes writes of a whole: NAME.part-K-of-N.ENDING for items of its own (events, frames), and beside it a
/// manifest that says which. The manifest is written last: a part with one is done, and the same command does those that lack.
/// </summary>
/// <param name="Whole">The file as the user named it.</param>
/// <param name="Number">Number of the part, from 1.</param>
/// <param name="Count">Number of parts.</param>
/// <param name="Command">What makes it, without what differs between parts; null where one process writes the whole file.</param>
internal sealed partial record FilePart(string Whole, int Number, int Count, string? Command)
{
    private const string Kind = "sagitta part";
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>The whole file, written by one process.</summary>
    public static FilePart All(string file) => new(file, 1, 1, null);

    /// <summary>The file to write.</summary>
    public string File => Command is null ? Whole : NameOf(Whole, string.Create(CultureInfo.InvariantCulture, $"{Number}-of-{Count}"));

    /// <summary>Where its manifest is.</summary>
    public string Manifest => File + ".json";

    /// <summary>Whether an earlier run of the same command has written it.</summary>
    public bool IsDone => Command is not null && PartManifest.TryRead(Manifest) is { } found && found.Command == Command
        && found.Number == Number && found.Count == Count && new FileInfo(File) is { Exists: true } file && file.Length == found.Bytes;

    /// <summary>Writes the part of <paramref name="total"/> items, and its manifest where it is one of several.</summary>
    /// <param name="total">Items of the whole.</param>
    /// <param name="write">Writes a file, told its name, the place of its first item and the number of items.</param>
    public void Write(long total, Action<string, long, long> write)
    {
        long first = (long)((Int128)total * (Number - 1) / Count);
        long items = (long)((Int128)total * Number / Count) - first;
        write(File, first, items);
        if (Command is not null)
        {
            new PartManifest(Command, Number, Count, first, items, total, new FileInfo(File).Length, HashOf(File)).Write(Manifest);
        }
    }

    /// <summary>A command line without what differs between the processes of one run.</summary>
    public static string WithoutShare(string command) => Share().Replace(command, "");

    /// <summary>The manifests of the parts of a file that are there, in the order of their numbers.</summary>
    public static IReadOnlyList<(string File, PartManifest Manifest)> Find(string whole)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(whole))!;
        string pattern = Path.GetFileName(NameOf(whole, "*")) + ".json";
        return !Directory.Exists(folder) ? [] :
            [.. Directory.EnumerateFiles(folder, pattern).Select(path => (path[..^5], PartManifest.Read(path)))
                .OrderBy(part => part.Item2.Count).ThenBy(part => part.Item2.Number)];
    }

    /// <summary>The parts of a whole, in their order.</summary>
    /// <exception cref="BadInputException">A part is missing, belongs elsewhere or was altered.</exception>
    public static IReadOnlyList<(string File, PartManifest Manifest)> Checked(string whole)
    {
        IReadOnlyList<(string File, PartManifest Manifest)> parts = Find(whole);
        if (parts.Count == 0)
        {
            throw new BadInputException($"'{whole}'", "there are no parts of it",
                "run the command that writes it with --shard K/N or --mpi");
        }

        PartManifest first = parts[0].Manifest;
        foreach ((string file, PartManifest part) in parts)
        {
            if (part.Count != first.Count || part.Command != first.Command || part.Total != first.Total)
            {
                throw new BadInputException($"'{file}'", $"it is of another run than '{parts[0].File}'",
                    "remove the parts (and their .json) of the run that you do not want");
            }
        }

        int[] missing = [.. Enumerable.Range(1, first.Count).Except(parts.Select(part => part.Manifest.Number))];
        if (missing.Length > 0)
        {
            throw new BadInputException($"'{whole}'", string.Create(CultureInfo.InvariantCulture,
                $"{missing.Length} of {first.Count} parts are missing: {string.Join(", ", missing.Take(20))}"),
                $"run the same command again, which completes what lacks: {first.Command}");
        }

        long next = 0;
        foreach ((string file, PartManifest part) in parts)
        {
            if (part.First != next || part.Items < 0)
            {
                throw new BadInputException($"'{file}'", string.Create(CultureInfo.InvariantCulture,
                    $"it begins with item {part.First}, and the parts before it end before {next}"), "remove it and make it again");
            }

            if (!System.IO.File.Exists(file) || new FileInfo(file).Length != part.Bytes || HashOf(file) != part.Hash)
            {
                throw new BadInputException($"'{file}'", "it is not the file that its manifest describes",
                    "remove both and make them again");
            }

            next += part.Items;
        }

        if (next != first.Total)
        {
            throw new BadInputException($"'{whole}'", string.Create(CultureInfo.InvariantCulture,
                $"its parts have {next} items of {first.Total}"), "remove the parts and make them again");
        }

        return parts;
    }

    internal static string HashOf(string file)
    {
        XxHash128 hash = new();
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        hash.Append(stream);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    // The number stands before the ending, which tells the format.
    private static string NameOf(string whole, string which)
    {
        int start = Path.GetFileName(whole).IndexOf('.', 1);
        int ending = start < 0 ? whole.Length : whole.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase) ? whole.Length - 7
            : whole.Length - Path.GetExtension(whole).Length;
        return $"{whole[..ending]}.part-{which}{whole[ending..]}";
    }

    [GeneratedRegex(" --(shard|parts|threads|summary) [^ ]+| --mpi", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Share();

    /// <summary>What a part holds.</summary>
    /// <param name="Command">The command that made it.</param>
    /// <param name="Number">Its number, from 1.</param>
    /// <param name="Count">Number of parts.</param>
    /// <param name="First">Place of its first item in the whole.</param>
    /// <param name="Items">Number of its items.</param>
    /// <param name="Total">Items of the whole.</param>
    /// <param name="Bytes">Length of its file.</param>
    /// <param name="Hash">XXH128 of its file.</param>
    internal sealed record PartManifest(
        string Command, int Number, int Count, long First, long Items, long Total, long Bytes, string Hash)
    {
        /// <summary>Reads a manifest.</summary>
        public static PartManifest Read(string path) => TryRead(path) ?? throw new BadInputException(
            $"'{path}'", "this is no manifest of a part, or it is damaged", "remove it and its part, and run the same command again");

        /// <summary>The same; null where there is none that can be read.</summary>
        public static PartManifest? TryRead(string path)
        {
            try
            {
                JsonNode? root = System.IO.File.Exists(path) ? JsonNode.Parse(
                    System.IO.File.ReadAllText(path), documentOptions: new() { AllowDuplicateProperties = false }) : null;
                return (string?)root?["kind"] == Kind ? root.Deserialize<PartManifest>(JsonSerializerOptions.Web) : null;
            }
            catch (Exception problem) when (problem is JsonException or InvalidOperationException or IOException)
            {
                return null;
            }
        }

        /// <summary>Writes it whole or not at all.</summary>
        public void Write(string path)
        {
            JsonObject root = new() { ["kind"] = Kind };
            foreach ((string name, JsonNode? value) in JsonSerializer.SerializeToNode(this, JsonSerializerOptions.Web)!.AsObject())
            {
                root[name] = value?.DeepClone();
            }

            AtomicFile.WriteText(path, root.ToJsonString(_indented) + "\n");
        }
    }
}
