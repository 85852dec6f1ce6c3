using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
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
    private static readonly HashSet<string> _texts = new([".json", ".html", ".md", ".txt", ".yaml", ".csv", ".svg"],
        StringComparer.Ordinal);

    /// <summary>Writes it.</summary>
    /// <param name="folder">The folder of a run that has ended.</param>
    /// <param name="command">The command as it was given.</param>
    /// <param name="arguments">Its words behind the program's name.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="inputs">Files that it read; those of the folder itself are none, and a pipe can't be told again.</param>
    public static void Write(string folder, string command, IReadOnlyList<string> arguments, ulong seed, IEnumerable<string> inputs)
    {
        string root = Path.GetFullPath(folder);
        string configuration = Path.Combine(root, "config.yaml");
        string[] read = [.. inputs.Where(name => !Path.GetFullPath(name).StartsWith(root + Path.DirectorySeparatorChar,
            StringComparison.Ordinal))];
        JsonObject manifest = new()
        {
            ["command"] = command,
            ["arguments"] = new JsonArray([.. arguments.Select(word => JsonValue.Create(word))]),
            ["seed"] = seed,
            ["version"] = RunSummary.Version,
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["system"] = RuntimeInformation.RuntimeIdentifier,
            ["vectorBits"] = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256
                : Vector128.IsHardwareAccelerated ? 128 : 64,
            ["processorFeatures"] = new JsonArray([.. Features().Select(name => JsonValue.Create(name))]),
            ["configuration"] = File.Exists(configuration) ? Hash(configuration) : null,
            ["inputs"] = Table(read.Where(name => File.Exists(name) && !PosixFile.IsSpecial(Path.GetFullPath(name)))
                .Select(name => (Shown(name), name)).DistinctBy(file => file.Item1, StringComparer.Ordinal)),
            ["pipes"] = new JsonArray([.. read.Where(name => name == TableFile.StandardInput
                || PosixFile.IsSpecial(Path.GetFullPath(name))).Select(name => JsonValue.Create(name))]),
            ["files"] = Table(Files(root).Select(name => (name, Path.Combine(root, name)))),
        };
        AtomicFile.WriteText(Path.Combine(root, Name), manifest.ToJsonString(_indented) + "\n");
    }

    /// <summary>The words of a run, to be run again from the same place with the same inputs.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="note">Told how versions and processors differ from those of the run: results may then differ in their last
    /// digits.</param>
    /// <exception cref="BadInputException">The manifest is of an older version, or an input is missing, altered, or was a
    /// pipe.</exception>
    public static IReadOnlyList<string> Recipe(string folder, Action<string> note)
    {
        string path = Path.Combine(folder, Name);
        JsonNode manifest = Parsed(path);
        if (manifest["arguments"] is not JsonArray { Count: > 0 } words)
        {
            throw new BadInputException($"'{path}'", "it does not hold the words of its command", "run the command again yourself");
        }

        if (manifest["pipes"] is JsonArray { Count: > 0 } pipes)
        {
            throw new BadInputException($"'{path}'", $"the run read '{pipes[0]}', which was a pipe", "only files can be read again");
        }

        foreach ((string name, bool isThere) in AlteredInputs(path))
        {
            (string problem, string mend) = isThere ? ("this input of the run has other content now", "bring back what the run read")
                : ("this input of the run is not there", "go to the folder where it was started, or bring the file back");
            throw new BadInputException($"'{name}'", problem, mend);
        }

        void Compare(string name, string then, string now)
        {
            if (then != now)
            {
                note($"the run had {name} {then}, this is {now}: results may differ in their last digits");
            }
        }

        Compare("version", (string?)manifest["version"] ?? "", RunSummary.Version);
        Compare("runtime", (string?)manifest["runtime"] ?? "", RuntimeInformation.FrameworkDescription);
        Compare("processor features", string.Join(' ', manifest["processorFeatures"]?.AsArray().Select(n => n!.ToString()) ?? []),
            string.Join(' ', Features()));
        return [.. words.Select(word => word!.ToString())];
    }

    /// <summary>Whether all that a run read is as it was; a folder without a manifest read nothing that is known.</summary>
    /// <exception cref="BadInputException">The manifest is damaged.</exception>
    public static bool HasItsInputs(string folder) =>
        Path.Combine(folder, Name) is var path && (!File.Exists(path) || !AlteredInputs(path).Any());

    /// <summary>How the results of a run that was made again differ, a sentence each. Where the run was, when and how fast does not
    /// count.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="again">The folder of the same run, made again.</param>
    /// <param name="named">How the command of the run called its folder, which texts may repeat.</param>
    /// <param name="files">How many files were compared.</param>
    public static IReadOnlyList<string> ResultsThatDiffer(string folder, string again, string named, out int files)
    {
        string[] before = [.. Files(folder).Where(IsResult)], after = [.. Files(again).Where(IsResult)];
        files = before.Length;
        return
        [
            .. before.Except(after, StringComparer.Ordinal).Select(name => $"{name} was not made again"),
            .. after.Except(before, StringComparer.Ordinal).Select(name => $"{name} is made now, and was not"),
            .. before.Intersect(after, StringComparer.Ordinal)
                .Where(name => Hash(Path.Combine(folder, name)) != Hash(Path.Combine(again, name))
                    && (!_texts.Contains(Path.GetExtension(name))
                        || Content(folder, name, again, named) != Content(again, name, again, named)))
                .Select(name => $"{name} comes out otherwise"),
        ];

        static bool IsResult(string name) => Path.GetFileName(name) != Name;
    }

    // Where the run was is quoted where it holds a blank.
    private static string Content(string folder, string name, string again, string named) => RunSummary.WithoutCircumstances(
        File.ReadAllText(Path.Combine(folder, name)).Replace(again, named, StringComparison.Ordinal)
            .Replace($"'{named}'", named, StringComparison.Ordinal));

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

        Dictionary<string, (long Size, string Hash)> written = Read(path, "files");
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

    private static IEnumerable<(string Name, bool IsThere)> AlteredInputs(string path)
    {
        foreach ((string name, (long size, string hash)) in Read(path, "inputs", anywhere: true))
        {
            string? file = File.Exists(name) ? name : ShippedFile.TryFind(name);
            if (file is null || new FileInfo(file).Length != size || Hash(file) != hash)
            {
                yield return (name, file is not null);
            }
        }
    }

    private static JsonNode Parsed(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) ?? throw new FormatException();
        }
        catch (Exception problem) when (IsDamage(problem))
        {
            throw Damaged(path, problem);
        }
    }

    private static Dictionary<string, (long Size, string Hash)> Read(string path, string table, bool anywhere = false)
    {
        try
        {
            Dictionary<string, (long Size, string Hash)> files = new(StringComparer.Ordinal);
            foreach ((string name, JsonNode? file) in Parsed(path)[table]!.AsObject())
            {
                // A manifest names files of its folder, no others.
                if (!anywhere && (Path.IsPathRooted(name) || name.Split('/', '\\').Contains("..", StringComparer.Ordinal)))
                {
                    throw new FormatException();
                }

                files.Add(name, (file!["bytes"]!.GetValue<long>(), file["sha256"]!.GetValue<string>()));
            }

            return files;
        }
        catch (Exception problem) when (IsDamage(problem))
        {
            throw Damaged(path, problem);
        }
    }

    private static bool IsDamage(Exception problem) => problem is JsonException or FormatException or InvalidOperationException
        or NullReferenceException or ArgumentException or IOException;

    private static BadInputException Damaged(string path, Exception problem) => new(
        $"'{path}'", "this is no manifest of a run, or it is damaged", "run it again, or copy it again", problem);

    private static IEnumerable<string> Features() => new (string Name, bool Has)[]
    {
        ("AVX", Avx.IsSupported), ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("AVX512F", Avx512F.IsSupported),
        ("AVX512BW", Avx512BW.IsSupported), ("AVX512DQ", Avx512DQ.IsSupported), ("AVX512VBMI", Avx512Vbmi.IsSupported),
        ("AdvSimd", AdvSimd.IsSupported),
    }.Where(feature => feature.Has).Select(feature => feature.Name);

    // What came with the program is found again by its name there.
    private static string Shown(string path) => Path.IsPathRooted(path) ? ShippedFile.NameOf(path) ?? path : path;

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
