namespace Sagitta.Tests.Experiments.Muon.Studies;

public sealed class MuonStudiesTests
{
    private static readonly MuonReproductionOptions _options = new()
    {
        Experiment = SmallMuonRun.Experiment with { Data = SmallMuonRun.Experiment.Data with { TestBackgrounds = [5], Test = 30 } },
        Seeds = 1,
    };

    [Fact]
    public void Studies_that_evaluate_answer_once_and_are_read_afterwards()
    {
        using TemporaryFolder folder = new();
        using WorkerThreads threads = new(2);
        MuonStudyContext context = Context(folder.Name, threads, CancellationToken.None);
        foreach (MuonStudy study in MuonStudies.All.Where(s => !s.Trains))
        {
            Assert.Null(study.ReadAnswer(context));
            MuonStudyResult result = study.Answer(context);
            Assert.NotEmpty(result.Rows);
            Assert.All(result.Rows, row => Assert.Equal(result.Columns.Count, row.Values.Count));
            MuonStudyResult known = study.ReadAnswer(context)!;
            Assert.Equal(result.ToString(), known.ToString());
        }

        // Unrolled iterations end at the implicit gradient.
        MuonStudyResult gradient = MuonStudies.Named("gradient").ReadAnswer(context)!;
        Assert.True(gradient.Rows.Single(r => r.Label.StartsWith("unrolled, 16", StringComparison.Ordinal)).Values[0] < 1e-9);

        // A field that is 1 % off shows as a bias of 1 %, some limits, of the fit of true hits.
        MuonStudyRow[] truth = [.. MuonStudies.Named("wrong-field")
            .ReadAnswer(context)!.Rows.Where(r => r.Label.EndsWith("truth", StringComparison.Ordinal))];
        Assert.True(truth[1].Values[4] < truth[0].Values[4] - 0.2, $"bias {truth[0].Values[4]} and {truth[1].Values[4]}");
    }

    [Theory]
    [InlineData("loss-fit")]
    [InlineData("size-1k")]
    [InlineData("detector-three-station")]
    public void Studies_that_train_can_be_stopped_and_end(string name)
    {
        using TemporaryFolder folder = new();
        using WorkerThreads threads = new(2);
        MuonStudy study = MuonStudies.Named(name);
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => study.Answer(Context(folder.Name, threads, stop.Token)));
        MuonStudyResult result = study.Answer(Context(folder.Name, threads, CancellationToken.None));
        Assert.Contains(result.Rows, row => row.Label.Contains("end-to-end", StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_study_is_answered_by_the_names_of_all() =>
        Assert.Contains("detector-toy17", Assert.Throws<BadInputException>(() => MuonStudies.Named("toy17")).Message,
            StringComparison.Ordinal);

    private static MuonStudyContext Context(string folder, WorkerThreads threads, CancellationToken stop)
    {
        Lazy<MuonComparison> headline = new(() => new MuonReproduction(_options, folder, threads, SilentProgress.Instance)
            .Run(CancellationToken.None));
        return new(_options, folder, 1, headline, threads, SilentProgress.Instance, stop);
    }
}
