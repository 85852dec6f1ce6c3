namespace Sagitta.Tracking.Muon.Training;

/// <summary>
/// Trains one model in a folder: config.yaml, metrics.csv, checkpoint.safetensors after every epoch and when stopped, and
/// model.safetensors at the end. A run that finds its own checkpoint continues from it to the same result, bit for bit, on whatever number
/// of ranks; one that finds its finished model reads it. Rank 0 writes, all others do the same work in memory.
/// </summary>
internal sealed class MuonTrainingRun
{
    /// <summary>Name of the finished model in the folder of its run.</summary>
    public const string ModelName = "model.safetensors";

    // A look at validation events costs as much as some hundred steps: runs of many short epochs do not look after each.
    private const int MostValidations = 25;
    private const string Header =
        "step,epoch,learning_rate,classification,fit,likelihood,local,failed_fits,gradient_norm,validation_auc,validation_core,"
            + "validation_tail5\n";
    private readonly MuonExperiment _experiment;
    private readonly MuonChain _chain;
    private readonly string _folder;
    private readonly WorkerThreads _threads;
    private readonly IRunProgress _progress;
    private readonly Ranks _ranks;

    /// <summary>A run that keeps its files in <paramref name="folder"/>.</summary>
    public MuonTrainingRun(MuonExperiment experiment, MuonChain chain, string folder, WorkerThreads threads, IRunProgress progress,
        Ranks? ranks = null)
    {
        _experiment = experiment;
        _chain = chain;
        _folder = folder;
        _threads = threads;
        _progress = progress;
        _ranks = ranks ?? Ranks.Alone;
    }

    /// <summary>Name of the method that a configuration trains.</summary>
    public static MuonMethod MethodOf(MuonExperiment experiment) => MuonMethod.Trained(experiment.Loss);

    /// <summary>Trains to the end, or until stopped.</summary>
    /// <exception cref="OperationCanceledException">Stopped; the checkpoint is written.</exception>
    public MuonModel Run(Lazy<EventSet> training, Lazy<EventSet> validation, CancellationToken stop)
    {
        string configuration = ConfigurationFile.Write(_experiment);
        string modelPath = Path.Combine(_folder, ModelName);
        RequireSame(configuration);
        if (_ranks.OfFirst(File.Exists(modelPath)))
        {
            return MuonModelFile.Read(modelPath);
        }

        Keep(() => AtomicFile.WriteText(Path.Combine(_folder, "config.yaml"), configuration));
        using MuonTrainer trainer = new(_experiment, _chain, training.Value, _threads, _ranks);
        string checkpoint = Path.Combine(_folder, "checkpoint.safetensors");
        bool resumed = _ranks.OfFirst(CheckpointFile.Exists(checkpoint));
        State state = resumed ? Restore(checkpoint, trainer) : new(Header, default, 0);
        _ranks.RequireSame(trainer.Step, $"'{checkpoint}'");
        MuonMethod method = MethodOf(_experiment);
        if (!resumed)
        {
            if (TrainedTogether(_experiment))
            {
                // The stage begins with what it can know without a network: its fits then mean something from the first step on.
                TrainStage(trainer.Parameters, training.Value, [.. training.Value.LabelHit.Select(label => (double)label)], stop);
            }

            Keep(() => TrajectoryFolder.Save(_folder, 0, trainer.Parameters));
        }

        using (IStageProgress stage = _progress.Begin($"train {method}, seed {_experiment.Seed}", trainer.Steps, "steps"))
        {
            stage.Advance(trainer.Step);
            int epochsBetween = Math.Max(1, _experiment.Training.Epochs / MostValidations);
            while (trainer.Step < trainer.Steps)
            {
                _ranks.ThrowIfStopped(stop, () => Keep(() => Save(checkpoint, trainer, state)));
                state = state with { Sum = state.Sum + trainer.Advance(), Steps = state.Steps + 1 };
                stage.Advance();
                if (trainer.Step % (trainer.StepsPerEpoch * epochsBetween) == 0 || trainer.Step == trainer.Steps)
                {
                    state = EndEpoch(trainer, state, validation.Value, stage);
                    Keep(() =>
                    {
                        AtomicFile.WriteText(Path.Combine(_folder, "metrics.csv"), state.Metrics);
                        TrajectoryFolder.Save(_folder, trainer.Step, trainer.Parameters);
                        Save(checkpoint, trainer, state);
                    });
                }
            }
        }

        ParameterVector<float> parameters = new(_chain.Scorer.Layout);
        parameters.CopyFrom(trainer.Parameters);
        MuonEvaluation evaluation = Evaluation;
        float[] logits = evaluation.Logits(parameters, validation.Value).Weight;
        IReadOnlyList<MuonReading> candidates = MuonReading.Candidates(_experiment.Loss.Reading);
        MuonModel model = new(method, _experiment, parameters, _experiment.Loss.Reading) { Detector = _chain.Detector };
        model = TrainStage(model, training.Value, stop);
        model = model with
        {
            Reading = evaluation.ChooseReading(candidates, logits, validation.Value, removeOutliers: false, model.Measurement),
            OutlierReading = evaluation.ChooseReading(candidates, logits, validation.Value, removeOutliers: true, model.Measurement),
        };
        model = Calibrated(model, validation.Value);
        model = model with { Ranges = MuonWatch.Ranges(training.Value.Hits, _chain.Reconstruct(model, validation.Value.Hits, _threads)) };
        Keep(() => MuonModelFile.Write(modelPath, model));
        return model;
    }

