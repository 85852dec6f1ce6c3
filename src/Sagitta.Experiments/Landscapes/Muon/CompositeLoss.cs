using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>The composite loss of the muon system in double precision, the gradient of the fit passing to the scores: cross-entropy of hits
/// plus the weighted fit terms, or the cross-entropy alone.</summary>
/// <remarks>
/// Products of its Hessian meet two troubles that want opposite steps: the network has kinks, so it may be moved by little, and the
/// gradient through the fit carries the rounding of a badly conditioned solve, so it must be moved by much. With l the logits and s =
/// dL/dl, H v = J' (ds/dl J v) + d(J' s)/dw v at fixed s: the network alone is differenced over the short step, the smooth way from logits
/// to loss over one that moves the logits by <see cref="Movement"/>.
/// </remarks>
internal sealed class CompositeLoss : ChunkedLoss, ICurvedLoss
{
    // How far the step of the smooth part moves the logit that moves most, times the sharpness: the error of the five-point formula is then
    // some 1e-9, and the rounding of the fits counts as little as it can.
    private const double Movement = 0.01;

    private readonly MuonSample _sample;
    private readonly MuonLoss _loss;
    private readonly bool _withFit;
    private readonly Segments[] _planes;
    private readonly ParameterVector<double> _above;
    private readonly ParameterVector<double> _below;
    private readonly Side[] _sides;
    private readonly Action<int, int> _work;
    private double _step;

    /// <summary>A loss over events, with or without the fit terms; each group of events is one chunk.</summary>
    public CompositeLoss(MuonSample sample, MuonLoss loss, bool withFit, WorkerThreads threads)
        : base(sample.Chain.Scorer.Layout, sample.Groups.Length, threads)
    {
        if (withFit && loss.Chain.Options.Measurement.Enabled)
        {
            throw new BadInputException("the models", "they have a measurement stage, and the curvature of a loss through one is not known",
                "take models without one");
        }

        _sample = sample;
        _loss = loss;
        _withFit = withFit;
        _planes = [.. sample.Groups.Select(_ => new Segments())];
        _above = new(Layout);
        _below = new(Layout);
        _sides = [.. Enumerable.Range(0, threads.Count).Select(_ => new Side(Layout))];
        _work = Differentiate;
    }

    public void Product(ReadOnlySpan<double> centre, ReadOnlySpan<double> direction, double step, Span<double> product)
    {
        _step = step;
        TensorPrimitives.MultiplyAdd(direction, step, centre, _above.Values);
        TensorPrimitives.MultiplyAdd(direction, -step, centre, _below.Values);
        SumOverChunks(_work, product);
    }

    private protected override Tensor<double> LossOf(Tape<double> tape, int chunk) =>
        LossOf(_sample.Chain.Scorer.Forward(tape, _sample.Graphs[chunk]), chunk);

    private protected override void DisposeOwn()
    {
        _above.Dispose();
        _below.Dispose();
        _sides.DisposeAll();
    }

    private Tensor<double> LossOf(HitLogits<double> logits, int chunk)
    {
        Tensor<double> classification = _loss.Classification(logits, _sample.Events, _sample.Groups[chunk], _sample.Scale);
        return _withFit
            ? Add<double>.Apply(classification, _loss.Fit(_loss.Options.Reading.WeightLogits(logits.Weight), _sample.Events,
                _sample.Groups[chunk], _sample.ReferenceSigma, _sample.Scale, _planes[chunk]).Sum)
            : classification;
    }

    private void Differentiate(int chunk, int worker)
    {
        Side side = _sides[worker];
        Tape<double> tape = TapeOf(worker);
        HitLogits<double> above = Forward(tape, _above, GradientOf(chunk), chunk);
        HitLogits<double> below = Forward(side.Network, _below, side.Gradient, chunk);

        // Logits of scores, then those of weights.
        int hits = above.Score.Length;
        int count = 2 * hits;
        double[] middle = new double[count];
        double[] slope = new double[count];
        for (int i = 0; i < count; i++)
        {
            double over = i < hits ? above.Score.Values[i] : above.Weight.Values[i - hits];
            double under = i < hits ? below.Score.Values[i] : below.Weight.Values[i - hits];
            middle[i] = (over + under) / 2;
            slope[i] = (over - under) / (2 * _step);
        }

        // The derivative of s along the logits' own movement, by the five-point formula.
        double steepest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(slope)) * Math.Max(1, _loss.Options.Sharpness);
        double far = steepest > 0 ? Movement / steepest : 1;
        double[] change = new double[count];
        foreach ((int place, double weight) in ((int, double)[])[(1, 8), (-1, -8), (2, -1), (-2, 1)])
        {
            HitLogits<double> there = Differentiated(side.Loss, middle, slope, place * far, chunk);
            AddScaled(there.Score.Gradient, weight / (12 * far), change.AsSpan(0, hits));
            AddScaled(there.Weight.Gradient, weight / (12 * far), change.AsSpan(hits));
        }

