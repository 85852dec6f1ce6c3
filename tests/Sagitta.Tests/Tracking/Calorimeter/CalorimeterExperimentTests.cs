namespace Sagitta.Tests.Tracking.Calorimeter;

public sealed class CalorimeterExperimentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sagitta").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("experiments/calorimeter.yaml", 5)]
    [InlineData("experiments/calorimeter-250.yaml", 5)]
    [InlineData("experiments/calorimeter-full.yaml", 3)]
    [InlineData("experiments/calorimeter-published.yaml", 5)]
    [InlineData("experiments/calorimeter-short.yaml", 5)]
    [InlineData("experiments/calorimeter-quick.yaml", 3)]
    [InlineData("experiments/calorimeter-hits.yaml", 2)]
    [InlineData("experiments/calorimeter-range.yaml", 3, "predict-and-track")]
    public void Shipped_experiments_can_be_read(string file, int methods, string first = "predict-then-track")
    {
        CalorimeterExperiment experiment = ConfigurationFile.Load<CalorimeterExperiment>(ShippedFile.Find(file));
        Assert.Equal(methods, experiment.Methods.Count);
        Assert.Equal(first, experiment.Methods[0].KindName);
        Assert.Contains($"- name: {first}\n", ConfigurationFile.Write(experiment), StringComparison.Ordinal);
    }

    [Fact]
    public void A_method_without_lambda_is_refused() => Assert.Throws<BadInputException>(() =>
        ConfigurationFile.Parse<CalorimeterExperiment>("methods:\n  - name: predict-and-track\n", "test"));

    [Theory]
    [InlineData(false, 0, 0)]
    [InlineData(true, 25, 0)]
    [InlineData(true, 0, 0.5)]
    public void Training_does_not_depend_on_threads_and_goes_on_where_it_stopped(bool through, double lambda, double change)
    {
        CalorimeterMethodOptions method = new()
        {
            Name = through ? CalorimeterMethodKind.PredictAndTrack : CalorimeterMethodKind.PredictThenTrack,
            Lambda = lambda,
            LargestChange = change,
        };
        CalorimeterExperiment experiment = Experiment(4);
        IReadOnlyList<CalorimeterSource> sources = CalorimeterSource.ReadAll(experiment);
        float[] whole = Train(experiment, method, sources, 2, "whole");
        Train(Experiment(2), method, sources, 1, "parts");
        Assert.Equal(whole, Train(experiment, method, sources, 1, "parts"));
        Assert.Equal(File.ReadAllText(Path.Combine(_folder, "whole", "metrics.csv")),
            File.ReadAllText(Path.Combine(_folder, "parts", "metrics.csv")));
        Assert.DoesNotContain(whole, float.IsNaN);
    }

    [Fact]
    public void Frames_can_be_normalised_together_and_other_networks_trained()
    {
        CalorimeterExperiment experiment = Experiment(2);
        IReadOnlyList<CalorimeterSource> sources = CalorimeterSource.ReadAll(experiment);
        float[] apart = Train(experiment, new(), sources, 2, "apart");
        float[] together = Train(experiment with { Training = experiment.Training with { FramesPerNormalisation = 2 } }, new(), sources, 2,
            "together");
        float[] hits = Train(experiment with { Network = new() { Graph = ScoredGraph.Hit, Hidden = 8 } }, new(), sources, 2, "hits");
        Assert.NotEqual(apart, together);
        Assert.DoesNotContain(together, float.IsNaN);
        Assert.DoesNotContain(hits, float.IsNaN);
        Assert.Throws<BadInputException>(() => ConfigurationFile.Parse<CalorimeterExperiment>(
            "training:\n  framesPerStep: 4\n  framesPerNormalisation: 3\n", "test"));
    }

    [Fact]
    public void A_model_file_gives_back_the_model()
    {
        using CalorimeterModel model = new(Experiment(1), new(), 3);
        model.Parameters.Initialise(Sagitta.Core.Randomness.RandomKey.FromSeed(1));
        string file = Path.Combine(_folder, "model.safetensors");
        model.Write(file);
        using CalorimeterModel read = CalorimeterModel.Read(file);
        Assert.Equal(model.Parameters.Values, read.Parameters.Values);
        Assert.Equal(model.Method, read.Method);
        Assert.Equal(3UL, read.Seed);
    }

    [Fact]
    public void The_table_of_gradients_is_that_of_the_logs()
    {
        CalorimeterMethodOptions method = new() { Name = CalorimeterMethodKind.PredictAndTrack, Lambda = 25 };
        using CalorimeterModel one = new(Experiment(1), method, 0);
        using CalorimeterModel two = new(Experiment(1), method, 1);
        using CalorimeterModel unlogged = new(Experiment(1), new(), 0);
        Assert.Empty(TrainingLog.Tables(_folder, [one, two, unlogged]));
        WriteLog(one, "25,0.1,0.5,0.6,0,0,0\n50,0.1,0.25,0.8,0,0,0\n75,0.1,0.125,0.7,0,0,0\n");
        WriteLog(two, "25,0.1,0.25,0.5,0,0,0\n50,0.1,0.25,0.6,0,0,0\n75,0.1,0.125,0.9,0,0,0\n");
        string line = Assert.Single(TrainingLog.Tables(_folder, [one, two, unlogged])).Split('\n')[2];
        string[] expected = ["pat-25", "2", "37.5", "25.0", "12.5", "85.0"];
        Assert.Equal(expected, line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public void Purity_by_step_is_the_best_so_far_of_the_logs()
    {
        using CalorimeterModel one = new(Experiment(1), new(), 0);
        using CalorimeterModel coarse = new(Experiment(1), new() { Name = CalorimeterMethodKind.PredictAndTrack, Lambda = 25 }, 0);
        WriteLog(one, string.Concat(Enumerable.Range(1, 40)
            .Select(look => string.Create(CultureInfo.InvariantCulture,
                $"{250 * look},0.1,1,{(look == 3 ? 0.875 : 0.5 + (look / 100.0))},0,0,0\n"))));
        WriteLog(coarse, "25,0.1,0.5,0.6,0,0,0\n50,0.1,0.25,0.8,0,0,0\n");
        string[] lines = TrainingLog.Tables(_folder, [one, coarse]).Last().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal(["method", "seeds", "250", "500", "1000", "2500", "5000", "10000"], lines[1]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["ptt", "1", "51.0", "52.0", "87.5", "87.5", "87.5", "90.0"], lines[2]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("up to a step", Assert.Single(TrainingLog.Tables(_folder, [coarse])), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_metric_stands_in_all_four_renderings()
    {
        CalorimeterSampleResult sample = new("water200-10", 200, 50, 2,
            [new("follower", null, 0, []), new("predict-then-track", new(), 1, [])]);
        CalorimeterRow[] rows = [.. CalorimeterRow.Of(sample)];
        Assert.Equal(["follower", "ptt"], rows.Select(r => r.Label));
        MetricTableTests.StandsInAllFour([.. CalorimeterTable.Sample, CalorimeterTable.Method, .. CalorimeterTable.OfMethod,
            .. CalorimeterTable.Published], rows[1]);
        Assert.Null(CalorimeterTable.Json([sample])["samples"]!["water200-10"]!["methods"]!["follower"]!["purity"]);
        Assert.Contains("follower", CalorimeterTable.PlainText([sample]), StringComparison.Ordinal);
    }

    private void WriteLog(CalorimeterModel model, string rows)
    {
        string folder = Path.Combine(_folder, CalorimeterReproduction.FolderOf(model.Method, model.Seed));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "metrics.csv"),
            "step,loss,frames_with_gradient,validation_purity,validation_efficiency,validation_tpr,validation_fpr\n" + rows);
    }

    private static CalorimeterExperiment Experiment(int steps) => new()
    {
        Data = new() { Waters = [200], ValidationFrames = 1, ValidationProtons = 20 },
        Training = new() { Steps = steps, FramesPerStep = 4, Protons = 10, ValidateEvery = 2, Decay = false },
    };

    private float[] Train(CalorimeterExperiment experiment, CalorimeterMethodOptions method, IReadOnlyList<CalorimeterSource> sources,
        int threads, string folder)
    {
        using WorkerThreads workers = new(threads);
        using CalorimeterTrainer trainer = new(experiment, method, 5, sources, workers);
        using CalorimeterModel model = trainer.Run(Path.Combine(_folder, folder), SilentProgress.Instance, CancellationToken.None);
        return model.Parameters.Values.ToArray();
    }
}