    /// <summary>Takes a trained network as it is, trains a measurement stage for it and writes both as this run's model.</summary>
    public MuonModel RunStage(MuonModel network, Lazy<EventSet> training, Lazy<EventSet> validation, CancellationToken stop)
    {
        Keep(() => Directory.CreateDirectory(_folder));
        ParameterVector<float> parameters = new(_chain.Scorer.Layout);
        parameters.Initialise(RandomKey.FromSeed(_experiment.Seed).Split("network"));
        foreach (Parameter parameter in network.Parameters.Layout.Parameters)
        {
            if (_chain.Scorer.Layout.Find(parameter.Name) is { } own && own.Length == parameter.Length)
            {
                network.Parameters.Slice(parameter).CopyTo(parameters.Slice(own));
            }
        }

        MuonModel model = new(network.Method, _experiment, parameters, network.Reading)
        {
            OutlierReading = network.OutlierReading,
            Detector = network.Detector,
        };
        model = Calibrated(TrainStage(model, training.Value, stop), validation.Value);
        Keep(() => MuonModelFile.Write(Path.Combine(_folder, ModelName), model));
        return model;
    }

    private MuonModel TrainStage(MuonModel model, EventSet events, CancellationToken stop)
    {
        if (!_experiment.Measurement.Enabled)
        {
            return model;
        }

        float[] logits = Evaluation.Logits(model.Parameters, events).Weight;
        TrainStage(model.Parameters, events, model.Reading.Weights(logits), stop);
        return new(model.Method, model.Experiment, model.Parameters, model.Reading)
        {
            OutlierReading = model.OutlierReading,
            Detector = model.Detector,
        };
    }

    private void TrainStage(ParameterVector<float> parameters, EventSet events, double[] weights, CancellationToken stop)
    {
        using MeasurementTraining training = new(_chain, events, weights, _threads, _ranks);
        training.Run(parameters, RandomKey.FromSeed(_experiment.Seed).Split("measurement"), _progress, stop);
    }

    private MuonEvaluation Evaluation => new(_chain, _threads) { Ranks = _ranks };

    // Whether network and stage learn together.
    private static bool TrainedTogether(MuonExperiment experiment) => experiment.Measurement.Enabled && experiment.Loss.ReachesNetwork;

