using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>Cross-entropy, Hamming loss and rates of chosen segments over frames, with running averages as they are or with every frame's
/// own statistics. Losses are means over frames; each adds the means over segments on the tracker's side and over all others, as in
/// training.</summary>
internal sealed class SegmentProbe(SegmentScorer network, IReadOnlyList<LandscapeFrame> frames, bool recomputed, int workers,
    SegmentLossTerms? terms = null) : IProbe, IDisposable
{
    /// <summary>Names of the quantities.</summary>
    public const string CrossEntropy = "cross-entropy", Hamming = "Hamming loss", TruePositiveRate = "true positive rate",
        FalsePositiveRate = "false positive rate";

    private readonly Worker[] _workers = [.. Enumerable.Range(0, workers).Select(_ => new Worker(network, terms))];

    public IReadOnlyList<string> Quantities { get; } = [CrossEntropy, Hamming, TruePositiveRate, FalsePositiveRate];

    public void Measure(int worker, ReadOnlySpan<double> parameters, Span<double> values)
    {
        Worker own = _workers[worker];
        TensorPrimitives.ConvertTruncating(parameters, own.Parameters.Values);
        double crossEntropy = 0;
        double hamming = 0;
        long chosenTrue = 0, chosenFalse = 0, allTrue = 0, allFalse = 0;
        foreach (LandscapeFrame frame in frames)
        {
            SegmentGraph graph = frame.Input.Graph;
            ReadOnlySpan<float> logits = CalorimeterChain.Score(own.Tape, network, own.Parameters, frame.Input,
                recomputed ? own.Moments : null).Values;
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

        values[0] = crossEntropy / frames.Count;
        values[1] = hamming / frames.Count;
        values[2] = chosenTrue / (double)Math.Max(1, allTrue);
        values[3] = chosenFalse / (double)Math.Max(1, allFalse);
    }

    public void Dispose() => _workers.DisposeAll();

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
