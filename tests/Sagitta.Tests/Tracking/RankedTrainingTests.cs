namespace Sagitta.Tests.Tracking;

/// <summary>Trainings on several ranks leave the files of one process, bit for bit, and go on with another number of ranks.</summary>
public sealed class RankedTrainingTests
{
    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Muon_training_gives_the_same_files_and_resumes_on_another_number_of_ranks(int count, bool measuring)
    {
        MuonExperiment experiment = measuring ? SmallMuonRun.Experiment with
        {
            Loss = SmallMuonRun.Experiment.Loss with { EndToEnd = false, LocalLikelihood = 0.1 },
            Measurement = new() { Enabled = true, Width = 8, Epochs = 1 },
        } : SmallMuonRun.Experiment;
        using TemporaryFolder folder = new();
        Train(folder.File("one"), Ranks.Alone, CancellationToken.None);
        ThreadRanks.Run(count, ranks => Train(folder.File("many"), ranks, CancellationToken.None));
        using CancellationTokenSource stop = new();
        Assert.ThrowsAny<OperationCanceledException>(() => ThreadRanks.Run(count, ranks =>
            Train(folder.File("resumed"), ranks, ranks.Rank == 1 ? stop.Token : CancellationToken.None, ranks.IsFirst ? stop : null)));
        Assert.False(File.Exists(folder.File("resumed/model.safetensors")));
        Assert.True(File.Exists(folder.File("resumed/checkpoint.safetensors")));
        ThreadRanks.Run(2, ranks => Train(folder.File("resumed"), ranks, CancellationToken.None));
        foreach (string file in new[] { "model.safetensors", "metrics.csv", "checkpoint.safetensors" })
        {
            byte[] expected = File.ReadAllBytes(folder.File("one/" + file));
            Assert.Equal(expected, File.ReadAllBytes(folder.File("many/" + file)));
            Assert.Equal(expected, File.ReadAllBytes(folder.File("resumed/" + file)));
        }

        bool Train(string to, Ranks ranks, CancellationToken token, CancellationTokenSource? cancel = null)
        {
            using WorkerThreads threads = new(1);
            Lazy<EventSet> validation = new(() => MuonSamples.Validation(experiment, SmallMuonRun.Detector, threads));
            new MuonTrainingRun(experiment, new(experiment, SmallMuonRun.Detector), to, threads,
                cancel is null ? SilentProgress.Instance : new StopInStage("train local", "train end-to-end", cancel), ranks)
                .Run(new(() => SmallMuonRun.Training), validation, token);
            return true;
        }
    }

    [Fact]
    public void Calorimeter_training_gives_the_same_files_and_resumes_on_another_number_of_ranks()
    {
        using TemporaryFolder folder = new();
        IReadOnlyList<CalorimeterSource> sources = CalorimeterSource.ReadAll(Experiment(4));
        Train(4, "one", Ranks.Alone);
        ThreadRanks.Run(3, ranks => Train(4, "many", ranks));
        ThreadRanks.Run(2, ranks => Train(2, "resumed", ranks));
        ThreadRanks.Run(3, ranks => Train(4, "resumed", ranks));
        foreach (string file in new[] { "metrics.csv", "checkpoint.safetensors" })
        {
            byte[] expected = File.ReadAllBytes(folder.File("one/" + file));
            Assert.Equal(expected, File.ReadAllBytes(folder.File("many/" + file)));
            Assert.Equal(expected, File.ReadAllBytes(folder.File("resumed/" + file)));
        }

        bool Train(int steps, string to, Ranks ranks)
        {
            using WorkerThreads threads = new(1);
            using CalorimeterTrainer trainer = new(Experiment(steps), new(), 5, sources, threads, ranks);
            trainer.Run(folder.File(to), SilentProgress.Instance, CancellationToken.None).Dispose();
            return true;
        }

        static CalorimeterExperiment Experiment(int steps) => new()
        {
            Data = new() { Waters = [200], ValidationFrames = 1, ValidationProtons = 20 },
            Training = new() { Steps = steps, FramesPerStep = 4, Protons = 10, ValidateEvery = 2, Decay = false },
        };
    }

    [Fact]
    public void Endcap_training_gives_the_same_files_and_resumes_on_another_number_of_ranks()
    {
        using TemporaryFolder folder = new();
        EndcapEvents events = EndcapSlice.Digitised(2).Slice(0, 31);
        EndcapExperiment experiment = new()
        {
            Epochs = 3,
            BatchSize = 8,
            Network = new() { Layers = 1, Heads = 2, HeadWidth = 4 },
            Loss = new() { WarmUp = 0.3 },
        };
        Train("one", Ranks.Alone, CancellationToken.None);
        ThreadRanks.Run(4, ranks => Train("many", ranks, CancellationToken.None));
        using CancellationTokenSource stop = new();
        Assert.ThrowsAny<OperationCanceledException>(() => ThreadRanks.Run(3, ranks =>
            Train("resumed", ranks, ranks.Rank == 1 ? stop.Token : CancellationToken.None, ranks.IsFirst ? stop : null)));
        ThreadRanks.Run(2, ranks => Train("resumed", ranks, CancellationToken.None));
        foreach (string file in new[] { "metrics.csv", "checkpoint.safetensors" })
        {
            byte[] expected = File.ReadAllBytes(folder.File("one/" + file));
            Assert.Equal(expected, File.ReadAllBytes(folder.File("many/" + file)));
            Assert.Equal(expected, File.ReadAllBytes(folder.File("resumed/" + file)));
        }

        experiment = experiment with { LearningRate = 1e-3 };
        Assert.Contains("another configuration", Assert.Throws<BadInputException>(
            () => Train("one", Ranks.Alone, CancellationToken.None)).Message, StringComparison.Ordinal);

        bool Train(string to, Ranks ranks, CancellationToken token, CancellationTokenSource? cancel = null)
        {
            using WorkerThreads threads = new(1);
            using EndcapTrainer trainer = new(experiment, EndcapSlice.Chain, events, threads, ranks);
            trainer.Run(folder.File(to), cancel is null ? SilentProgress.Instance
                : new StopInStage("train local", "train end-to-end", cancel),
                token).Dispose();
            return true;
        }
    }

    // Asks for a stop after some steps of a stage.
    private sealed class StopInStage(string first, string second, CancellationTokenSource stop) : IRunProgress, IStageProgress
    {
        private int _steps = -1;

        public IStageProgress Begin(string name, long total, string unit)
        {
            bool counts = name.StartsWith(first, StringComparison.Ordinal) || name.StartsWith(second, StringComparison.Ordinal);
            _steps = counts ? 0 : _steps;
            return counts ? this : SilentProgress.Instance;
        }

        public void Note(string line)
        {
        }

        public void Advance(long units = 1)
        {
            if (++_steps == 4)
            {
                stop.Cancel();
            }
        }

        public void Show(string text)
        {
        }

        public void Dispose()
        {
        }
    }
}