    /// <summary>Steps in which the measurement stage of an experiment is trained alone.</summary>
    public static long StageStepsOf(MuonExperiment experiment) => !experiment.Measurement.Enabled ? 0
        : (long)MeasurementTraining.StepsOf(experiment.Measurement, experiment.Data.Training) * (TrainedTogether(experiment) ? 2 : 1);

    // The core of pulls on validation events becomes 1: the fit terms may leave errors of clusters that are wrong by a constant.
    private MuonModel Calibrated(MuonModel model, EventSet validation) => model with
    {
        ErrorScale = Evaluation.Network(model with { ErrorScale = 1 }, validation).Resolution.PullWidth,
    };

    private State EndEpoch(MuonTrainer trainer, State state, EventSet validation, IStageProgress stage)
    {
        MuonEvaluation evaluation = Evaluation;
        MuonModel model = new(MethodOf(_experiment), TrainedTogether(_experiment) ? _experiment : _experiment with { Measurement = new() },
            trainer.Parameters, _experiment.Loss.Reading);
        MuonMethodResult result = evaluation.Network(model, validation);
        double n = Math.Max(state.Steps, 1);
        stage.Show(string.Create(
            CultureInfo.InvariantCulture,
            $"loss {state.Sum.Classification / n:f4} fit {state.Sum.Fit / n:f3}, validation AUC {result.Auc:f4} core "
                + $"{result.Resolution.CoreWidth:f2}"));
        string row = string.Create(
            CultureInfo.InvariantCulture,
            $"{trainer.Step},{trainer.Step / trainer.StepsPerEpoch},{trainer.LearningRate:g6},{state.Sum.Classification / n:g6},"
                + $"{state.Sum.Fit / n:g6},{state.Sum.Likelihood / n:g6},{state.Sum.Local / n:g6},{state.Sum.FailedFits},"
                    + $"{trainer.GradientNorm:g6},"
                + $"{result.Auc:g6},{result.Resolution.CoreWidth:g6},{result.Resolution.Tail5:g6}\n");
        return new(state.Metrics + row, default, 0);
    }

    private void Keep(Action write)
    {
        if (_ranks.IsFirst)
        {
            write();
        }
    }

    private static void Save(string path, MuonTrainer trainer, State state)
    {
        CheckpointExtras extras = new();
        extras.Texts["metrics"] = state.Metrics;
        extras.Arrays["sum"] = [state.Sum.Classification, state.Sum.Fit, state.Sum.Likelihood, state.Sum.FailedFits, state.Steps,
            state.Sum.Local];
        Checkpoint.Save(path, trainer.Parameters, trainer.Optimiser, extras);
    }

    private State Restore(string path, MuonTrainer trainer)
    {
        CheckpointExtras extras = Checkpoint.Restore(path, trainer.Parameters, trainer.Optimiser, _progress.Note);
        if (!extras.Texts.TryGetValue("metrics", out string? metrics) || !extras.Arrays.TryGetValue("sum", out double[]? sum)
            || sum.Length != 6)
        {
            throw new BadInputException($"'{path}'", "this is no checkpoint of a muon training run", "remove it to begin anew");
        }

        return new(metrics, new(sum[0], sum[1], sum[2], (int)sum[3]) { Local = sum[5] }, (int)sum[4]);
    }

    private void RequireSame(string configuration)
    {
        string path = Path.Combine(_folder, "config.yaml");
        if (File.Exists(path) && File.ReadAllText(path) is var before && before != configuration
            && Training(MuonExperiment.Stored(before, path)) != Training(_experiment))
        {
            throw new BadInputException($"'{path}'", "the folder holds a training with another configuration",
                "give another --out folder, or remove this one");
        }
    }

    // What is tested later changes no training.
    private static string Training(MuonExperiment experiment) => ConfigurationFile.Write(experiment with
    {
        Data = experiment.Data with { Test = 0, TestBackgrounds = [], Efficiency = [], WithoutMuon = 0, Spectrum = 0 },
    });

    private readonly record struct State(string Metrics, MuonLossTerms Sum, int Steps);
}
