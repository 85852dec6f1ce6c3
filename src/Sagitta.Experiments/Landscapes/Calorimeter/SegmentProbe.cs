namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>
/// Cross-entropy, Hamming loss and rates of chosen segments over frames, with running averages as they are or with every frame's own
/// statistics. Losses are means over frames; each adds the means over segments on the tracker's side and over all others, as in training.
/// </summary>
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
    public SegmentProbe(SegmentScorer network, IReadOnlyList<LandscapeFrame> frames, bool recomputed, int workers)
    {
        _network = network;
        _frames = frames;
        _recomputed = recomputed;
        _workers = [.. Enumerable.Range(0, workers).Select(_ => new Worker(network))];
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Quantities { get; } = [CrossEntropy, Hamming, TruePositiveRate, FalsePositiveRate];

    /// <inheritdoc />
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
            own.Tape.Reset();
            own.Tape.Bind(own.Parameters);
            ReadOnlySpan<float> logits = _network.Forward(own.Tape, frame.Input, _recomputed ? own.Moments : null).Values;
            Span<bool> chosen = own.Assign(logits, graph);
            int near = graph.TrackerSide.Count(true);
            double nearWeight = 1.0 / Math.Max(1, near);
            double farWeight = 1.0 / Math.Max(1, graph.Count - near);
            for (int e = 0; e < chosen.Length; e++)
            {
                bool label = graph.Label[e];
                double weight = graph.TrackerSide[e] ? nearWeight : farWeight;
                double signed = label ? -logits[e] : logits[e];
                crossEntropy += weight * (Math.Max(signed, 0) + Math.Log(1 + Math.Exp(-Math.Abs(signed))));
                hamming += chosen[e] != label ? weight : 0;
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

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (Worker worker in _workers)
        {
            worker.Dispose();
        }
    }

    private sealed class Worker(SegmentScorer network) : IDisposable
    {
        private readonly SparseAssignment _solver = new();
        private float[] _costs = [];
        private bool[] _chosen = [];
        private int[] _segmentOfHit = [];

        public Tape<float> Tape { get; } = new(recording: false);

        public ParameterVector<float> Parameters { get; } = new(network.Layout);

        public SegmentMoments Moments { get; } = network.CreateMoments();

        public Span<bool> Assign(ReadOnlySpan<float> logits, SegmentGraph graph)
        {
            if (_costs.Length < graph.Count)
            {
                _costs = new float[graph.Count];
                _chosen = new bool[graph.Count];
            }

            if (_segmentOfHit.Length < graph.Hits)
            {
                _segmentOfHit = new int[graph.Hits];
            }

            for (int e = 0; e < logits.Length; e++)
            {
                _costs[e] = 1 / (1 + MathF.Exp(logits[e]));
            }

            Span<int> joined = _segmentOfHit.AsSpan(0, graph.Hits);
            _solver.Solve<float>(graph.Offsets, graph.Shallower, graph.Hits, _costs.AsSpan(0, graph.Count), joined);
            Span<bool> chosen = _chosen.AsSpan(0, graph.Count);
            chosen.Clear();
            foreach (int segment in joined)
            {
                if (segment >= 0)
                {
                    chosen[segment] = true;
                }
            }

            return chosen;
        }

        public void Dispose()
        {
            Tape.Dispose();
            Parameters.Dispose();
        }
    }
}
