using System.Text.RegularExpressions;

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

    // The time that is left follows from it.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void All_work_of_the_run_is_counted_and_was_foreseen(bool stage)
    {
        using TemporaryFolder folder = new();
        WholeRun progress = new();
        Summary(folder.Name, 2, progress, CancellationToken.None, _options with
        {
            Experiment = _options.Experiment with
            {
                Measurement = new() { Enabled = stage, Epochs = 3 },
                Loss = _options.Experiment.Loss with { LocalLikelihood = stage ? 0.1 : 0 },
            },
            Seeds = 1,
        });
        Assert.True(progress.Foreseen > 1000);
        Assert.Equal(progress.Foreseen, progress.Counted);
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

    [Fact]
    public void Five_rows_with_a_stage_and_without_answer_the_claims_that_were_fixed_before()
    {
        MuonExperiment experiment = _options.Experiment with
        {
            Measurement = new() { Enabled = true, Width = 6, Epochs = 2, BatchSize = 24 },
            Loss = _options.Experiment.Loss with { LocalLikelihood = 0.1 },
            Data = _options.Experiment.Data with { TestBackgrounds = [5], Efficiency = [] },
            Claims =
            [
                new() { Quantity = PrimaryQuantity.CoreWidth, Background = 5 },
                new() { Quantity = PrimaryQuantity.AveragePrecision, Source = "simulation", Background = 5 },
                new() { Quantity = PrimaryQuantity.EfficiencyAtFixedFakes, Background = 5 },
                new() { Quantity = PrimaryQuantity.CoreWidth, Background = 40 },
            ],
        };
        using TemporaryFolder folder = new();
        using WorkerThreads threads = new(2);
        MuonComparison comparison = new MuonReproduction(_options with { Experiment = experiment }, folder.Name, threads,
            SilentProgress.Instance).Run(CancellationToken.None);
        string[] rows = ["truth", "classical", "factorised", "local", "end-to-end"];
        foreach (MuonSampleResult sample in comparison.Samples)
        {
            HashSet<string> names = [.. sample.MethodsInOrder.Select(m => m.Name)];
            Assert.Superset(new HashSet<string>(rows.Concat(rows.Select(r => r + " without stage"))), names);
            MuonMethodResult with = sample.Of(MuonMethod.Truth)[0];
            Assert.NotEqual(with.Tracks.QOverPt, sample.Of(MuonMethod.Truth with { WithoutStage = true })[0].Tracks.QOverPt);
            Assert.True(double.IsFinite(with.Resolution.StatedWidth));
        }

        // One weight of the network's first layer suffices to see that methods of a seed are not one another.
        Assert.Equal(6, comparison.Models.Select(MuonModelFile.Fingerprint).Distinct(StringComparer.Ordinal).Count());

        IReadOnlyList<MuonClaim> claims = MuonVerdict.Decided(comparison);
        Assert.Equal(["geant4-5", "simulation-5", "simulation-5", "geant4-40"], claims.Select(c => c.Sample));
        Assert.Equal(VerdictOutcome.Undecided, claims[3].Outcome);
        // A reader gets two sentences; the document has each claim and each change in a row of its own.
        string told = $"{MuonVerdict.Headline(comparison, claims)} {MuonVerdict.Sentences(comparison, claims)}";
        Assert.Contains("Of 4 claims", told, StringComparison.Ordinal);
        Assert.Contains($"{claims.Count(c => c.Outcome == VerdictOutcome.Undecided)} are not decided", told, StringComparison.Ordinal);
        Assert.Contains("with the gradient of the fit (end-to-end minus local).", told, StringComparison.Ordinal);
        Assert.Contains("with the measurement stage (end-to-end minus end-to-end without stage)", told, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(told, @"[.?](?= |$)"));
        string document = MuonMarkdown.Document(comparison, [], "");
        Assert.Contains("| geant4-40 | core of end-to-end minus local |", document, StringComparison.Ordinal);
        Assert.Contains("| geant4-5 | the measurement stage | truth minus truth without stage |", document, StringComparison.Ordinal);
        var summary = MuonSummary.Of(comparison);
        Assert.Equal(4, summary["verdict"]!["claims"]!.AsArray().Count);
        Assert.Null(summary["verdict"]!["appendix"]![0]!["holds"]);
        Assert.NotNull(summary["samples"]!["geant4-5"]!["differences"]!["end-to-end minus local"]!["averagePrecision"]);
        Assert.NotNull(summary["samples"]!["geant4-5"]!["differences"]!["truth minus truth without stage"]!["coreWidth"]);
        Assert.Equal(2, summary["samples"]!["geant4-5"]!["methods"]!["local"]!["seeds"]!.AsArray().Count);

        // Files of results know the rows without a stage.
        MuonComparison again = new MuonReproduction(_options with { Experiment = experiment }, folder.Name, threads,
            SilentProgress.Instance).Run(CancellationToken.None);
        Assert.Equal(summary.ToJsonString(), MuonSummary.Of(again).ToJsonString());
        Assert.Contains("### geant4-5, seed by seed", MuonMarkdown.Document(comparison, [], ""), StringComparison.Ordinal);
    }

    private static string Summary(string folder, int threadCount, IRunProgress progress, CancellationToken stop,
        MuonReproductionOptions? options = null)
    {
        using WorkerThreads threads = new(threadCount);
        return MuonSummary.Of(new MuonReproduction(options ?? _options, folder, threads, progress).Run(stop)).ToJsonString();
    }

    // What the stage that spans the run was told.
    private sealed class WholeRun : IRunProgress, IStageProgress
    {
        private long _counted;

        public long Foreseen { get; private set; }

        public long Counted => _counted;

        public IStageProgress Begin(string name, long total, string unit)
        {
            if (!name.StartsWith("the whole", StringComparison.Ordinal))
            {
                return SilentProgress.Instance;
            }

            Foreseen = total;
            return this;
        }

        public void Note(string line)
        {
        }

        public void Advance(long units = 1) => Interlocked.Add(ref _counted, units);

        public void Show(string text)
        {
        }

        public void Dispose()
        {
        }
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
