namespace Sagitta.Tests.Tracking.Muon.Training;

public sealed class MuonTrainingRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sagitta-muon").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Network and measurement stage learn together, then the stage alone.
    private static MuonExperiment Measuring { get; } = SmallMuonRun.Experiment with
    {
        Loss = SmallMuonRun.Experiment.Loss with { EndToEnd = false, LocalLikelihood = 0.1 },
        Measurement = new() { Enabled = true, Width = 8, Epochs = 2 },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_stopped_anywhere_continues_to_the_same_files(bool measuring)
    {
        MuonExperiment experiment = measuring ? Measuring : SmallMuonRun.Experiment;
        string whole = Path.Combine(_folder, "whole");
        string parts = Path.Combine(_folder, "parts");
        Run(whole, SilentProgress.Instance, CancellationToken.None, experiment);
        foreach (int steps in new[] { 1, 3, 2 })
        {
            using CancellationTokenSource stop = new();
            Assert.Throws<OperationCanceledException>(() => Run(parts, new StopAfter(steps, stop), stop.Token, experiment));
            Assert.False(File.Exists(Path.Combine(parts, "model.safetensors")));
        }

        Run(parts, SilentProgress.Instance, CancellationToken.None, experiment);
        foreach (string file in new[] { "model.safetensors", "metrics.csv", "config.yaml", "checkpoint.safetensors" })
        {
            Assert.True(File.ReadAllBytes(Path.Combine(whole, file)).AsSpan()
                .SequenceEqual(File.ReadAllBytes(Path.Combine(parts, file))), file);
        }
    }

    [Fact]
    public void A_run_with_a_stage_may_be_stopped_before_any_step()
    {
        byte[] Model(string folder) => File.ReadAllBytes(Path.Combine(folder, "model.safetensors"));
        string whole = Path.Combine(_folder, "whole");
        Run(whole, SilentProgress.Instance, CancellationToken.None, Measuring);
        for (int steps = 1, left = 3; left > 0; steps++)
        {
            string parts = Path.Combine(_folder, $"{steps}");
            using CancellationTokenSource stop = new();
            try
            {
                Run(parts, new StopAfter(steps, stop), stop.Token, Measuring);
                left--;
            }
            catch (OperationCanceledException)
            {
                Run(parts, SilentProgress.Instance, CancellationToken.None, Measuring);
            }

            Assert.True(Model(whole).AsSpan().SequenceEqual(Model(parts)), $"stopped after step {steps}");
            Assert.InRange(steps, 0, 100);
        }
    }

    [Fact]
    public void A_folder_with_another_configuration_is_refused()
    {
        Run(_folder, SilentProgress.Instance, CancellationToken.None);
        BadInputException problem = Assert.Throws<BadInputException>(
            () => Run(_folder, SilentProgress.Instance, CancellationToken.None, SmallMuonRun.Experiment with { Seed = 4 }));
        Assert.Contains("config.yaml", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_training_serves_other_test_samples_and_no_other_training_data()
    {
        MuonModel model = Run(_folder, SilentProgress.Instance, CancellationToken.None);
        MuonDataOptions data = SmallMuonRun.Experiment.Data;
        MuonDataOptions tested = data with
        {
            Test = 70,
            TestBackgrounds = [0, 20],
            WithoutMuon = 10,
            Spectrum = 0,
            Efficiency = [new() { Background = 5, Events = 100 }]
        };
        MuonModel again = Run(_folder, SilentProgress.Instance, CancellationToken.None, SmallMuonRun.Experiment with { Data = tested });
        Assert.Equal(model.Parameters.Values.ToArray(), again.Parameters.Values.ToArray());
        foreach (MuonDataOptions other in new[] { data with { Validation = 41 }, data with { TrainingBackgrounds = [3] } })
        {
            Assert.Throws<BadInputException>(() => Run(_folder, SilentProgress.Instance, CancellationToken.None,
                SmallMuonRun.Experiment with { Data = other }));
        }
    }

    [Fact]
    public void A_folder_older_than_tapered_chunks_continues_without_them()
    {
        MuonExperiment untapered = SmallMuonRun.Experiment
            with
        { Training = SmallMuonRun.Experiment.Training with { TaperedChunks = false } };
        MuonModel model = Run(_folder, SilentProgress.Instance, CancellationToken.None, untapered);
        string path = Path.Combine(_folder, "config.yaml");
        File.WriteAllLines(path, File.ReadLines(path).Where(line => !line.Contains("taperedChunks", StringComparison.Ordinal)).ToArray());
        Assert.Equal(model.Parameters.Values.ToArray(),
            Run(_folder, SilentProgress.Instance, CancellationToken.None, untapered).Parameters.Values.ToArray());
        Assert.Throws<BadInputException>(() => Run(_folder, SilentProgress.Instance, CancellationToken.None));
    }

    [Fact]
    public void Shipped_models_say_that_their_chunks_were_not_tapered()
    {
        foreach (string name in new[] { "end-to-end", "factorised" })
        {
            MuonTrainingOptions training = MuonModelFile.Read(ShippedFile.Find($"models/muon/{name}.safetensors")).Experiment.Training;
            Assert.Equal((8, false), (training.ChunkSize, training.TaperedChunks));
        }

        MuonExperiment again = ConfigurationFile.Load<MuonExperiment>(ShippedFile.Find("experiments/muon.yaml"));
        Assert.Equal((8, false), (again.Training.ChunkSize, again.Training.TaperedChunks));
    }

    [Fact]
    public void A_model_file_alone_restores_the_model()
    {
        MuonModel model = Run(_folder, SilentProgress.Instance, CancellationToken.None);
        MuonModel read = MuonModelFile.Read(Path.Combine(_folder, "model.safetensors"));
        Assert.Equal(model.Method, read.Method);
        Assert.Equal(model.Reading, read.Reading);
        Assert.Equal(model.Parameters.Values.ToArray(), read.Parameters.Values.ToArray());
        Assert.Equal(model.Experiment.Graph, read.Experiment.Graph);
        Assert.Equal(model.Experiment.Network, read.Experiment.Network);
        Assert.Equal(model.Experiment.Training, read.Experiment.Training);
    }

    [Fact]
    public void A_measurement_stage_and_the_scale_of_errors_come_back_from_the_file()
    {
        MuonModel model = Run(_folder, SilentProgress.Instance, CancellationToken.None, Measuring);
        Assert.Equal(MuonMethod.Local, model.Method);
        MuonModel read = MuonModelFile.Read(Path.Combine(_folder, "model.safetensors"));
        Assert.NotEqual(1, read.ErrorScale);
        Assert.Equal(model.ErrorScale, read.ErrorScale);
        using WorkerThreads threads = new(2);
        MuonChain chain = new(read.Experiment, read.Detector);
        EventSet events = SmallMuonRun.Training;
        TrackTable expected = chain.Reconstruct(model, events.Hits, threads);
        TrackTable found = chain.Reconstruct(read, events.Hits, threads);
        Assert.Equal(expected.QOverPt, found.QOverPt);
        TrackTable unscaled = chain.Reconstruct(read with { ErrorScale = 1 }, events.Hits, threads);
        Assert.Equal(unscaled.QOverPtError.Select(error => error * read.ErrorScale), found.QOverPtError);
        Assert.NotEqual(MuonModelFile.Fingerprint(read), MuonModelFile.Fingerprint(read with { ErrorScale = 1 }));

        // Without the stage the same weights give other tracks.
        double[] weights = read.Reading.Weights(new MuonEvaluation(chain, threads).Logits(read.Parameters, events).Weight);
        Assert.NotEqual(found.QOverPt, chain.Finder.Find(events.Hits, weights, threads).QOverPt);
    }

    [Fact]
    public void A_stage_trained_alone_leaves_the_network_and_does_not_depend_on_threads()
    {
        MuonModel network = MuonModelFile.Read(ShippedFile.Find("models/muon/factorised.safetensors"));
        MuonExperiment experiment = network.Experiment with { Measurement = Measuring.Measurement };
        MuonModel[] models = [.. new[] { 1, 2 }.Select(count =>
        {
            using WorkerThreads threads = new(count);
            Lazy<EventSet> events = new(() => SmallMuonRun.Training);
            return new MuonTrainingRun(experiment, new(experiment, network.Detector), _folder, threads, SilentProgress.Instance).RunStage(
                network, events, events, CancellationToken.None);
        })];
        Assert.Equal(models[0].Parameters.Values.ToArray(), models[1].Parameters.Values.ToArray());
        Assert.Equal(models[0].ErrorScale, models[1].ErrorScale);
        Assert.Equal(network.Parameters.Values.ToArray(), models[0].Parameters.Values[..network.Parameters.Values.Length].ToArray());
        Assert.Equal(network.Method, models[0].Method);
    }

    private static MuonModel Run(string folder, IRunProgress progress, CancellationToken stop, MuonExperiment? experiment = null)
    {
        MuonExperiment settings = experiment ?? SmallMuonRun.Experiment;
        using WorkerThreads threads = new(1);
        Lazy<EventSet> validation = new(() => MuonSamples.Validation(settings, SmallMuonRun.Detector, threads));
        return new MuonTrainingRun(settings, new(settings, SmallMuonRun.Detector), folder, threads, progress)
            .Run(new(() => SmallMuonRun.Training), validation, stop);
    }

    private sealed class StopAfter(int steps, CancellationTokenSource stop) : IRunProgress, IStageProgress
    {
        private bool _resumed;
        private int _left = steps;

        public IStageProgress Begin(string name, long total, string unit) => this;

        public void Note(string line)
        {
        }

        // The first call tells where the run continues, each later one is a step.
        public void Advance(long units = 1)
        {
            if (_resumed && --_left == 0)
            {
                stop.Cancel();
            }

            _resumed = true;
        }

        public void Show(string text)
        {
        }

        public void Dispose()
        {
        }
    }
}
