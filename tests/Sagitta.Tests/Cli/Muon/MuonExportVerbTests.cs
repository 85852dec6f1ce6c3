using System.Text.Json.Nodes;

namespace Sagitta.Tests.Cli.Muon;

/// <summary>display, export, compare and reproduce from their command lines.</summary>
public sealed class MuonExportVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Display_writes_a_page_that_needs_no_other_file()
    {
        await Events(4);
        Assert.Equal((0, ""), await Run("display", "muon", At("event.html"), "--events", At("events.npz"), "--event", "2", "--model",
            Model(1), "--model", Model(2)));
        string page = await File.ReadAllTextAsync(At("event.html"));
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.Contains("influence", page, StringComparison.Ordinal);
        Assert.Contains("Event 2:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"http", page, StringComparison.Ordinal);
        (int code, string error) = await Run("display", "muon", At("none.html"), "--events", At("events.npz"), "--event", "9", "--model",
            Model(1));
        Assert.Equal(2, code);
        Assert.Contains("from 0 to 3", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_writes_models_graphs_and_events()
    {
        await Events(3);
        string model = Model(1);
        Assert.Equal((0, ""), await Run("export", "model", At("network.onnx"), "--model", model));
        Assert.Equal((0, ""), await Run("export", "model", At("weights.npz"), "--model", model));
        Assert.Equal((0, ""), await Run("export", "graphs", At("graphs.npz"), "--events", At("events.npz"), "--model", model));
        Assert.Equal((0, ""), await Run("export", "events", At("copy.npz"), "--events", At("events.npz")));
        Assert.Equal((0, ""), await Run("export", "events", At("copy.csv"), "--events", At("events.npz")));
        Assert.True(new FileInfo(At("network.onnx")).Length > 1000);
        using NpzReader weights = new(At("weights.npz"));
        MuonModel read = MuonModelFile.Read(model);
        Parameter first = new MuonChain(read.Experiment, SmallMuonRun.Detector).Scorer.Layout.Parameters[0];
        Assert.Equal(read.Parameters.Slice(first).ToArray(), weights.Read<float>(first.Name, first.Rows, first.Columns));
        Assert.True(File.Exists(At("copy_hits.csv")) && File.Exists(At("copy_events.csv")));
        Assert.Equal(2, (await Run("export", "model", At("network.pt"), "--model", model)).Code);
        Assert.Equal((0, ""), await Run("export", "graphs", At("graphs.csv"), "--events", At("events.npz"), "--model", model));
        Assert.True(File.Exists(At("graphs_nodes.csv")) && File.Exists(At("graphs_edges.csv")));
        Assert.Equal(2, (await Run("export", "graphs", At("graphs.txt"), "--events", At("events.npz"), "--model", model)).Code);
    }

    [Fact]
    public async Task Compare_sets_models_against_the_first()
    {
        await Events(40);
        Assert.Equal((0, ""), await Run("compare", "muon", Model(1), Model(2), Model(1), "--events", At("events.npz"), "--summary",
            At("summary.json")));
        JsonArray models = JsonNode.Parse(await File.ReadAllTextAsync(At("summary.json")))!["comparison"]!["models"]!.AsArray();
        Assert.Equal(3, models.Count);
        Assert.Null(models[0]!["minusFirst"]);
        Assert.NotEqual(0, (double)models[1]!["minusFirst"]!["auc"]!["value"]!);

        // A model against itself differs by nothing at all.
        Assert.Equal(0, (double)models[2]!["minusFirst"]!["auc"]!["value"]!);
        Assert.Equal(0, (double)models[2]!["minusFirst"]!["auc"]!["high"]!);
        Assert.Equal(2, (await Run("compare", "muon", Model(1), "--events", At("events.npz"))).Code);
        Directory.CreateDirectory(At("empty"));
        Assert.Equal(2, (await Run("compare", "muon", At("empty"), Model(1), "--events", At("events.npz"))).Code);
    }

    [Fact]
    public async Task Reproduce_writes_report_results_and_the_table_of_a_readme()
    {
        string config = At("small.yaml");
        await File.WriteAllTextAsync(config, """
            seed: 3
            network: { layers: 1, heads: 2, headWidth: 4 }
            data: { training: 60, validation: 20, test: 40, trainingBackgrounds: [2], testBackgrounds: [5, 10] }
            training: { epochs: 1, batchSize: 20 }
            """);
        await File.WriteAllTextAsync(
            At("README.md"),
            "Top\n<!-- muon results: written by 'sagitta reproduce muon --publish', do not edit -->\nstale line\n<!-- end of muon "
                + "results -->\nBottom\n");
        string[] command = ["reproduce", "muon", "--config", config, "--out", At("run"), "--seeds", "2", "--quick", "--publish",
            _folder.Name];
        Assert.Equal((0, ""), await Run(command));
        string report = await File.ReadAllTextAsync(Path.Combine(At("run"), "report.html"));
        Assert.Contains("class=\"verdict", report.Replace("verdict ", "verdict", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Scan over background", report, StringComparison.Ordinal);
        Assert.Contains("Where end-to-end gains most", report, StringComparison.Ordinal);
        JsonNode summary = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(At("run"), "summary.json")))!["muon"]!;
        Assert.NotEmpty(summary["verdict"]!["claims"]!.AsArray());
        Assert.Contains("factorised with outlier removal", summary["samples"]!["geant4-5"]!["methods"]!.AsObject().Select(m => m.Key));
        string readme = await File.ReadAllTextAsync(At("README.md"));
        Assert.StartsWith("Top\n", readme, StringComparison.Ordinal);
        Assert.EndsWith("\nBottom\n", readme, StringComparison.Ordinal);
        Assert.Contains("| end-to-end |", readme, StringComparison.Ordinal);
        Assert.DoesNotContain("stale line", readme, StringComparison.Ordinal);
        Assert.Contains("## Claims", await File.ReadAllTextAsync(Path.Combine(_folder.Name, "docs", "results.md")),
            StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder.Name, "docs", "images", "core-geant4.svg")));

        // One study alone, and a name that does not exist.
        Assert.Equal((0, ""), await Run([.. command[..8], "--only", "gradient", "--quick"]));
        Assert.True(File.Exists(Path.Combine(At("run"), "studies", "gradient.json")));
        (int code, string error) = await Run([.. command[..8], "--only", "no-such-study"]);
        Assert.Equal(2, code);
        Assert.Contains("misaligned", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("display")]
    [InlineData("export")]
    [InlineData("compare")]
    [InlineData("reproduce")]
    public async Task Help_shows_examples(string verb)
    {
        using StringWriter output = new();
        Assert.Equal(0, await SagittaCommand.RunAsync([verb, "--help"], output, TextWriter.Null));
        Assert.Contains($"sagitta {verb} ", output.ToString()[output.ToString().IndexOf("Examples:", StringComparison.Ordinal)..],
            StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Error)> Run(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await SagittaCommand.RunAsync(arguments, output, error);
        return (code, code == 0 ? "" : error.ToString());
    }

    private async Task Events(int count) => Assert.Equal(
        (0, ""), await Run("simulate", At("events.npz"), "--events", $"{count}", "--background", "5", "--detector", "toy16"));

    private string At(string name) => _folder.File(name);

    private string Model(ulong seed)
    {
        string path = At($"model{seed}.safetensors");
        MuonChain chain = new(SmallMuonRun.Experiment, SmallMuonRun.Detector);
        using ParameterVector<float> parameters = new(chain.Scorer.Layout);
        parameters.Initialise(RandomKey.FromSeed(seed));
        MuonModelFile.Write(path, new(MuonMethod.EndToEnd, SmallMuonRun.Experiment with { Seed = seed }, parameters,
            new MuonReading.Soft()));
        return path;
    }
}
