namespace Sagitta.Experiments.Benchmarks;

/// <summary>Speed of the tracking calorimeter on frames of the shipped Geant4 slice (100 protons behind 200 mm of water by default; with
/// more protons than the slice has, those of our own simulation follow): hits to tracks, and loss with gradient by either method. Each
/// thread takes whole frames, as training and evaluation do; times are wall time over frames.</summary>
internal sealed class CalorimeterBenchmark : BenchmarkGroup
{
    private readonly WorkerThreads _threads;
    private readonly CalorimeterModel _model;
    private readonly CalorimeterFrame[] _frames;
    private readonly CalorimeterChain[] _reconstructions;
    private readonly FrameTraining[] _trainings;
    private readonly ParameterVector<float>[] _gradients;
    private readonly SegmentMoments[] _moments;

    /// <summary>A benchmark on this many threads, each of which takes two frames a repetition: those of the file in their order, or, with
    /// <paramref name="edges"/> above zero, the one whose line graph has nearest to so many edges. Predict-and-track is the dearer
    /// method.</summary>
    public CalorimeterBenchmark(int threads, int protons = 100, int water = 200, CalorimeterMethodOptions? method = null, int edges = 0)
    {
        _threads = new(threads);
        method ??= new() { Name = CalorimeterMethodKind.PredictAndTrack, LargestChange = 0.5, Margin = 0.25 };
        _model = new(new(), method, 0);
        _model.Parameters.Initialise(RandomKey.FromSeed(0));
        IReadOnlyList<string> shipped = CalorimeterCommands.ShippedModels();
        if (shipped.Count > 0)
        {
            using CalorimeterModel trained = CalorimeterModel.Read(shipped[^1]);
            trained.Parameters.Values.CopyTo(_model.Parameters.Values);
        }

        CalorimeterDeposits deposits = CalorimeterDepositReader.Read(CalorimeterSource.File(new(), water, "test"));
        CalorimeterEvents events = HitPreparation.Events(deposits);
        if (events.Count < protons)
        {
            // Not every proton leaves a hit.
            ProtonPlan plan = new(_model.Geometry.Calorimeter, water);
            events = HitPreparation.Events(deposits.Followed(CalorimeterSimulation.Generate(plan, 0, 0, 2 * protons, _threads)));
        }

        IReadOnlyList<CalorimeterFrame> frames = events.Frames(protons);
        if (edges > 0)
        {
            frames = [frames.MinBy(frame => Math.Abs(Edges(frame) - edges))!];
        }

        _frames = [.. Enumerable.Range(0, 2 * threads).Select(i => frames[i % frames.Count])];
        _reconstructions = [.. Enumerable.Range(0, threads).Select(_ => new CalorimeterChain())];
        _trainings = [.. Enumerable.Range(0, threads).Select(_ => new FrameTraining(method))];
        _gradients = [.. Enumerable.Range(0, threads).Select(_ => new ParameterVector<float>(_model.Network.Layout))];
        _moments = [.. Enumerable.Range(0, threads).Select(_ => _model.Network.CreateMoments())];
        foreach (CalorimeterFrame frame in _frames)
        {
            _reconstructions[0].Reconstruct(frame, _model);
            Segments += (double)_reconstructions[0].Graph.Count / _frames.Length;
            DirectedLinks += 2.0 * _reconstructions[0].Graph.Links / _frames.Length;
        }
    }

    /// <summary>Mean number of segments of a frame.</summary>
    public double Segments { get; }
    /// <summary>Mean number of edges of its line graph, both directions counted.</summary>
    public double DirectedLinks { get; }

    /// <summary>The benchmark of the suite: a frame of 100 protons behind 200 mm of water with about 7,000 segments.</summary>
    public static CalorimeterBenchmark Create(int threads) => new(threads, edges: 158_000);

    public override IEnumerable<IReadOnlyList<BenchmarkFigure>> Run(double seconds)
    {
        Timing train = Train(seconds);
        Timing reconstruct = Reconstruct(seconds);
        yield return
        [
            BenchmarkFigure.Time("calorimeter.reconstruct.frame100", reconstruct, 1e3, "ms", bound: 5) with
            {
                Work = Work(gradient: false),
                CoreSeconds = _threads.Count * reconstruct.Median,
                FactorBound = 2.5,
            },
            BenchmarkFigure.Time("calorimeter.train.frame100", train, 1e3, "ms", bound: 10) with
            {
                Work = Work(gradient: true),
                CoreSeconds = _threads.Count * train.Median,
                FactorBound = 3.5,
            },
        ];
    }

    /// <summary>Seconds a frame from hits to loss and gradient.</summary>
    public Timing Train(double seconds = 1) => PerFrame(Timing.Of(TrainOnce, seconds));

    /// <summary>Seconds a frame from hits to tracks.</summary>
    public Timing Reconstruct(double seconds = 1) => PerFrame(Timing.Of(ReconstructOnce, seconds));

    /// <summary>All frames once, hits to tracks.</summary>
    public void ReconstructOnce() => _threads.Run(
        _frames.Length, (chunk, worker) => _reconstructions[worker].Reconstruct(_frames[chunk], _model));

    /// <summary>All frames once, hits to gradient.</summary>
    public void TrainOnce() => _threads.Run(_frames.Length, (chunk, worker) =>
        _trainings[worker].Step(_model, _frames[chunk], _gradients[worker], _moments[worker], 1.0 / 32));

    public override void Dispose()
    {
        _reconstructions.DisposeAll();
        _trainings.DisposeAll();
        _gradients.DisposeAll();
        _model.Dispose();
        _threads.Dispose();
    }

    private IReadOnlyList<ChainWork> Work(bool gradient) =>
        ChainWork.OfCalorimeter(_model.Experiment.Network.Hidden, Segments, DirectedLinks, gradient);

    private static int Edges(CalorimeterFrame frame)
    {
        SegmentGraph graph = new();
        graph.Build(frame, new());
        return 2 * graph.Links;
    }

    private Timing PerFrame(Timing all) => all.Per(_frames.Length);
}
