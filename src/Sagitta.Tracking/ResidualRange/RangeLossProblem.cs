namespace Sagitta.Tracking.ResidualRange;

/// <summary>Frame, segments and true ranges behind <see cref="RangeLoss{T}"/>, with memory of its own: one object a thread.</summary>
/// <remarks>
/// A hit belongs to a track with the weight of the paths of segments that lead to it from the track's hit in the first layer: w(b) = sum
/// over segments e = (b, a) of chosen(e) w(a). With an assignment's zeros and ones these are the track's own hits. The truth of a track is
/// the range fitted to all hits of the beam particle that made its first hit: what a scanner ascribes to the place where the track came in.
/// </remarks>
/// <param name="depths">Depth of each layer, mm of water (<see cref="LayerDepths"/>).</param>
/// <param name="options">The loss; the default one if null.</param>
internal sealed class RangeLossProblem(double[] depths, RangeLossOptions? options = null) : IDisposable
{
    private readonly double[] _depths = depths;
    private readonly RangeLossOptions _options = options ?? new();
    private readonly TrackRanges _ranges = new(depths, curve: options?.Curve);
    private readonly Tape<double> _tape = new();
    private readonly List<int> _entryHit = [];
    private readonly List<double> _entryWeight = [];
    private readonly List<int> _starts = [];
    private readonly List<double> _truths = [];
    private readonly List<(int Segment, double Slope)> _slopes = [];
    private CalorimeterFrame? _frame;
    private SegmentGraph? _graph;
    private double[] _weightOf = [];
    private double[] _adjointOf = [];
    private int[] _stampOf = [];
    private int _stamp;

    /// <summary>Number of segments.</summary>
    public int Segments => _graph?.Count ?? 0;

    /// <summary>Takes a frame with its segments, and fits the true ranges. The graph must stay as it is while the loss is used.</summary>
    public void Set(CalorimeterFrame frame, SegmentGraph graph)
    {
        _frame = frame;
        _graph = graph;
        if (_weightOf.Length < frame.Count)
        {
            _weightOf = new double[2 * frame.Count];
            _adjointOf = new double[2 * frame.Count];
            _stampOf = new int[2 * frame.Count];
            _stamp = 0;
        }

        _starts.Clear();
        _truths.Clear();
        Dictionary<long, double> truth = TrueRanges(frame, _ranges);
        for (int hit = frame.Count - 1; hit >= 0; hit--)
        {
            if (frame.Layer[hit] == 0 && frame.TruthPrimary[hit] && truth.TryGetValue(frame.TruthEvent[hit], out double range))
            {
                _starts.Add(hit);
                _truths.Add(range);
            }
        }
    }

    /// <summary>The range fitted to all hits of each beam particle; those whose fit fails are left out.</summary>
    public static Dictionary<long, double> TrueRanges(CalorimeterFrame frame, TrackRanges ranges)
    {
        Dictionary<long, List<int>> hits = [];
        for (int hit = frame.Count - 1; hit >= 0; hit--)
        {
            if (frame.TruthPrimary[hit])
            {
                if (!hits.TryGetValue(frame.TruthEvent[hit], out List<int>? own))
                {
                    hits[frame.TruthEvent[hit]] = own = [];
                }

                own.Add(hit);
            }
        }

        long[] events = [.. hits.Keys];
        RangeEstimate[] fitted = ranges.Fit(frame, [.. events.Select(number => new SegmentTrack([.. hits[number]]))]);
        Dictionary<long, double> found = [];
        for (int i = 0; i < events.Length; i++)
        {
            if (fitted[i].Status == SolveStatus.Converged)
            {
                found[events[i]] = fitted[i].Range;
            }
        }

        return found;
    }

    public void Dispose()
    {
        _ranges.Dispose();
        _tape.Dispose();
    }

