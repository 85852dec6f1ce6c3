namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>Cross-entropy, Hamming loss and rates of chosen segments over frames, with running averages as they are or with every frame's
/// own statistics. Losses are means over frames; each adds the means over segments on the tracker's side and over all others, as in
/// training.</summary>
internal sealed class SegmentProbe : IProbe, IDisposable
{
    /// <summary>Names of the quantities.</summary>
    public const string CrossEntropy = "cross-entropy", Hamming = "Hamming loss", TruePositiveRate = "true positive rate",
        FalsePositiveRate = "false positive rate";

    private readonly SegmentScorer _network;
    private readonly IReadOnlyList<LandscapeFrame> _frames;
    private readonly bool _recomputed;
    private readonly Worker[] _workers;

    /// <summary>A probe over frames.</summary>
    /// <param name="network">The network.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="recomputed">Whether each frame's own moments normalise instead of running averages.</param>
    /// <param name="workers">Number of threads.</param>
    /// <param name="terms">Factors of the loss's terms; all 1 if null.</param>
    public SegmentProbe(SegmentScorer network, IReadOnlyList<LandscapeFrame> frames, bool recomputed, int workers,
        SegmentLossTerms? terms = null)
    {
        _network = network;
        _frames = frames;
        _recomputed = recomputed;
        _workers = [.. Enumerable.Range(0, workers).Select(_ => new Worker(network, terms))];
    }

    public IReadOnlyList<string> Quantities { get; } = [CrossEntropy, Hamming, TruePositiveRate, FalsePositiveRate];

    public void Measure(int worker, ReadOnlySpan<double> parameters, Span<double> values)
    {
        Worker own = _workers[worker];
        Span<float> target = own.Parameters.Values;
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = (float)parameters[i];
        }

        double crossEntropy = 0;
        double hamming = 0;
        long chosenTrue = 0, chosenFalse = 0, allTrue = 0, allFalse = 0;
        foreach (LandscapeFrame frame in _frames)
        {
            SegmentGraph graph = frame.Input.Graph;
            ReadOnlySpan<float> logits = CalorimeterChain.Score(own.Tape, _network, own.Parameters, frame.Input,
                _recomputed ? own.Moments : null).Values;
            own.Assignment.Solve(graph, logits);
            ReadOnlySpan<bool> chosen = own.Assignment.Chosen(graph);
            (double entropy, double distance) = own.Loss.ValuesOf(own.LossTape, logits, chosen, graph);
            crossEntropy += entropy;
            hamming += distance;
            for (int e = 0; e < chosen.Length; e++)
            {
                bool label = graph.Label[e];
                chosenTrue += label && chosen[e] ? 1 : 0;
                chosenFalse += !label && chosen[e] ? 1 : 0;
                allTrue += label ? 1 : 0;
                allFalse += label ? 0 : 1;
            }
        }

        values[0] = crossEntropy / _frames.Count;
        values[1] = hamming / _frames.Count;
        values[2] = chosenTrue / (double)Math.Max(1, allTrue);
        values[3] = chosenFalse / (double)Math.Max(1, allFalse);
    }

    public void Dispose()
    {
        foreach (Worker worker in _workers)
        {
            worker.Dispose();
        }
    }

    private sealed class Worker(SegmentScorer network, SegmentLossTerms? terms) : IDisposable
    {
        public Tape<float> Tape { get; } = new(recording: false);

        public Tape<double> LossTape { get; } = new(recording: false);

        public ParameterVector<float> Parameters { get; } = new(network.Layout);

        public SegmentMoments Moments { get; } = network.CreateMoments();

        public SegmentAssignment Assignment { get; } = new();

        public CalorimeterLoss Loss { get; } = new(new(), terms: terms);

        public void Dispose()
        {
            Tape.Dispose();
            LossTape.Dispose();
            Parameters.Dispose();
            Loss.Dispose();
        }
    }
}
