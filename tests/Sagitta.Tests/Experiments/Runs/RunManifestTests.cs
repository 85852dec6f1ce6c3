using System.CommandLine;
using System.Text.Json.Nodes;

namespace Sagitta.Tests.Experiments.Runs;

public sealed class RunManifestTests
{
    [Fact]
    public async Task Run_leaves_a_manifest_and_verify_says_what_differs()
    {
        using TemporaryFolder folder = new();
        string run = folder.File("run");
        string input = folder.File("input.csv");
        await File.WriteAllTextAsync(input, "1,2\n");
        VerbCommand verb = new("work", new SystemVerb(
            "work", "Works", [SharedOptions.Out, VerbOption.Text("--events", "FILE", "Events")], run =>
            {
                Directory.CreateDirectory(Path.Combine(run.Folder, "deep"));
                File.WriteAllText(Path.Combine(run.Folder, "config.yaml"), "seed: 1\n");
                File.WriteAllText(Path.Combine(run.Folder, "deep", "table.csv"), "a,b\n");
                return 0;
            })
        { Examples = [] });
        using CancellationTokenSource stop = new();
        Assert.Equal(0, SagittaCommand.Invoke(
            new RootCommand { verb }.Parse(["work", "--out", run, "--events", input]), TextWriter.Null, TextWriter.Null, stop));
        JsonNode manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(run, "manifest.json")))!;
        Assert.Equal(["config.yaml", "deep/table.csv"], manifest["files"]!.AsObject().Select(file => file.Key));
        Assert.Equal([input], manifest["inputs"]!.AsObject().Select(file => file.Key));
        Assert.Equal((string?)manifest["files"]!["config.yaml"]!["sha256"], (string?)manifest["configuration"]);
        Assert.StartsWith("sagitta work --out", (string?)manifest["command"], StringComparison.Ordinal);
        Assert.Equal((0, $"{run}: all 2 files are as the run wrote them\n", ""), await Verify(run));

        await File.WriteAllTextAsync(Path.Combine(run, "deep", "table.csv"), "a,c\n");
        await File.WriteAllTextAsync(Path.Combine(run, "new.csv"), "");
        await File.WriteAllTextAsync(Path.Combine(run, "config.yaml"), "seed: 12\n");
        Assert.Equal(
            (1, $"{run}: config.yaml has 9 bytes, it had 8\n{run}: deep/table.csv has other content\n{run}: new.csv was not there\n", ""),
            await Verify(run));
        File.Delete(Path.Combine(run, "config.yaml"));
        Assert.StartsWith($"{run}: config.yaml is missing\n", (await Verify(run)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_is_made_again_and_compared()
    {
        using TemporaryFolder folder = new();
        string run = folder.File("run"), events = folder.File("events.npz");
        EventFile.Write(events, MuonSimulation.Generate(DetectorFile.Load("toy16"), new(), 7, 0, 60));
        Assert.Equal(0, await SagittaCommand.RunAsync(["evaluate", "muon", "--events", events, "--threads", "1", "--out", run, "--summary",
            folder.File("summary.json"), "-q"], TextWriter.Null, TextWriter.Null));
        JsonNode manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(run, "manifest.json")))!;
        Assert.Contains("models/muon/end-to-end.safetensors", string.Join(' ', manifest["inputs"]!.AsObject().Select(file => file.Key)),
            StringComparison.Ordinal);
        Assert.Contains(events, manifest["inputs"]!.AsObject().Select(file => file.Key));
        Assert.DoesNotContain(folder.File("summary.json"), manifest["inputs"]!.AsObject().Select(file => file.Key));
        Assert.Equal(1UL, (ulong?)manifest["seed"]);
        Assert.NotNull(manifest["processorFeatures"]);
        Assert.Equal("evaluate", (string?)manifest["arguments"]![0]);
        (int code, string output, string error) = await Verify(run, "--again");
        Assert.Equal((0, $"{run}: all 1 files are as the run wrote them\n{run}: run again, all 1 results are the same\n"), (code, output));
        Assert.Contains("sagitta evaluate muon --events", error, StringComparison.Ordinal);

        // A result that this command does not give, told by its manifest as it stands there.
        string summary = Path.Combine(run, "summary.json");
        JsonNode altered = JsonNode.Parse(await File.ReadAllTextAsync(summary))!;
        altered["muon"] = "better";
        await File.WriteAllTextAsync(summary, altered.ToJsonString());
        await Resealed(run, "summary.json");
        (code, output, _) = await Verify(run, "--again");
        Assert.Equal(1, code);
        Assert.EndsWith($"{run}: summary.json comes out otherwise\n", output, StringComparison.Ordinal);

        EventFile.Write(events, MuonSimulation.Generate(DetectorFile.Load("toy16"), new(), 8, 0, 60));
        (code, _, error) = await Verify(run, "--again");
        Assert.Equal(2, code);
        Assert.Contains("this input of the run has other content now", error, StringComparison.Ordinal);
        File.Delete(events);
        Assert.Contains("this input of the run is not there", (await Verify(run, "--again")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifest_says_that_an_input_was_a_pipe_and_does_not_wait_for_it()
    {
        using TemporaryFolder folder = new();
        string fifo = folder.File("pipe"), run = folder.File("run");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [fifo]))
        {
            await make.WaitForExitAsync();
        }

        Directory.CreateDirectory(run);
        RunManifest.Write(run, "sagitta work", ["work"], 1, [fifo, "-"]);
        JsonNode manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(run, "manifest.json")))!;
        Assert.Empty(manifest["inputs"]!.AsObject());
        Assert.Contains("which was a pipe", (await Verify(run, "--again")).Error, StringComparison.Ordinal);
    }

    // The manifest with the file as it is.
    private static async Task Resealed(string run, string name)
    {
        string path = Path.Combine(run, "manifest.json");
        JsonNode manifest = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(run, name));
        manifest["files"]![name]!["bytes"] = bytes.Length;
        manifest["files"]![name]!["sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        await File.WriteAllTextAsync(path, manifest.ToJsonString());
    }

    [Theory]
    [InlineData(null, "there is no manifest.json; give the folder of a run that has ended")]
    [InlineData("", "this is no manifest of a run")]
    [InlineData("[1]", "this is no manifest of a run")]
    [InlineData("{}", "this is no manifest of a run")]
    [InlineData("{\"files\":{\"a\":1}}", "this is no manifest of a run")]
    [InlineData("{\"files\":{\"../a\":{\"bytes\":1,\"sha256\":\"\"}}}", "this is no manifest of a run")]
    [InlineData("{\"files\":{\"/etc/a\":{\"bytes\":1,\"sha256\":\"\"}}}", "this is no manifest of a run")]
    public async Task Folder_without_a_sound_manifest_is_bad_input(string? text, string message)
    {
        using TemporaryFolder folder = new();
        if (text is not null)
        {
            await File.WriteAllTextAsync(folder.File("manifest.json"), text);
        }

        (int code, string output, string error) = await Verify(folder.Name);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> Verify(string folder, params string[] options)
    {
        using StringWriter output = new(), error = new();
        int code = await SagittaCommand.RunAsync(["verify", folder, .. options], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
