using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sagitta.Tests.Experiments.Landscapes;

public sealed partial class LandscapeCommandTests : IDisposable
{
    private static readonly LandscapeSystem[] _systems = [new CalorimeterLandscape(), new MuonLandscape()];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_with_a_measurement_stage_is_refused_in_a_line()
    {
        MuonModel trained = MuonModelFile.Read(ShippedFile.Find("models/muon/factorised.safetensors"));
        MuonExperiment experiment = trained.Experiment with { Measurement = new() { Enabled = true } };
        using ParameterVector<float> parameters = new(new MuonChain(experiment, trained.Detector).Scorer.Layout);
        string folder = _folder.File("staged");
        MuonModelFile.Write(Path.Combine(folder, "model.safetensors"), trained with { Experiment = experiment, Parameters = parameters });
        LandscapeRequest request = new() { Quick = true, Models = [folder], Threads = 1 };
        BadInputException refused = Assert.Throws<BadInputException>(() => LandscapeCommand.Run(_systems, request, _folder.File("out"),
            new("landscape", 1, 1), SilentProgress.Instance, CancellationToken.None));
        Assert.Contains("measurement stage", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_quick_form_makes_a_report_and_a_summary_and_is_not_done_twice()
    {
        string models = Models();
        using (CalorimeterModel hit = new(new() { Network = new() { Graph = ScoredGraph.Hit, Hidden = 8 } }, new(), 0))
        {
            hit.Write(Path.Combine(models, "hit-ptt-seed0", "model.safetensors"));
        }

        string output = _folder.File("landscape");
        LandscapeRequest request = new()
        {
            Quick = true,
            Models = [models],
            Threads = 2,
            Settings = ["data.protons=10", "data.testProtons=[10]", "similarity.batchRows=32"]
        };
        RunSummary summary = new("landscape --quick", 1, 2);
        LandscapeCommand.Run(_systems, request, output, summary, SilentProgress.Instance, CancellationToken.None);
        using JsonDocument json = JsonDocument.Parse(summary.ToJson());
        JsonElement landscape = json.RootElement.GetProperty("landscape");
        foreach ((string system, string loss) in new[] { ("calorimeter", "cross-entropy"), ("muon", "composite") })
        {
            JsonElement section = landscape.GetProperty(system);
            JsonElement curvature = section.GetProperty("curvature").EnumerateArray().First(c => c.GetProperty("loss").GetString() == loss);
            Assert.Equal(2, curvature.GetProperty("eigenvalues").GetArrayLength());
            foreach (string direction in (string[])["productError", "leadingProductError"])
            {
                double error = curvature.GetProperty(direction).GetDouble();
                Assert.True(error < 1e-5, $"{system}, {loss}: {direction} {error}");
            }

            Assert.Contains(section.GetProperty("slices").EnumerateArray(), s => s.GetProperty("directions").GetString() == "trajectory");
            Assert.Contains(section.GetProperty("connectivity").EnumerateArray(), s =>
                s.GetProperty("group").GetString() == "between methods");
            Assert.Contains(section.GetProperty("connectivity").EnumerateArray(), s =>
                s.GetProperty("group").GetString()!.StartsWith("within", StringComparison.Ordinal));
            Assert.Equal(6, section.GetProperty("similarity").GetArrayLength());
            Assert.Equal(2, section.GetProperty("stability").GetArrayLength());
        }

        string report = File.ReadAllText(Path.Combine(output, "report.html"));
        Assert.Contains("</html>", report, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", report, StringComparison.Ordinal);
        Assert.Contains("hit graph ptt", report, StringComparison.Ordinal);
        Assert.Contains("Does end-to-end training reduce that?", report, StringComparison.Ordinal);
        string[] analyses = Directory.GetFiles(Path.Combine(output, "analyses"));
        Assert.NotEmpty(analyses);

        // All is there: a second run only writes the report again, to the same numbers.
        string told = LandscapeCommand.Run(_systems, request, output, new("landscape --quick", 1, 2), SilentProgress.Instance,
            CancellationToken.None);
        Assert.StartsWith($"{analyses.Length} analyses were there already", told, StringComparison.Ordinal);
        Assert.Equal(WithoutClock(report), WithoutClock(File.ReadAllText(Path.Combine(output, "report.html"))));
    }

    // A report says when it was written and how long its process had run: the second writing may fall into another minute.
    private static string WithoutClock(string report)
    {
        string text = Clock().Replace(report, "<dd></dd>");
        Assert.Equal(2, Clock().Count(report));
        return text;
    }

    [GeneratedRegex("<dd>([0-9-]+ [0-9:]+ UTC|[0-9.]+ min)</dd>")]
    private static partial Regex Clock();

    [Fact]
    public void A_stopped_run_keeps_what_is_finished()
    {
        string output = _folder.File("stopped");
        using CancellationTokenSource stop = new();
        LandscapeRequest request = new()
        {
            System = "calorimeter",
            Quick = true,
            Models = [Models()],
            Settings = ["data.protons=8", "data.testProtons=[8]"]
        };
        StopAtCurvature progress = new(stop);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            LandscapeCommand.Run(_systems, request, output, new("landscape", 1, 1), progress, stop.Token));
        Assert.Equal(["calorimeter-tables.json"], Directory.GetFiles(Path.Combine(output, "analyses")).Select(Path.GetFileName));
        Assert.False(File.Exists(Path.Combine(output, "report.html")));
    }

    [Fact]
    public void Missing_models_are_an_error_that_says_what_to_give()
    {
        LandscapeRequest request = new() { System = "muon", Models = [_folder.Name] };
        BadInputException problem = Assert.Throws<BadInputException>(
            () => LandscapeCommand.Run(_systems, request, _folder.File("none"), new("landscape", 1, 1), SilentProgress.Instance,
            CancellationToken.None));
        Assert.Contains("there is no muon model", problem.Message, StringComparison.Ordinal);
        Assert.Throws<BadInputException>(() => ModelFiles.Find([_folder.File("nowhere")], "any"));
        Assert.Throws<BadInputException>(() => LandscapeCommand.Run(_systems,
            request with { Settings = ["slices.grid=1"] }, _folder.File("none"), new(
            "landscape", 1, 1), SilentProgress.Instance, CancellationToken.None));
    }

    [Fact]
    public void Patterns_choose_models()
    {
        string models = Models();
        Assert.Equal(4, ModelFiles.Find([models], "sagitta calorimeter model").Count);
        Assert.Equal(2, ModelFiles.Find([Path.Combine(models, "ptt-*")], "sagitta calorimeter model").Count);
        Assert.Single(ModelFiles.Find([Path.Combine(models, "ptt-seed0", "model.safetensors")], "sagitta calorimeter model"));
    }

    // Untrained networks of both systems, two methods and two seeds each; the first of each system has a path.
    private string Models()
    {
        string folder = _folder.File("models");
        foreach (ulong seed in (ulong[])[0, 1])
        {
            foreach (CalorimeterMethodOptions method in (CalorimeterMethodOptions[])[
                new(), new() { Name = CalorimeterMethodKind.PredictAndTrack, Lambda = 25 }])
            {
                using CalorimeterModel model = new(new(), method, seed);
                string place = Path.Combine(folder, $"{CalorimeterTrainer.Name(method)}-seed{seed}");
                Walk(place, model.Parameters, seed + (method.Lambda > 0 ? 10UL : 0));
                model.Write(Path.Combine(place, "model.safetensors"));
            }

            foreach (bool joint in (bool[])[false, true])
            {
                MuonExperiment experiment = SmallMuonRun.Experiment with
                {
                    Seed = seed,
                    Loss = SmallMuonRun.Experiment.Loss with { EndToEnd = joint }
                };
                using ParameterVector<float> parameters = new(new HitScorer(experiment.Network).Layout);
                string place = Path.Combine(folder, $"muon-{joint}-{seed}");
                Walk(place, parameters, seed + (joint ? 10UL : 0));
                MuonModelFile.Write(Path.Combine(place, "model.safetensors"),
                    new(MuonTrainingRun.MethodOf(experiment), experiment, parameters, new MuonReading.Soft(1)));
            }
        }

        return folder;
    }

    private static void Walk(string place, ParameterVector<float> parameters, ulong seed)
    {
        parameters.Initialise(RandomKey.FromSeed(seed));
        for (int step = 0; step < 4; step++)
        {
            TrajectoryFolder.Save(place, step, parameters);
            for (int i = 0; i < 40; i++)
            {
                parameters.Values[i] += 0.05f * (float)Math.Cos(i + (step * step));
            }
        }
    }

    private sealed class StopAtCurvature(CancellationTokenSource stop) : IRunProgress
    {
        public IStageProgress Begin(string name, long total, string unit)
        {
            if (name.StartsWith("curvature", StringComparison.Ordinal))
            {
                stop.Cancel();
            }

            return SilentProgress.Instance;
        }

        public void Note(string line)
        {
        }
    }
}
