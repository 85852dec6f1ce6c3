namespace Sagitta.Tracking.Calorimeter;

/// <summary>Trains one segment network. Each frame of a step draws its thickness and its events from its own key, so the frames depend on
/// the seed alone; each frame is one chunk with its own tape and gradient, summed in frame order, and running averages take the frames in
/// order, whatever the numbers of threads and of ranks. A run stops cleanly and goes on from its last validation; rank 0 writes.</summary>
internal sealed class CalorimeterTrainer : IDisposable
{
    // What a frame tells besides its gradient.
    private const int Loss = 0, Moved = 1, MomentsAt = 2;
    private static readonly string[] _columns = ["loss", "frames_with_gradient", "validation_purity", "validation_efficiency",
        "validation_tpr", "validation_fpr"];
    private readonly CalorimeterExperiment _experiment;
    private readonly CalorimeterMethodOptions _method;
    private readonly IReadOnlyList<CalorimeterSource> _sources;
    private readonly WorkerThreads _threads;
    private readonly CalorimeterModel _model;
    private readonly ParameterVector<float> _gradients;
    private readonly ParameterVector<float> _best;
    private readonly StepChunks<float> _steps;
    private readonly Ranks _ranks;
    private readonly int[] _frames;
    private readonly SegmentMoments[] _moments;
    private readonly FrameTraining[] _workers;
    private readonly RmsProp<float> _optimiser;
    private readonly RandomKey _key;

    /// <summary>A training of one method with one seed, in one process (null) or on several ranks that read the same sources.</summary>
    public CalorimeterTrainer(CalorimeterExperiment experiment, CalorimeterMethodOptions method, ulong seed,
        IReadOnlyList<CalorimeterSource> sources, WorkerThreads threads, Ranks? ranks = null)
    {
        _experiment = experiment;
        _method = method;
        _sources = sources;
        _threads = threads;
        _ranks = ranks ?? Ranks.Alone;
        _model = new(experiment, method, seed);
        _key = RandomKey.FromSeed(seed);
        _model.Parameters.Initialise(_key.Split("parameters"));
        ParameterLayout layout = _model.Network.Layout;
        int frames = experiment.Training.FramesPerStep / experiment.Training.FramesPerNormalisation;
        _gradients = new(layout);
        _best = new(layout);
        _frames = [.. Enumerable.Range(0, frames)];
        _moments = [.. Enumerable.Range(0, frames).Select(_ => _model.Network.CreateMoments())];
        _steps = new(layout, frames, MomentsAt + _moments[0].Length, threads, ranks);
        _workers = [.. Enumerable.Range(0, threads.Count).Select(_ => new FrameTraining(method, _model.Geometry))];
        _optimiser = new(layout);
    }

    /// <summary>Highest purity on validation frames so far; -1 before the first look at them.</summary>
    public double BestPurity { get; private set; } = -1;

    /// <summary>Trains, or goes on, in a folder of its own; returns the model with the parameters of the best validation.</summary>
    public CalorimeterModel Run(string folder, IRunProgress progress, CancellationToken stop)
    {
        string checkpoint = Path.Combine(folder, "checkpoint.safetensors");
        string log = Path.Combine(folder, "metrics.csv");
        string identity = Identity();
        if (_ranks.OfFirst(CheckpointFile.Exists(checkpoint)))
        {
            CheckpointExtras extras = Checkpoint.Restore(checkpoint, _model.Parameters, _optimiser, progress.Note, ("best", _best));
            extras.RequireSame(identity, checkpoint);
            BestPurity = extras.Arrays["best_purity"][0];
        }

        _ranks.RequireSame(_optimiser.StepCount, $"'{checkpoint}'");
        CalorimeterTrainingOptions training = _experiment.Training;
        LearningRateSchedule schedule = training.Decay
            ? new WarmUpCosine(training.LearningRate, 0, training.Steps, training.LearningRate / 100)
            : new ConstantRate(training.LearningRate);
        using MetricsLog? metrics = _ranks.IsFirst ? MetricsLog.Resume(log, _columns, _optimiser.StepCount) : null;
        using CalorimeterEvaluation evaluation = new(_threads, _ranks);
        using IStageProgress stage = progress.Begin($"train {Name(_method)}, seed {_model.Seed}", training.Steps, "steps");
        stage.Advance(_optimiser.StepCount);
        if (_optimiser.StepCount == 0 && _ranks.IsFirst)
        {
            TrajectoryFolder.Save(folder, 0, _model.Parameters);
        }

        double loss = 0;
        double moved = 0;
        int since = 0;
        while (_optimiser.StepCount < training.Steps)
        {
            _ranks.ThrowIfStopped(stop);
            loss += Step(_optimiser.StepCount, schedule.At(_optimiser.StepCount));
            moved += _frames.Count(frame => _steps.NumbersOf(frame)[Moved] != 0) / (double)_frames.Length;
            since++;
            stage.Advance();
            if (_optimiser.StepCount % training.ValidateEvery == 0 || _optimiser.StepCount == training.Steps)
            {
                CalorimeterMetrics validation = new(Validate(evaluation));
                metrics?.Append(_optimiser.StepCount, loss / since, moved / since, validation.Purity, validation.Efficiency,
                    validation.TruePositiveRate, validation.FalsePositiveRate);
                stage.Show(string.Create(CultureInfo.InvariantCulture,
                    $"loss {loss / since:F4}, validation purity {validation.Purity:F3}"));
                if (validation.Purity > BestPurity)
                {
                    BestPurity = validation.Purity;
                    _model.Parameters.Values.CopyTo(_best.Values);
                }

                if (_ranks.IsFirst)
                {
                    CheckpointExtras extras = new();
                    extras.Texts["training"] = identity;
                    extras.Arrays["best_purity"] = [BestPurity];
                    TrajectoryFolder.Save(folder, _optimiser.StepCount, _model.Parameters);
                    Checkpoint.Save(checkpoint, _model.Parameters, _optimiser, extras, ("best", _best));
                }

                (loss, moved, since) = (0, 0, 0);
            }
        }

        _best.Values.CopyTo(_model.Parameters.Values);
        _model.Ranges = CalorimeterWatch.Ranges(_model, [.. _sources.SelectMany(source => source.Validation)]);
        return _model;
    }

