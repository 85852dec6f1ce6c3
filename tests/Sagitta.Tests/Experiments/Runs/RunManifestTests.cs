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
        Assert.Equal(0, await SagittaCommand.InvokeAsync(
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

    private static async Task<(int Code, string Output, string Error)> Verify(string folder)
    {
        using StringWriter output = new(), error = new();
        int code = await SagittaCommand.RunAsync(["verify", folder], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
