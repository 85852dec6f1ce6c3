namespace Sagitta.Tracking.ResidualRange;

/// <summary>Fits the ranges of tracks, frame after frame with memory of its own: one object a thread.</summary>
/// <param name="depths">Depth of each layer, mm of water (<see cref="LayerDepths"/>).</param>
/// <param name="scale">What ranges on the scale of these depths are in water; the same if null.</param>
/// <param name="curve">The curve; the default one if null.</param>
internal sealed class TrackRanges(double[] depths, RangeScale? scale = null, BraggCurve? curve = null) : IDisposable
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
            (double error, double squares) = good ? Errors(problem, t, deposits.Values, range) : (double.NaN, double.NaN);
            estimates[t] = new(good && scale is not null ? scale.Water(range) : range, error, squares, solution.Statuses[t]);
        }

        return estimates;
    }

    public void Dispose() => _tape.Dispose();

    // The error is that of Fisher's information, without the part of the residuals, which is noise. That no hit follows the last adds the
    // information of a uniform distribution as wide as the layers are apart.
    private (double Error, double Squares) Errors(in RangeProblem problem, int track, ReadOnlySpan<double> deposits, double range)
    {
        double information = 0;
        double squares = 0;
        double deepest = double.NegativeInfinity;
        for (int i = problem.Offsets[track]; i < problem.Offsets[track + 1]; i++)
        {
            if (deposits[i] > 0)
            {
                (double expected, double slope, _) = _curve.LogDeposit(range - problem.Depth[i]);
                double residual = (Math.Log(deposits[i]) - expected) / _curve.Spread;
                information += slope * slope;
                squares += residual * residual;
                deepest = Math.Max(deepest, problem.Depth[i]);
            }
        }

        int behind = Array.FindIndex(depths, depth => depth > deepest);
        double precision = information / (_curve.Spread * _curve.Spread);
        return (1 / Math.Sqrt(precision + (behind < 0 ? 0 : 12 / Math.Pow(depths[behind] - deepest, 2))), squares);
    }
}

/// <summary>The range of one track.</summary>
/// <param name="Range">Range left at the first layer, mm of water; means nothing where the fit failed.</param>
/// <param name="Error">Its standard error by the curvature of S, mm; NaN where the fit failed.</param>
/// <param name="Chi2">Sum of squared residuals of the logarithms of deposits over their spread; NaN where the fit failed.</param>
/// <param name="Status">How the fit ended.</param>
internal readonly record struct RangeEstimate(double Range, double Error, double Chi2, SolveStatus Status);
