using System.Diagnostics;

namespace Sagitta.Experiments.Benchmarks;

/// <summary>Speed of the muon chain with graph and network of the quick run (5 kHz/cm2, 3 rounds of attention, 4 heads of 8): whole
/// training steps, hits to tracks, one event alone, simulation; then hits to tracks with the measurement stage and with the mirror image
/// too. The events are simulated, the network is the shipped one or, where it doesn't fit, an untrained one, which takes as long.</summary>
internal sealed class MuonBenchmark : BenchmarkGroup
{
    private const int Settling = 3;
    private const int StepsOfTurn = 10;
    private const double BytesPerMebibyte = 1024.0 * 1024.0;
    private readonly MuonExperiment _experiment;
    private readonly Detector _detector;
    private readonly MuonChain _chain;
    private readonly EventSet _events;
    private readonly MuonModel _model;
    private readonly MuonChain _measuringChain;
    private readonly MuonModel _measuring;
    private readonly WorkerThreads _threads;
    private readonly WorkerThreads _one = new(1);
    private readonly double _edges;
    private readonly double _features;

    /// <summary>A benchmark on so many threads and simulated events.</summary>
    public MuonBenchmark(int threads, int events = 2048)
    {
        // Full weights of the fit terms from the first step on: the dearest steps of a run.
        MuonExperiment quick = ConfigurationFile.Load<MuonExperiment>(ShippedFile.Find("experiments/muon-quick.yaml"), []);
        _experiment = quick with
        {
            Data = quick.Data with { Training = events },
            Network = quick.Network with { Symmetric = false },
            Measurement = quick.Measurement with { Enabled = false },
            Loss = quick.Loss with { EndToEnd = true, LocalLikelihood = 0, WarmUpStart = 0, WarmUpLength = 0 },
            Training = quick.Training with { Epochs = 1_000_000 },
        };
        _threads = new(threads);
        _detector = DetectorFile.Load(_experiment.Detector);
        _chain = new(_experiment, _detector);
        _events = MuonSamples.Training(_experiment, _detector, _threads);
        ParameterVector<float> parameters = new(_chain.Scorer.Layout);
        parameters.Initialise(RandomKey.FromSeed(_experiment.Seed));
        MuonReading reading = _experiment.Loss.Reading;
        MuonModel trained = MuonModelFile.Read(MuonModelFile.Shipped(_experiment.Detector)[0]);
        if (trained.Experiment.Network == quick.Network)
        {
            // The stage's parameters come last.
            trained.Parameters.Values[..parameters.Values.Length].CopyTo(parameters.Values);
            reading = trained.Reading;
        }

        trained.Parameters.Dispose();

        _model = new(MuonMethod.EndToEnd, _experiment, parameters, reading);
        // The same with a measurement stage, which need not be trained to take its time.
        MuonExperiment measuring = _experiment with { Measurement = _experiment.Measurement with { Enabled = true } };
        _measuringChain = new(measuring, _detector);
        ParameterVector<float> longer = new(_measuringChain.Scorer.Layout);
        longer.Initialise(RandomKey.FromSeed(_experiment.Seed));
        parameters.Values.CopyTo(longer.Values);
        _measuring = new(MuonMethod.EndToEnd, measuring, longer, reading);
        HitGraph graph = new();
        for (int e = 0; e < _events.Count; e++)
        {
            _chain.Graphs.Build(_events.Hits, [e], graph);
            _edges += (double)graph.Edges / _events.Count;
            foreach (float feature in graph.EdgeFeatures)
            {
                _features += feature != 0 ? 1.0 / _events.Count : 0;
            }
        }
    }

    /// <summary>The benchmark of the suite: fewer events where measurements are short.</summary>
    public static MuonBenchmark Create(int threads, double seconds) => new(threads, seconds >= 1 ? 2048 : 256);

    public override IReadOnlyList<EventSizes> Sizes =>
        [new("muon", [("hits", (double)_events.HitCount / _events.Count), ("edges", _edges)])];

    public override IEnumerable<IReadOnlyList<BenchmarkFigure>> Run(double seconds)
    {
        yield return Train(seconds);
        yield return Reconstruct(seconds);
        yield return [Simulate(seconds)];
    }

    public override void Dispose()
    {
        _model.Parameters.Dispose();
        _measuring.Parameters.Dispose();
        _threads.Dispose();
        _one.Dispose();
    }

