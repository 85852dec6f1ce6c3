namespace Sagitta.Tracking.Tracks;

/// <summary>
/// What each hit does to the fitted q/pT: one backward pass through fit and clustering gives d(q/pT)/dw for all hits at once, and -w
/// d(q/pT)/dw is, to first order, the change if the hit were taken away. Not thread-safe.
/// </summary>
internal sealed class HitInfluence : IDisposable
{
    private readonly WeightedTrackFit _fit;
    private readonly Tape<double> _tape = new();
    private readonly Segments _planes = new();
    private readonly int[] _selection = new int[1];

    /// <summary>Influences on the tracks of <paramref name="fit"/>.</summary>
    public HitInfluence(WeightedTrackFit fit) => _fit = fit;

    /// <summary>
    /// The first-order change of q/pT in 1/GeV if each hit of the event were removed; 0 for all hits where the fit fails.
    /// </summary>
    /// <param name="hits">The sample.</param>
    /// <param name="index">Which event.</param>
    /// <param name="weights">Weights of the event's hits.</param>
    public double[] OfRemoval(HitSet hits, int index, ReadOnlySpan<double> weights)
    {
        FittedEvents fitted = Fit(hits, index, weights, out Tensor<double> leaf);
        double[] influence = new double[weights.Length];
        if (fitted.Statuses[0] == SolveStatus.Converged)
        {
            _tape.PrepareGradients();
            fitted.Track.Gradient[TrackParameter.QOverPt] = 1;
            _tape.Backward();
            for (int i = 0; i < influence.Length; i++)
            {
                influence[i] = -weights[i] * leaf.Gradient[i];
            }
        }

        return influence;
    }

    /// <summary>The fitted q/pT with these weights; NaN where the fit fails.</summary>
    public double QOverPt(HitSet hits, int index, ReadOnlySpan<double> weights)
    {
        FittedEvents fitted = Fit(hits, index, weights, out _);
        return fitted.Statuses[0] == SolveStatus.Converged ? fitted.Track.Values[TrackParameter.QOverPt] : double.NaN;
    }

    public void Dispose() => _tape.Dispose();

    private FittedEvents Fit(HitSet hits, int index, ReadOnlySpan<double> weights, out Tensor<double> leaf)
    {
        _tape.Reset();
        leaf = _tape.Leaf(weights, weights.Length, 1);
        _selection[0] = index;
        return _fit.Apply(leaf, logits: false, hits, _selection, _planes);
    }
}