    /// <summary>The loss at some weights of segments; fills the gradient unless it is empty.</summary>
    internal double Evaluate(ReadOnlySpan<double> chosen, Span<double> gradient)
    {
        if (_frame is null || _graph is null)
        {
            throw new InvalidOperationException("There is no frame: call Set first.");
        }

        gradient.Clear();
        int tracks = _starts.Count;
        if (tracks == 0)
        {
            return 0;
        }

        bool withGradient = !gradient.IsEmpty;
        _entryHit.Clear();
        _entryWeight.Clear();
        int[] offsets = new int[tracks + 1];
        for (int t = 0; t < tracks; t++)
        {
            Gather(_starts[t], chosen, withGradient);
            offsets[t + 1] = _entryHit.Count;
        }

        double[] depth = [.. _entryHit.Select(hit => _depths[_frame.Layer[hit]])];
        _tape.Reset();
        Tensor<double> weights = _tape.Leaf([.. _entryWeight], _entryWeight.Count, 1);
        Tensor<double> deposits = _tape.Constant([.. _entryHit.Select(hit => (double)_frame.Energy[hit])], _entryHit.Count, 1);
        ImplicitSolution solution = RangeFit.Apply(new(_options.Curve, offsets, depth, _options.FewestHits), weights, deposits);
        if (withGradient)
        {
            _tape.PrepareGradients();
        }

        double loss = 0;
        for (int t = 0; t < tracks; t++)
        {
            bool good = solution.Statuses[t] == SolveStatus.Converged;
            double x = (solution.Value.Values[t] - _truths[t]) / _options.Unit;
            loss += (good ? _options.Function.Value(x) : _options.Function.Maximum) / tracks;
            if (withGradient)
            {
                solution.Value.Gradient[t] = good ? _options.Function.Derivative(x) / _options.Unit / tracks : 0;
            }
        }

        if (withGradient)
        {
            _tape.Backward();
            for (int t = 0; t < tracks; t++)
            {
                Return(offsets[t], offsets[t + 1], chosen, weights.Gradient);
                AddLimited(_options.LargestGradient / tracks, gradient);
            }
        }

        return loss;
    }

    // The hits that a track leads to, in the order of layers, with their weights; if asked for, also those that it would lead to with one
    // more segment.
    private void Gather(int start, ReadOnlySpan<double> chosen, bool withAlternatives)
    {
        SegmentGraph graph = _graph!;
        _stamp++;
        int next = _entryHit.Count;
        Reach(start);
        _weightOf[start] = 1;
        for (; next < _entryHit.Count; next++)
        {
            int a = _entryHit[next];
            double weight = _weightOf[a];
            _entryWeight.Add(weight);
            foreach (int e in graph.Incoming[graph.IncomingOffsets[a]..graph.IncomingOffsets[a + 1]])
            {
                int b = graph.Deeper[e];
                bool leads = chosen[e] != 0 && (weight != 0 || withAlternatives);
                if (leads || (withAlternatives && weight != 0))
                {
                    Reach(b);
                    _weightOf[b] += chosen[e] * weight;
                }
            }
        }
    }

    private void Reach(int hit)
    {
        if (_stampOf[hit] != _stamp)
        {
            _stampOf[hit] = _stamp;
            _weightOf[hit] = 0;
            _entryHit.Add(hit);
        }
    }

    // From the gradient on the weights of a track's hits to that on segments: the adjoint of Gather.
    private void Return(int first, int end, ReadOnlySpan<double> chosen, ReadOnlySpan<double> onWeights)
    {
        SegmentGraph graph = _graph!;
        _stamp++;
        _slopes.Clear();
        for (int i = end - 1; i >= first; i--)
        {
            int a = _entryHit[i];
            double adjoint = onWeights[i];
            foreach (int e in graph.Incoming[graph.IncomingOffsets[a]..graph.IncomingOffsets[a + 1]])
            {
                int b = graph.Deeper[e];
                if (_stampOf[b] == _stamp)
                {
                    adjoint += chosen[e] * _adjointOf[b];
                    _slopes.Add((e, _entryWeight[i] * _adjointOf[b]));
                }
            }

            _stampOf[a] = _stamp;
            _adjointOf[a] = adjoint;
        }
    }

    // A segment leaves one hit, so a track meets it once.
    private void AddLimited(double largest, Span<double> gradient)
    {
        double squares = 0;
        foreach ((_, double slope) in _slopes)
        {
            squares += slope * slope;
        }

        double norm = Math.Sqrt(squares);
        double scale = norm > largest ? largest / norm : 1;
        foreach ((int segment, double slope) in _slopes)
        {
            gradient[segment] += scale * slope;
        }
    }
}