    /// <summary>"muon.train" with its variants: without the gradient of the fit ("factorised"), and on one thread. They take turns, so that
    /// all see the same machine. Then what a step allocates, and the peak of the process so far.</summary>
    private IReadOnlyList<BenchmarkFigure> Train(double seconds)
    {
        MuonExperiment factorised = _experiment with { Loss = _experiment.Loss with { EndToEnd = false } };
        using MuonTrainer full = new(_experiment, _chain, _events, _threads);
        using MuonTrainer without = new(factorised, _chain, _events, _threads);
        using MuonTrainer alone = new(_experiment, _chain, _events, _one);
        (MuonTrainer Trainer, List<double> Seconds)[] turns = [(full, []), (without, []), (alone, [])];
        foreach ((MuonTrainer trainer, _) in turns)
        {
            Warm(trainer, seconds);
        }

        long allocated = 0;
        int steps = 0;
        long start = Stopwatch.GetTimestamp();
        while (steps < 10 || Stopwatch.GetElapsedTime(start).TotalSeconds < 4 * seconds)
        {
            foreach ((MuonTrainer trainer, List<double> samples) in turns)
            {
                // Training goes on for minutes: the steps in which threads wake and caches take over from the turn before are not its
                // speed.
                for (int i = 0; i < Settling; i++)
                {
                    trainer.Advance();
                }

                for (int i = 0; i < StepsOfTurn; i++)
                {
                    long before = GC.GetTotalAllocatedBytes();
                    samples.Add(Clock(() => trainer.Advance()));
                    allocated += ReferenceEquals(trainer, full) ? GC.GetTotalAllocatedBytes() - before : 0;
                }
            }

            steps += StepsOfTurn;
        }

        using Process process = Process.GetCurrentProcess();
        double peak = process.PeakWorkingSet64 / BytesPerMebibyte;
        BenchmarkFigure train = Rate("muon.train", _experiment.Training.BatchSize, turns[0].Seconds);
        train = train with { Bound = 8000, Work = Work(gradient: true), CoreSeconds = _threads.Count / train.Value, FactorBound = 1.8 };
        BenchmarkFigure other = Rate("muon.train.factorised", _experiment.Training.BatchSize, turns[1].Seconds);
        BenchmarkFigure one = Rate("muon.train.oneThread", _experiment.Training.BatchSize, turns[2].Seconds);
        return
        [
            train,
            other,
            one,
            new("muon.train.factorisedRatio", other.Value / train.Value, "x") { Best = other.Best / train.Best, Bound = 1.1, AtMost = true,
                Scales = false },
            new($"muon.train.scaling", train.Value / one.Value, "x") { Best = train.Best / one.Best, Bound = _threads.Count == 2 ? 1.8
                : double.NaN, Scales = false },
            new("muon.train.allocation", (double)allocated / steps, "bytes/step") { Bound = 1024, AtMost = true, Scales = false },
            new("muon.train.peakMemory", peak, "MiB") { Bound = 500e6 / BytesPerMebibyte, AtMost = true, Scales = false },
        ];
    }

    /// <summary>"muon.reconstruct" on all threads, and "muon.latency.*": one event at a time on one thread, hits to track.</summary>
    private IReadOnlyList<BenchmarkFigure> Reconstruct(double seconds)
    {
        const int Group = MuonChain.EventsAtOnce;
        TrackTable tracks = new(_events.Count);
        MuonMemory[] workers = MuonMemory.ForEach(_threads);
        Timing Of(MuonChain chain, MuonModel model)
        {
            HitSet[] all = chain.Images(_events.Hits);
            Action<int, int> work = (chunk, worker) => chain.Reconstruct(
                model, all, chunk * Group, Math.Min(Group, _events.Count - (chunk * Group)), workers[worker], tracks);
            return Timing.Of(() => _threads.Run((_events.Count + Group - 1) / Group, work), seconds);
        }

        Timing plain = Of(_chain, _model);
        Timing measured = Of(_measuringChain, _measuring);
        MuonExperiment whole = _measuring.Experiment with { Network = _experiment.Network with { Symmetric = true } };
        Timing mirrored = Of(new(whole, _detector), _measuring with { Experiment = whole });
        HitSet[] images = _chain.Images(_events.Hits);
        List<double> single = [];
        long start = Stopwatch.GetTimestamp();
        int e = 0;
        while (single.Count < 2 * _events.Count || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            int number = e;
            single.Add(Clock(() => _chain.Reconstruct(_model, images, number, 1, workers[0], tracks)));
            e = (e + 1) % _events.Count;
        }

        workers.DisposeAll();

        // The first round warms up the path of a single event.
        single.RemoveRange(0, _events.Count);
        single.Sort();
        return
        [
            new("muon.reconstruct", _events.Count / plain.Median, "events/s")
            {
                Best = _events.Count / plain.Fastest,
                Bound = 20_000,
                Work = Work(gradient: false),
                CoreSeconds = _threads.Count * plain.Median / _events.Count,
                FactorBound = 2,
            },
            new("muon.reconstruct.measuredRatio", measured.Fastest / plain.Fastest, "x") { Bound = 1.15, AtMost = true, Scales = false },
            new("muon.reconstruct.mirrored", _events.Count / mirrored.Median, "events/s") { Best = _events.Count / mirrored.Fastest },
            new("muon.latency.median", 1e6 * single[single.Count / 2], "us")
            {
                Bound = 101, // 110 us at 220 GFLOP/s
                AtMost = true,
                Work = Work(gradient: false),
                CoreSeconds = single[single.Count / 2],
            },
            new("muon.latency.p99", 1e6 * single[single.Count * 99 / 100], "us"),
        ];
    }

    private IReadOnlyList<ChainWork> Work(bool gradient) =>
        ChainWork.OfMuon(_experiment.Network, (double)_events.HitCount / _events.Count, _edges, _features / _edges, gradient);

    /// <summary>"muon.simulate": events with digitisation and background, one core.</summary>
    private BenchmarkFigure Simulate(double seconds)
    {
        SimulationOptions options = new() { Digitisation = new() { Background = new() { KHzPerCm2 = [5] } } };
        const int Count = 512;
        Timing time = Timing.Of(() => MuonSimulation.Generate(_detector, options, 1, 0, Count, _one), seconds);
        return new("muon.simulate", Count / time.Median, "events/s") { Best = Count / time.Fastest, Bound = 32_700 }; // 30,000 at 220
    }

    // Until the just-in-time compiler has settled and every graph and arena has met the largest events.
    private void Warm(MuonTrainer trainer, double seconds)
    {
        int least = Math.Min(2 * trainer.StepsPerEpoch, 100);
        long start = Stopwatch.GetTimestamp();
        for (int step = 0; step < least || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds / 2; step++)
        {
            trainer.Advance();
        }
    }

    private static BenchmarkFigure Rate(string name, int items, List<double> samples)
    {
        samples.Sort();
        return new(name, items / samples[samples.Count / 2], "events/s") { Best = items / samples[0] };
    }

    private static double Clock(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
