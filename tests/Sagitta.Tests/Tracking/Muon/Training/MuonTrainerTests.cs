namespace Sagitta.Tests.Tracking.Muon.Training;

public sealed class MuonTrainerTests
{
    [Theory]
    [InlineData(24, false)]
    [InlineData(24, true)]
    [InlineData(25, true)]
    public void Parameters_are_bit_identical_for_any_number_of_threads(int batchSize, bool tapered)
    {
        // The last batch of 25 events has 21.
        MuonExperiment experiment = SmallMuonRun.Experiment
            with
        { Training = SmallMuonRun.Experiment.Training with { BatchSize = batchSize, TaperedChunks = tapered } };
        float[] one = Train(experiment, 1);
        Assert.Equal(one, Train(experiment, 2));
        Assert.Equal(one, Train(experiment, 3));
        Assert.All(one, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void The_two_methods_begin_alike_and_part_when_the_fit_terms_begin()
    {
        MuonExperiment endToEnd = SmallMuonRun.Experiment
            with
        { Loss = SmallMuonRun.Experiment.Loss with { EndToEnd = true, WarmUpStart = 0.5, WarmUpLength = 0 } };
        MuonExperiment factorised = endToEnd with { Loss = endToEnd.Loss with { EndToEnd = false } };
        MuonChain chain = new(endToEnd, SmallMuonRun.Detector);
        using WorkerThreads threads = new(1);
        using MuonTrainer first = new(endToEnd, chain, SmallMuonRun.Training, threads);
        using MuonTrainer second = new(factorised, new(factorised, SmallMuonRun.Detector), SmallMuonRun.Training, threads);
        Assert.Equal(first.Parameters.Values.ToArray(), second.Parameters.Values.ToArray());
        while (first.Step < first.Steps / 2)
        {
            MuonLossTerms a = first.Advance();
            MuonLossTerms b = second.Advance();
            Assert.Equal(a, b);
            Assert.Equal(first.Parameters.Values.ToArray(), second.Parameters.Values.ToArray());
        }

        first.Advance();
        second.Advance();
        Assert.NotEqual(first.Parameters.Values.ToArray(), second.Parameters.Values.ToArray());
    }

    [Fact]
    public void Classification_improves_over_a_short_run()
    {
        MuonExperiment experiment = SmallMuonRun.Experiment with
        {
            Network = new(),
            Loss = new() { EndToEnd = false },
            Training = SmallMuonRun.Experiment.Training with { Epochs = 30, LearningRate = 1e-2 }
        };
        using WorkerThreads threads = new(2);
        using MuonTrainer trainer = new(experiment, new(experiment, SmallMuonRun.Detector), SmallMuonRun.Training, threads);
        double first = trainer.Advance().Classification;
        double last = 0;
        while (trainer.Step < trainer.Steps)
        {
            last = trainer.Advance().Classification;
        }

        Assert.True(last < 0.7 * first, $"cross-entropy went from {first} to {last}");
    }

    [Fact]
    public void Gradient_of_the_whole_chain_agrees_with_differences_of_its_loss()
    {
        // In float the best step resolves three digits of a directional derivative. No event's share is cut: the cut one is no derivative.
        MuonExperiment experiment = SmallMuonRun.Experiment
            with
        {
            Loss = new()
            {
                EndToEnd = true,
                Fit = 0.3,
                Likelihood = 0.05,
                EventClip = 1e9,
                Sharpness = 1.5,
                HalfWeightLogit = 0.2
            }
        };
        MuonChain chain = new(experiment, SmallMuonRun.Detector);
        using ParameterVector<float> parameters = new(chain.Scorer.Layout);
        parameters.Initialise(Sagitta.Core.Randomness.RandomKey.FromSeed(9));
        using ParameterVector<float> gradients = new(chain.Scorer.Layout);
        using MuonTrainingChunk chunk = new(new(chain, experiment), chunkSize: 4);
        double[] sigma = chain.ReferenceSigma(SmallMuonRun.Training);
        int[] selection = [1, 4, 7, 9];
        MuonBatchScale scale = MuonBatchScale.Of(SmallMuonRun.Training, selection, 1, 1);
        chunk.Run(SmallMuonRun.Training, selection, sigma, scale, parameters, gradients);

        double norm = Math.Sqrt(gradients.Values.ToArray().Sum(g => (double)g * g));
        float[] centre = parameters.Values.ToArray();
        float[] direction = [.. gradients.Values.ToArray().Select(g => (float)(g / norm))];
        double Loss(double t)
        {
            for (int i = 0; i < centre.Length; i++)
            {
                parameters.Values[i] = (float)(centre[i] + (t * direction[i]));
            }

            using ParameterVector<float> unused = new(chain.Scorer.Layout);
            MuonLossTerms loss = chunk.Run(SmallMuonRun.Training, selection, sigma, scale, parameters, unused);
            return loss.Classification + (experiment.Loss.Fit * loss.Fit) + (experiment.Loss.Likelihood * loss.Likelihood);
        }

        const double Step = 1e-3;
        double numeric = ((8 * (Loss(Step) - Loss(-Step))) - (Loss(2 * Step) - Loss(-2 * Step))) / (12 * Step);
        Assert.Equal(1, numeric / norm, 2e-2);
    }

    [Fact]
    public void No_event_pulls_on_its_scores_harder_than_the_limit()
    {
        MuonExperiment experiment = SmallMuonRun.Experiment with { Loss = new() { Classification = 0, Fit = 3, EventClip = 1e9 } };
        MuonExperiment limited = experiment with { Loss = experiment.Loss with { EventClip = 1e-3 } };

        // The gradient of one event is linear in that at its scores, so cutting the latter scales the former.
        foreach (int e in new[] { 1, 4, 7 })
        {
            float[] whole = GradientOf(experiment, e);
            float[] cut = GradientOf(limited, e);
            double ratio = Norm(cut) / Norm(whole);
            Assert.InRange(ratio, 1e-9, 0.1);
            for (int i = 0; i < whole.Length; i++)
            {
                Assert.Equal(ratio * whole[i], cut[i], 1e-4 * Norm(cut));
            }
        }
    }

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(v => (double)v * v));

    private static float[] GradientOf(MuonExperiment experiment, int e)
    {
        MuonChain chain = new(experiment, SmallMuonRun.Detector);
        using ParameterVector<float> parameters = new(chain.Scorer.Layout);
        parameters.Initialise(Sagitta.Core.Randomness.RandomKey.FromSeed(9));
        using ParameterVector<float> gradients = new(chain.Scorer.Layout);
        using MuonTrainingChunk chunk = new(new(chain, experiment), chunkSize: 1);
        MuonBatchScale scale = MuonBatchScale.Of(SmallMuonRun.Training, [e], 1, 1) with { PerTrueHit = 0, PerOtherHit = 0 };
        chunk.Run(SmallMuonRun.Training, [e], chain.ReferenceSigma(SmallMuonRun.Training), scale, parameters, gradients);
        return gradients.Values.ToArray();
    }

    private static float[] Train(MuonExperiment experiment, int threadCount)
    {
        using WorkerThreads threads = new(threadCount);
        using MuonTrainer trainer = new(experiment, new(experiment, SmallMuonRun.Detector), SmallMuonRun.Training, threads);
        while (trainer.Step < trainer.Steps)
        {
            trainer.Advance();
        }

        return trainer.Parameters.Values.ToArray();
    }
}
