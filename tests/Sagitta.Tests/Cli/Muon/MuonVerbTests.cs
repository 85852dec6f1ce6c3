using System.Text.Json.Nodes;

namespace Sagitta.Tests.Cli.Muon;

public sealed class MuonVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sagitta-verbs").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Train_simulate_reconstruct_and_evaluate_work_on_each_others_files()
    {
        string config = Write("small.yaml", """
            seed: 3
            network: { layers: 1, heads: 2, headWidth: 4 }
            data: { training: 40, validation: 16, trainingBackgrounds: [2] }
            training: { epochs: 1, batchSize: 20 }
            """);
        Assert.Equal((0, ""), await Run("train", "muon", "--config", config, "--out", At("run"), "--threads", "1"));
        Assert.Equal((0, ""), await Run("simulate", At("events.npz"), "--events", "30"));
        string model = Path.Combine(At("run"), "model.safetensors");
        Assert.Equal((0, ""), await Run("reconstruct", "muon", At("tracks.csv"), "--events", At("events.npz"), "--model", model));
        string[] lines = await File.ReadAllLinesAsync(At("tracks.csv"));
        Assert.Equal("event,status,charge,pt,q_over_pt,q_over_pt_error,y0,slope,chi2,ndf,planes", lines[0]);
        Assert.Equal(31, lines.Length);
        Assert.Equal((0, ""), await Run("reconstruct", "muon", At("searched.csv"), "--events", At("events.npz"), "--model", model,
            "--track-search"));
        Assert.Equal(31, (await File.ReadAllLinesAsync(At("searched.csv"))).Length);
        Assert.Equal((0, ""), await Run("evaluate", "muon", "--events", At("events.npz"), "--model", model, "--summary",
            At("summary.json")));
        Assert.Contains("\"end-to-end with track search\"", await File.ReadAllTextAsync(At("summary.json")), StringComparison.Ordinal);
        Assert.Contains("\"end-to-end\"", await File.ReadAllTextAsync(At("summary.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_of_one_method_are_averaged_only_if_they_are_seeds_of_one_training()
    {
        string twin = Path.Combine(_folder, "twin.safetensors");
        File.Copy(Model(), twin);
        Assert.Equal((0, ""), await Run("simulate", At("events.npz"), "--events", "20", "--detector", "toy16"));
        Assert.Equal((0, ""), await Run("evaluate", "muon", "--events", At("events.npz"), "--model", Model(), "--model", twin, "--summary",
            At("summary.json")));
        JsonObject methods = JsonNode.Parse(await File.ReadAllTextAsync(At("summary.json")))!["muon"]!["samples"]!["simulation"]![
            "methods"]!
            .AsObject();
        Assert.False(methods.ContainsKey("end-to-end"));
        Assert.True(methods.ContainsKey($"end-to-end of {twin}"));
        Assert.True(methods.ContainsKey($"end-to-end with track search of {Model()}"));
    }

    [Fact]
    public async Task An_option_that_a_verb_does_not_have_is_no_file() =>
        await Refused("--model is no option", "compare", "muon", "--model", Model(), "--events", At("events.npz"));

    [Fact]
    public async Task A_model_of_another_detector_is_refused_in_one_line()
    {
        Assert.Equal((0, ""), await Run("simulate", At("events.npz"), "--detector", "toy17", "--events", "3"));
        await Refused("toy17", "reconstruct", "muon", At("tracks.csv"), "--events", At("events.npz"), "--model", Model());
        Assert.False(File.Exists(At("tracks.csv")));
    }

    [Fact]
    public async Task Events_of_another_readout_of_the_same_planes_are_taken_and_told()
    {
        Assert.Equal((0, ""), await Run("simulate", At("events.npz"), "--events", "3"));
        using StringWriter told = new();
        Assert.Equal(0, await SagittaCommand.RunAsync(
            ["reconstruct", "muon", At("tracks.csv"), "--events", At("events.npz"), "--model", Model()], told, told));
        Assert.Contains("of detector 'toy16-measured', with the planes of 'toy16' and perhaps another readout", told.ToString(),
            StringComparison.Ordinal);
        Assert.Equal(4, (await File.ReadAllLinesAsync(At("tracks.csv"))).Length);
    }

    [Fact]
    public async Task A_truncated_or_missing_event_file_is_refused_in_one_line()
    {
        Assert.Equal((0, ""), await Run("simulate", At("events.npz"), "--events", "3"));
        byte[] bytes = await File.ReadAllBytesAsync(At("events.npz"));
        await File.WriteAllBytesAsync(At("cut.npz"), bytes[..(bytes.Length / 2)]);
        await Refused("cut.npz", "evaluate", "muon", "--events", At("cut.npz"), "--model", Model());
        await Refused("none.npz", "evaluate", "muon", "--events", At("none.npz"), "--model", Model());
    }

    [Fact]
    public async Task An_unknown_field_is_refused_with_the_nearest_known_one()
    {
        string config = Write("wrong.yaml", "training:\n  epoch: 3\n");
        await Refused("training.epochs", "train", "muon", "--config", config, "--out", At("run"));
        await Refused("line 2", "train", "muon", "--config", config, "--out", At("run"));
    }

    [Fact]
    public async Task A_damaged_table_of_deposits_is_refused_with_line_and_column()
    {
        string truth = Write("truth.csv", "event,charge,px,py,pz,pt_yz\n0,1,0,0,10000,10000\n");
        string hits = Write(
            "hits.csv",
            "event,layer,track,parent,pdg,flag,x,y,z,y_in,y_out,zl_in,zl_out,edep_keV,t_ns,px,py,pz\n0,0,1,0,-13,1,0,zero,2000,0,0,-2.5,"
                + "2.5,1,6,0,0,10000\n");
        await Refused("line 2", "reconstruct", "muon", At("t.csv"), "--deposits", hits, "--truth", truth, "--model", Model());
        await Refused("y", "reconstruct", "muon", At("t.csv"), "--deposits", hits, "--truth", truth, "--model", Model());
        string missing = Write("missing.csv", "event,layer\n0,0\n");
        await Refused("column", "reconstruct", "muon", At("t.csv"), "--deposits", missing, "--truth", truth, "--model", Model());
    }

    private static async Task<(int Code, string Error)> Run(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await SagittaCommand.RunAsync(arguments, output, error);
        return (code, code == 0 ? "" : error.ToString());
    }

    private static async Task Refused(string expected, params string[] arguments)
    {
        (int code, string error) = await Run(arguments);
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'), line => line.StartsWith("sagitta:", StringComparison.Ordinal));
    }

    private string At(string name) => Path.Combine(_folder, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    private string Model()
    {
        MuonChain chain = new(SmallMuonRun.Experiment, SmallMuonRun.Detector);
        using ParameterVector<float> parameters = new(chain.Scorer.Layout);
        parameters.Initialise(RandomKey.FromSeed(1));
        MuonModelFile.Write(At("model.safetensors"), new(MuonMethod.EndToEnd, SmallMuonRun.Experiment, parameters, new MuonReading.Soft()));
        return At("model.safetensors");
    }
}
