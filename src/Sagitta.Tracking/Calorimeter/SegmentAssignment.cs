namespace Sagitta.Tracking.Calorimeter;

/// <summary>Which segments become tracks: the exact assignment of hits to hits of the next layer, a segment of score p at cost 1 - p.
/// Memory of its own: one object a thread.</summary>
internal sealed class SegmentAssignment
{
    private readonly SparseAssignment _solver = new();
    private readonly SparseAssignment _layerSolver = new();
    private double? _price;
    private float[] _costs = [];
    private bool[] _chosen = [];
    private int[] _segmentOfHit = [];
    private int[] _shallowerOf = [];
    private int _hits;

    /// <summary>Per hit: the hit it was joined to towards the beam, or -1.</summary>
    public Span<int> ShallowerOf => _shallowerOf.AsSpan(0, _hits);

    /// <summary>Makes room for the hits of a graph.</summary>
    public void Begin(SegmentGraph graph)
    {
        _hits = graph.Hits;
        if (_shallowerOf.Length < _hits)
        {
            _shallowerOf = new int[2 * _hits];
            _segmentOfHit = new int[2 * _hits];
        }

        if (_costs.Length < graph.Count)
        {
            _costs = new float[2 * graph.Count];
            _chosen = new bool[2 * graph.Count];
        }
    }

    /// <summary>Joins hits by the scores of their segments.</summary>
    /// <param name="graph">The segments.</param>
    /// <param name="logits">A logit each.</param>
    /// <param name="price">Price of a hit that stays alone, see <see cref="TrackOptions.UnassignedPrice"/>.</param>
    public void Solve(SegmentGraph graph, ReadOnlySpan<float> logits, double? price = null)
    {
        Begin(graph);
        for (int e = 0; e < logits.Length; e++)
        {
            _costs[e] = 1 / (1 + MathF.Exp(logits[e]));
        }

        _price = price;
        _solver.AlonePrice = price ?? double.PositiveInfinity;
        _solver.Solve<float>(graph.Offsets, graph.Shallower, _hits, _costs.AsSpan(0, logits.Length), _segmentOfHit.AsSpan(0, _hits));
        TrackFinding.Join(graph, _segmentOfHit.AsSpan(0, _hits), ShallowerOf);
    }

    /// <summary>Whether each segment was chosen.</summary>
    public ReadOnlySpan<bool> Chosen(SegmentGraph graph)
    {
        Span<bool> chosen = _chosen.AsSpan(0, graph.Count);
        chosen.Clear();
        foreach (int segment in _segmentOfHit.AsSpan(0, _hits))
        {
            if (segment >= 0)
            {
                chosen[segment] = true;
            }
        }

        return chosen;
    }

    /// <summary>How much dearer the assignment becomes without the segment that each hit was joined by: the cost of the best assignment
    /// that does without it, minus that of the best. Each pair of layers is an assignment of its own and is solved again for each of its
    /// segments. A pair of hits that is lost counts with the price of an unassigned hit, or without a price as a segment of score 0 (cost
    /// 1), so the margin is below zero where leaving the hit alone would be cheaper than what the rule of most pairs forces.</summary>
    /// <param name="graph">The segments that were solved last.</param>
    /// <param name="layer">Layer of each hit.</param>
    /// <returns>A margin a hit; NaN for hits that are joined to none.</returns>
    public double[] Margins(SegmentGraph graph, ReadOnlySpan<int> layer)
    {
        double[] margins = new double[_hits];
        Array.Fill(margins, double.NaN);
        _layerSolver.AlonePrice = _price ?? double.PositiveInfinity;
        int next;
        for (int begin = 0; begin < _hits; begin = next)
        {
            next = begin;
            while (next < _hits && layer[next] == layer[begin])
            {
                next++;
            }

            MarginsOfLayer(graph, begin, next, margins);
        }

        return margins;
    }

    private void MarginsOfLayer(SegmentGraph graph, int begin, int end, double[] margins)
    {
        int first = graph.Offsets[begin];
        int count = graph.Offsets[end] - first;
        if (count == 0)
        {
            return;
        }

        int[] offsets = new int[end - begin + 1];
        int[] columns = new int[count];
        int width = 0;
        double[] costs = new double[count];
        for (int row = 0; row < offsets.Length; row++)
        {
            offsets[row] = graph.Offsets[begin + row] - first;
        }

        for (int e = 0; e < count; e++)
        {
            columns[e] = graph.Shallower[first + e] - end;
            width = Math.Max(width, columns[e] + 1);
            costs[e] = _costs[first + e];
        }

        int[] entryOfRow = new int[end - begin];
        AssignmentOutcome best = _layerSolver.Solve<double>(offsets, columns, width, costs, entryOfRow);
        for (int hit = begin; hit < end; hit++)
        {
            int entry = _segmentOfHit[hit] - first;
            if (_segmentOfHit[hit] < 0)
            {
                continue;
            }

            double cost = costs[entry];
            costs[entry] = double.PositiveInfinity;
            AssignmentOutcome second = _layerSolver.SolveAgain<double>(offsets, columns, width, costs, entryOfRow);
            costs[entry] = cost;
            double lost = best.Cardinality - second.Cardinality;
            double dearer = second.Cost - best.Cost;
            margins[hit] = lost == 0 ? Math.Max(0, dearer) : dearer + (lost * (_price ?? 1));
        }
    }
}
