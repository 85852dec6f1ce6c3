namespace Sagitta.Tracking.ResidualRange;

/// <summary>Fits the ranges of tracks, frame after frame with memory of its own: one object a thread.</summary>
/// <param name="depths">Depth of each layer, mm of water (<see cref="LayerDepths"/>).</param>
/// <param name="curve">The curve; the default one if null.</param>
internal sealed class TrackRanges(double[] depths, BraggCurve? curve = null) : IDisposable
{
    private const int FewestHits = 3;
    private readonly BraggCurve _curve = curve ?? new();
    private readonly Tape<double> _tape = new(recording: false);

    /// <summary>The ranges of some tracks, in their order.</summary>
    public RangeEstimate[] Fit(CalorimeterFrame frame, IReadOnlyList<SegmentTrack> tracks)
    {
        if (tracks.Count == 0)
        {
            return [];
        }

        int[] offsets = new int[tracks.Count + 1];
        for (int t = 0; t < tracks.Count; t++)
        {
            offsets[t + 1] = offsets[t] + tracks[t].Hits.Length;
        }

        double[] depth = new double[offsets[^1]];
        _tape.Reset();
        Tensor<double> weights = _tape.Allocate(depth.Length, 1);
        Tensor<double> deposits = _tape.Allocate(depth.Length, 1);
        weights.Values.Fill(1);
        for (int t = 0; t < tracks.Count; t++)
        {
            for (int i = 0; i < tracks[t].Hits.Length; i++)
            {
                int hit = tracks[t].Hits[i];
                depth[offsets[t] + i] = depths[frame.Layer[hit]];
                deposits.Values[offsets[t] + i] = frame.Energy[hit];
            }
        }

        RangeProblem problem = new(_curve, offsets, depth, FewestHits);
        ImplicitSolution solution = RangeFit.Apply(problem, weights, deposits);
        RangeEstimate[] estimates = new RangeEstimate[tracks.Count];
        for (int t = 0; t < tracks.Count; t++)
        {
            double range = solution.Value.Values[t];
            bool good = solution.Statuses[t] == SolveStatus.Converged;
            estimates[t] = new(range, good ? Error(problem, t, deposits.Values, range)
                : double.NaN, _curve.Energy(range), solution.Statuses[t]);
        }

        return estimates;
    }

    /// <inheritdoc />
    public void Dispose() => _tape.Dispose();

    // Of Fisher's information, without the part of the residuals, which is noise.
    private double Error(in RangeProblem problem, int track, ReadOnlySpan<double> deposits, double range)
    {
        double information = 0;
        for (int i = problem.Offsets[track]; i < problem.Offsets[track + 1]; i++)
        {
            (_, double slope, _) = _curve.LogDeposit(range - problem.Depth[i]);
            information += deposits[i] > 0 ? slope * slope : 0;
        }

        return _curve.Spread / Math.Sqrt(information);
    }
}