    /// <summary>Short name of a method for folders and tables.</summary>
    public static string Name(CalorimeterMethodOptions method) => method.Label;

    public void Dispose()
    {
        _gradients.Dispose();
        _best.Dispose();
        _optimiser.Dispose();
        _steps.Dispose();
        foreach (FrameTraining worker in _workers)
        {
            worker.Dispose();
        }
    }

    // All that the steps so far depend on. A constant rate may go on to more steps; what is tested later changes no training, and files may
    // have moved.
    private string Identity()
    {
        CalorimeterExperiment own = _experiment with
        {
            Seed = _model.Seed,
            Seeds = 1,
            Detector = "",
            TunePrice = false,
            Methods = [_method],
            Data = _experiment.Data with
            {
                Folder = "",
                Samples = [],
                TestProtons = [1],
                TestFrames = 1,
                Radiograph = "",
                Phantom = "",
            },
            Training = _experiment.Training.Decay ? _experiment.Training : _experiment.Training with { Steps = 1 },
        };
        return string.Concat(_sources.Select(source => string.Create(CultureInfo.InvariantCulture,
            $"{source.Water} mm: {source.Training.Count} events, {source.Training.HitCount} hits\n")))
            + ConfigurationFile.Write(own) + _model.Geometry.Text;
    }

    private double Step(long step, double rate)
    {
        RandomKey key = _key.Split("frames").Split((ulong)step);
        _steps.Run(_frames, (frame, worker) => Frame(step, frame, _workers[worker], key), _gradients);
        double loss = 0;
        foreach (int frame in _frames)
        {
            Span<double> numbers = _steps.NumbersOf(frame);
            loss += numbers[Loss];
            _moments[frame].Set(numbers[MomentsAt..]);
            _model.Network.Absorb(_model.Parameters, _moments[frame]);
        }

        if (!double.IsFinite(loss))
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The loss of step {step} is not finite: lower training.learningRate."));
        }

        _optimiser.Step(_model.Parameters, _gradients, rate);
        return loss / _frames.Length;
    }

    private void Frame(long step, int index, FrameTraining worker, RandomKey key)
    {
        int together = _experiment.Training.FramesPerNormalisation;
        CalorimeterFrame frame = together == 1 ? Draw(key.Split((ulong)index))
            : FrameGroup.Of([.. Enumerable.Range(index * together, together).Select(number => Draw(key.Split((ulong)number)))],
                _experiment.Gates);
        bool crossEntropy = step < _method.CrossEntropyStart * _experiment.Training.Steps;
        Span<double> numbers = _steps.NumbersOf(index);
        numbers[Loss] = worker.Step(_model, frame, _steps.GradientOf(index), _moments[index], 1.0 / _frames.Length, crossEntropy);
        numbers[Moved] = worker.Moved ? 1 : 0;
        _moments[index].CopyTo(numbers[MomentsAt..]);
    }

    // A frame depends on its own key alone: thickness, occupancy, events.
    private CalorimeterFrame Draw(RandomKey key)
    {
        RandomDraws draws = key.Draws();
        CalorimeterSource source = _sources[draws.NextIndex(_sources.Count)];
        int protons = _experiment.Training.Protons;
        protons = _experiment.Training.MixOccupancy ? Math.Max(1, protons * (1 + draws.NextIndex(4)) / 4) : protons;
        return source.Training.Overlay(Draw(ref draws, source.Training.Count, protons));
    }

    private IReadOnlyList<FrameResult> Validate(CalorimeterEvaluation evaluation)
    {
        CalorimeterFrame[] frames = [.. _sources.SelectMany(s => s.Validation)];
        return _experiment.Training.ValidateWithBatchStatistics ? evaluation.RunWithBatchStatistics(_model, frames)
            : evaluation.Run(_model, frames);
    }

    // Floyd's sampling without replacement keeps the number of draws at the number of events drawn.
    private static int[] Draw(ref RandomDraws draws, int from, int count)
    {
        count = Math.Min(count, from);
        HashSet<int> chosen = new(count);
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            int last = from - count + i;
            int value = draws.NextIndex(last + 1);
            order[i] = chosen.Add(value) ? value : last;
            chosen.Add(order[i]);
        }

        return order;
    }
}