        HitLogits<double> here = Differentiated(side.Loss, middle, slope, 0, chunk);
        tape.PrepareGradients();
        side.Network.PrepareGradients();
        foreach ((HitLogits<double> logits, double step) in ((HitLogits<double>, double)[])[(above, _step), (below, -_step)])
        {
            TensorPrimitives.MultiplyAdd(change.AsSpan(0, hits), step, here.Score.Gradient, logits.Score.Gradient);
            TensorPrimitives.MultiplyAdd(change.AsSpan(hits), step, here.Weight.Gradient, logits.Weight.Gradient);
        }

        tape.Backward();
        side.Network.Backward();
        Span<double> result = GradientOf(chunk).Values;
        TensorPrimitives.Subtract(result, side.Gradient.Values, result);
        TensorPrimitives.Divide(result, 2 * _step, result);
        side.Gradient.Values.Clear();
    }

    private static void AddScaled(ReadOnlySpan<double> values, double factor, Span<double> sum) =>
        TensorPrimitives.MultiplyAdd(values, factor, sum, sum);

    private HitLogits<double> Forward(Tape<double> tape, ParameterVector<double> parameters, ParameterVector<double> gradient, int chunk)
    {
        tape.Reset();
        tape.Bind(parameters, gradient);
        return _sample.Chain.Scorer.Forward(tape, _sample.Graphs[chunk]);
    }

    // Logits at the middle moved along their slope, with dL/dl as their gradient; valid until the next call.
    private HitLogits<double> Differentiated(Tape<double> tape, double[] middle, double[] slope, double distance, int chunk)
    {
        double[] moved = new double[middle.Length];
        TensorPrimitives.MultiplyAdd(slope, distance, middle, moved);
        tape.Reset();
        int hits = moved.Length / 2;
        HitLogits<double> logits = new(tape.Leaf(moved.AsSpan(0, hits), hits, 1), tape.Leaf(moved.AsSpan(hits), hits, 1));
        tape.Backward(LossOf(logits, chunk));
        return logits;
    }

    // What a thread needs to be on both sides of the centre at once.
    private sealed class Side(ParameterLayout layout) : IDisposable
    {
        public Tape<double> Network { get; } = new();
        public Tape<double> Loss { get; } = new();
        public ParameterVector<double> Gradient { get; } = new(layout);

        public void Dispose()
        {
            Network.Dispose();
            Loss.Dispose();
            Gradient.Dispose();
        }
    }
}

/// <summary>Events in groups of fixed size with their graphs, ready for the network; threads share it.</summary>
internal sealed class MuonSample
{
    public const int GroupSize = 8;

    /// <summary>Takes the first events of a sample.</summary>
    public MuonSample(MuonChain chain, EventSet events, int count, double classification)
    {
        Chain = chain;
        Events = events;
        Count = Math.Min(count, events.Count);
        ReferenceSigma = chain.ReferenceSigma(events);
        int[] all = [.. Enumerable.Range(0, Count)];
        Scale = MuonBatchScale.Of(events, all, classification, 1);
        Groups = [.. all.Chunk(GroupSize)];
        Graphs = [.. Groups.Select(group =>
        {
            HitGraph graph = new();
            chain.Graphs.Build(events.Hits, group, graph);
            return graph;
        })];
    }

    public MuonChain Chain { get; }
    /// <summary>The events; those beyond <see cref="Count"/> are not used.</summary>
    public EventSet Events { get; }
    public int Count { get; }
    /// <summary>One unit of residual for each event, 1/GeV.</summary>
    public double[] ReferenceSigma { get; }
    /// <summary>Numbers of the events of each group.</summary>
    public int[][] Groups { get; }
    public HitGraph[] Graphs { get; }

    /// <summary>Weights of hits and events that make sums over all groups means.</summary>
    internal MuonBatchScale Scale { get; }
}
