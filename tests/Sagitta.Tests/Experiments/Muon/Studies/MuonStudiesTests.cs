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

        // Of displaced planes the sagitta mode widens the core; small ones are lost in what the other modes do.
        double[] cores = [.. MuonStudies.Named("misaligned").ReadAnswer(context)!.Rows
            .Where(r => r.Label.Contains(" with a sagitta ", StringComparison.Ordinal)).Select(r => r.Values[2])];
        Assert.Equal(5, cores.Length);
        Assert.Equal(cores[1..].Order(), cores[1..]);
        Assert.True(cores[^1] > 2 * cores[0]);

        // An answer that was cut is found again.
        string answer = Path.Combine(folder.Name, "studies", "gradient.json");
        File.WriteAllText(answer, File.ReadAllText(answer)[..^40]);
        Assert.Null(MuonStudies.Named("gradient").ReadAnswer(context));
    }

    [Theory]
    [InlineData("loss-fit", 96)]
    [InlineData("size-1k", 1000)]
    [InlineData("detector-three-station", 96)]
    public void Studies_that_train_can_be_stopped_and_train_what_they_say(string name, int events)
    {
        using TemporaryFolder folder = new();
        using WorkerThreads threads = new(2);
        MuonStudy study = MuonStudies.Named(name);
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => study.Answer(Context(folder.Name, threads, stop.Token)));
        MuonStudyResult result = study.Answer(Context(folder.Name, threads, CancellationToken.None));
        (MuonExperiment experiment, float[] trained) = Model(Path.Combine(folder.Name, "studies", name));
        Assert.Equal(events, experiment.Data.Training);
        Assert.Equal(name == "detector-three-station" ? "three-station" : "toy16", experiment.Detector);
        Assert.Equal(name == "loss-fit", experiment.Loss.Fit == 0);

        // The network has left where it began, in most of its parameters (weights of features that so few events do not have stay) and by
        // no more than its steps allow, and not to where the main experiment's went.
        MuonChain chain = new(experiment, DetectorFile.Load(experiment.Detector));
        using ParameterVector<float> initial = new(chain.Scorer.Layout);
        initial.Initialise(RandomKey.FromSeed(experiment.Seed).Split("network"));
        Assert.Equal(initial.Values.Length, trained.Length);
        float[] moved = [.. trained.Zip(initial.Values.ToArray(), (a, b) => Math.Abs(a - b))];
        Assert.All(trained, value => Assert.True(float.IsFinite(value)));
        Assert.True(moved.Count(m => m > 0) > 0.7 * moved.Length, $"{moved.Count(m => m > 0)} of {moved.Length} parameters moved");
        int steps = MuonTrainer.StepsOf(experiment);
        Assert.InRange(moved.Max(), experiment.Training.LearningRate / 2, 4 * steps * experiment.Training.LearningRate);
        if (name == "loss-fit")
        {
            _ = Context(folder.Name, threads, CancellationToken.None).Headline.Value;
            float[] main = Model(folder.Name).Parameters;
            Assert.NotEqual(main, trained);
        }

        foreach (MuonStudyRow row in result.Rows.Where(r => !r.Label.Contains(" minus ", StringComparison.Ordinal)))
        {
            // AUC of a network is above chance; efficiency and tails are shares; a core is not far below the limit, and without bound where
            // too few muons are found.
            bool network = row.Label.EndsWith("end-to-end", StringComparison.Ordinal)
                || row.Label.EndsWith("factorised", StringComparison.Ordinal) || row.Label.EndsWith("variant", StringComparison.Ordinal);
            Assert.True(!network || row.Values[0] is > 0.5 and <= 1, $"{row.Label}: AUC {row.Values[0]}");
            Assert.InRange(row.Values[1], 0, 1);
            Assert.True(row.Values[2] > 0.3, $"{row.Label}: core {row.Values[2]}");
            Assert.InRange(row.Values[3], 0, 1);
        }

        string[] wanted = name == "loss-fit" ? ["end-to-end", "variant"] : ["end-to-end", "factorised"];
        Assert.All(wanted, method => Assert.Contains(result.Rows, r => r.Label.EndsWith(", " + method, StringComparison.Ordinal)));
    }

    [Fact]
    public void An_unknown_study_is_answered_by_the_names_of_all() =>
        Assert.Contains("detector-toy17", Assert.Throws<BadInputException>(() => MuonStudies.Named("toy17")).Message,
            StringComparison.Ordinal);

    private static (MuonExperiment Experiment, float[] Parameters) Model(string folder)
    {
        MuonModel model = MuonModelFile.Read(Path.Combine(folder, "models", $"end-to-end-seed{_options.Experiment.Seed}",
            MuonTrainingRun.ModelName));
        using ParameterVector<float> parameters = model.Parameters;
        return (model.Experiment, parameters.Values.ToArray());
    }

    private static MuonStudyContext Context(string folder, WorkerThreads threads, CancellationToken stop)
    {
        Lazy<MuonComparison> headline = new(() => new MuonReproduction(_options, folder, threads, SilentProgress.Instance)
            .Run(CancellationToken.None));
        return new(_options, folder, 1, headline, threads, SilentProgress.Instance, stop);
    }
}
