namespace Sagitta.Tests.Experiments.Muon.Comparison;

public sealed class MuonReproductionTests
{
    private static readonly MuonReproductionOptions _options = new()
    {
        Experiment = SmallMuonRun.Experiment with
        {
            Data =
            SmallMuonRun.Experiment.Data with
            {
                TestBackgrounds = [0, 5],
                Efficiency = [new() { Background = 5, Events = 60, Overlays = 2 }]
            }
        },
        Seeds = 2,
        Geant4 = [new("geant4", TestData.InRepository("data", "geant4-toy16", "slice_hits.csv.gz"),
            TestData.InRepository("data", "geant4-toy16", "slice_truth.csv.gz")) { FirstEvent = 10_950 }],
    };

    [Fact]
    public void A_run_stopped_again_and_again_gives_the_summary_of_one_that_was_not_for_any_number_of_threads()
    {
        using TemporaryFolder whole = new();
        using TemporaryFolder parts = new();
        string expected = Summary(whole.Name, 1, SilentProgress.Instance, CancellationToken.None);
        int stops = 0;
        string? summary = null;
        while (summary is null)
        {
            Assert.True(stops < 30, "the run does not come to its end");
            using CancellationTokenSource stop = new();
            try
            {
                // Stopped in trainings at first, later in evaluations.
                summary = Summary(parts.Name, 2, new StopAfter(12, stop), stop.Token);
            }
            catch (OperationCanceledException)
            {
                stops++;
            }
        }

        Assert.True(stops >= 3, $"the run was stopped {stops} times");
        Assert.Equal(expected, summary);

        // With everything there, nothing is computed, and the files say the same.
        Assert.Equal(expected, Summary(parts.Name, 2, SilentProgress.Instance, CancellationToken.None));
    }

    [Fact]
    public void Results_of_another_model_are_not_taken_for_this_ones()
    {
        using TemporaryFolder folder = new();
        string first = Summary(folder.Name, 2, SilentProgress.Instance, CancellationToken.None);
        Directory.Delete(Path.Combine(folder.Name, "models"), recursive: true);
        MuonReproductionOptions other = _options with
        {
            Experiment =
            _options.Experiment with { Training = _options.Experiment.Training with { LearningRate = 1e-2 } }
        };
        string second = Summary(folder.Name, 2, SilentProgress.Instance, CancellationToken.None, other);
        using TemporaryFolder fresh = new();
        Assert.NotEqual(first, second);
        Assert.Equal(Summary(fresh.Name, 1, SilentProgress.Instance, CancellationToken.None, other), second);
    }

    private static string Summary(string folder, int threadCount, IRunProgress progress, CancellationToken stop,
        MuonReproductionOptions? options = null)
    {
        using WorkerThreads threads = new(threadCount);
        return MuonSummary.Of(new MuonReproduction(options ?? _options, folder, threads, progress).Run(stop)).ToJsonString();
    }

    // Counts whatever advances: steps of training, samples, methods.
    private sealed class StopAfter(int units, CancellationTokenSource stop) : IRunProgress, IStageProgress
    {
        private int _left = units;

        public IStageProgress Begin(string name, long total, string unit) => name.StartsWith("the whole", StringComparison.Ordinal)
            ? SilentProgress.Instance : this;

        public void Note(string line)
        {
        }

        public void Advance(long units = 1)
        {
            if (units == 1 && Interlocked.Decrement(ref _left) == 0)
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
