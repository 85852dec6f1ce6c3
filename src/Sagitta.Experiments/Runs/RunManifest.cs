using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Runs;

/// <summary>
/// What a run left in its folder, as manifest.json there: each file with its size and SHA-256, and what made them (docs/formats.md). Hidden
/// files and older checkpoints belong to no result and are left out.
/// </summary>
internal static class RunManifest
{
    /// <summary>Its name in the folder of a run.</summary>
    public const string Name = "manifest.json";

    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>Writes it.</summary>
    /// <param name="folder">The folder of a run that has ended.</param>
    /// <param name="command">The command as it was given.</param>
    /// <param name="words">The words of the command; those that name files are inputs.</param>
    public static void Write(string folder, string command, IEnumerable<string> words)
    {
        string root = Path.GetFullPath(folder);
        string configuration = Path.Combine(root, "config.yaml");
        JsonObject manifest = new()
        {
            ["command"] = command,
            ["version"] = RunSummary.Version,
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["system"] = RuntimeInformation.RuntimeIdentifier,
            ["vectorBits"] = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256
                : Vector128.IsHardwareAccelerated ? 128 : 64,
            ["configuration"] = File.Exists(configuration) ? Hash(configuration) : null,
            ["inputs"] = Table(words.Where(word => File.Exists(word)
                && !Path.GetFullPath(word).StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal).Select(word => (word, word))),
            ["files"] = Table(Files(root).Select(name => (name, Path.Combine(root, name)))),
        };
        AtomicFile.WriteText(Path.Combine(root, Name), manifest.ToJsonString(_indented) + "\n");
    }

    /// <summary>How a folder differs from its manifest, a sentence each; nothing where all is as it was written.</summary>
    /// <param name="folder">The folder of a run.</param>
    /// <param name="files">How many files the manifest names.</param>
    /// <exception cref="BadInputException">There is no manifest, or it is damaged.</exception>
    public static IReadOnlyList<string> Differences(string folder, out int files)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
        {
            throw new BadInputException($"'{folder}'", $"there is no {Name}", "give the folder of a run that has ended");
        }

        Dictionary<string, (long Size, string Hash)> written = Read(path);
        files = written.Count;
        List<string> differences = [];
        foreach ((string name, (long size, string hash)) in written)
        {
            string file = Path.Combine(folder, name);
            long? length = File.Exists(file) ? new FileInfo(file).Length : null;
            if (length is null)
            {
                differences.Add($"{name} is missing");
            }
            else if (length != size)
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{name} has {length} bytes, it had {size}"));
            }
            else if (Hash(file) != hash)
            {
                differences.Add($"{name} has other content");
            }
        }

        differences.AddRange(Files(folder).Where(name => !written.ContainsKey(name)).Select(name => $"{name} was not there"));
        return differences;
    }

    private static Dictionary<string, (long Size, string Hash)> Read(string path)
    {
        try
        {
            Dictionary<string, (long Size, string Hash)> files = new(StringComparer.Ordinal);
            foreach ((string name, JsonNode? file) in JsonNode.Parse(File.ReadAllText(path))!["files"]!.AsObject())
            {
                // A manifest names files of its folder, no others.
                if (Path.IsPathRooted(name) || name.Split('/', '\\').Contains("..", StringComparer.Ordinal))
                {
                    throw new FormatException();
                }

                files.Add(name, (file!["bytes"]!.GetValue<long>(), file["sha256"]!.GetValue<string>()));
            }

            return files;
        }
        catch (Exception problem) when (problem is JsonException or FormatException or InvalidOperationException or NullReferenceException
            or ArgumentException or IOException)
        {
            throw new BadInputException($"'{path}'", "this is no manifest of a run, or it is damaged", "run it again, or copy it again",
                problem);
        }
    }

    private static JsonObject Table(IEnumerable<(string Name, string Path)> files) => new(files.Select(
        file => KeyValuePair.Create(file.Name, (JsonNode?)new JsonObject
        {
            ["bytes"] = new FileInfo(file.Path).Length,
            ["sha256"] = Hash(file.Path),
        })));

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(path => Path.GetFileName(path) is var name && name[0] != '.' && !name.EndsWith(".previous", StringComparison.Ordinal))
        .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Where(name => name != Name).Order(StringComparer.Ordinal);

    private static string Hash(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
