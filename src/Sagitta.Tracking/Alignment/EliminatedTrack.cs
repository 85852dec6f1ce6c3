namespace Sagitta.Tracking.Alignment;

/// <summary>
/// One track at its minimum, whatever its model: hits too far away leave, worst first, the track's parameters are fitted and leave the sum
/// as the matrix P of <see cref="TrackElimination"/>. With G = dr/da the sum's gradient is 2 G^T P r and its curvature 2 G^T P G. Memory of
/// one thread.
/// </summary>
/// <param name="parameters">Order of the parameters of alignment.</param>
/// <param name="values">Their values, at which tracks are fitted.</param>
/// <param name="selection">Which measurements count.</param>
/// <param name="trackParameters">Parameters of a track; the last is its charge over momentum.</param>
internal abstract class EliminatedTrack(AlignmentParameters parameters, double[] values, AlignmentSelection selection, int trackParameters)
{
    private const int MostSteps = 30;
    private readonly int[] _plane = new int[parameters.Planes];
    private readonly double[] _measured = new double[parameters.Planes];
    private readonly double[] _byOwn = new double[parameters.Kinds * parameters.Planes];
    private readonly double[] _byField = new double[parameters.Planes];
    private readonly double[] _pulled = new double[parameters.Planes];
    private readonly double[] _theta = new double[trackParameters];
    private readonly int[] _index = new int[parameters.Count];
    private readonly double[] _half = new double[parameters.Count];
    private readonly List<int> _rejected = [];

    /// <summary>The track's parameters.</summary>
    public Span<double> Track => _theta;

    /// <summary>r^T V^-1 r.</summary>
    public double ChiSquare { get; private set; }

    /// <summary>The planes that take part.</summary>
    public ReadOnlySpan<int> Planes => _plane.AsSpan(0, Elimination.Count);

    /// <summary>Residuals, track minus measurement in mm, with their covariance and their derivatives by the track.</summary>
    public TrackElimination Elimination { get; } = new(parameters.Planes, trackParameters);

    /// <summary>Parameters of the track that are fitted: one less where its momentum is known.</summary>
    public int FreeParameters { get; private set; }

    /// <summary>The values of the parameters of alignment.</summary>
    protected ReadOnlySpan<double> Values => values;

    /// <summary>A step that moves no plane by more than this ends a fit, mm.</summary>
    protected abstract double SmallestStep { get; }

    /// <summary>What the planes that take part measure, mm.</summary>
    protected ReadOnlySpan<double> Measured => _measured.AsSpan(0, Elimination.Count);

    /// <summary>Derivative of residual <paramref name="i"/> by the parameter of a kind of its own plane.</summary>
    public ref double ByOwn(int kind, int i) => ref _byOwn[(kind * parameters.Planes) + i];

    /// <summary>Derivative of residuals by the field's scale, mm.</summary>
    protected Span<double> ByField => _byField.AsSpan(0, Elimination.Count);

    /// <summary>Fits track <paramref name="t"/>; false where it does not count.</summary>
    public bool Fit(AlignmentTracks tracks, int t)
    {
        int n = parameters.Planes;
        int count = 0;
        _rejected.Clear();
        for (int i = 0; i < n; i++)
        {
            int at = (t * n) + i;
            if (tracks.Presence[at] >= 0.5)
            {
                _plane[count] = i;
                _measured[count] = tracks.Y[at];
                Elimination.Weights[count++] = tracks.Presence[at] / (tracks.Sigma[at] * tracks.Sigma[at]);
            }
        }

        Elimination.Count = count;
        FreeParameters = tracks.KnownQOverPt.Length > 0 ? trackParameters - 1 : trackParameters;
        _theta.AsSpan().Clear();
        if (FreeParameters < trackParameters)
        {
            _theta[^1] = tracks.KnownQOverPt[t];
        }

        while (Elimination.Count >= Math.Max(selection.FewestPlanes, FreeParameters + 1) && Minimise())
        {
            int worst = Worst();
            if (worst < 0)
            {
                // Where a third of the planes disagree, it is not known which of them are right.
                return 3 * _rejected.Count <= count;
            }

            Remove(worst);
        }

        return false;
    }

    /// <summary>Adds the track to a sum.</summary>
    public void AddTo(AlignmentSum sum)
    {
        int count = Elimination.Count;
        sum.Count(ChiSquare, count - FreeParameters, _theta[^1] < 0);
        Elimination.Project(FreeParameters);
        AddGradient(sum);
        AddResponse(sum);
        foreach (int plane in _rejected)
        {
            sum.Rejected[plane]++;
        }

        for (int i = 0; i < count; i++)
        {
            // The residual of a fit that has not seen the plane, and its error: r' = (P r)_i / P_ii.
            double p = Elimination.Projected(i)[i];
            double without = p > 0 ? _pulled[i] / p : 0;
            sum.Hits[_plane[i]]++;
            sum.Weight[_plane[i]] += p;
            sum.Residual[_plane[i]] += without * p;
            sum.SquaredPull[_plane[i]] += without * without * p;
        }
    }

    /// <summary>Fits the track to the planes that take part: V, then <see cref="Descend"/>.</summary>
    protected abstract bool Minimise();

    /// <summary>Writes residuals and their derivatives at the track's present parameters; false where it does not reach the planes.
    /// </summary>
    protected abstract bool Linearise();

    /// <summary>Steps of Gauss and Newton with the present covariance.</summary>
    protected bool Descend()
    {
        Span<double> step = stackalloc double[trackParameters];
        double moved = double.PositiveInfinity;
        for (int s = 0; s < MostSteps && moved >= SmallestStep; s++)
        {
            if (!Linearise() || !Elimination.TryStep(FreeParameters, step, out moved))
            {
                return false;
            }

            for (int a = 0; a < FreeParameters; a++)
            {
                _theta[a] += step[a];
            }
        }

        if (!Linearise())
        {
            return false;
        }

        ChiSquare = Elimination.ChiSquare();
        return double.IsFinite(ChiSquare);
    }

    private void AddGradient(AlignmentSum sum)
    {
        int count = Elimination.Count;
        int all = parameters.Count;
        int field = parameters.FieldScale;
        int own = parameters.Kinds * count;
        double halfField = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<double> row = Elimination.Projected(i);
            double byField = 0;
            _pulled[i] = 0;
            for (int j = 0; j < count; j++)
            {
                _pulled[i] += row[j] * Elimination.Residuals[j];
                byField += 2 * row[j] * _byField[j];
            }

            halfField += _pulled[i] * _byField[i];
            sum.Curvature[(field * all) + field] += byField * _byField[i];
            for (int kind = 0; kind < parameters.Kinds; kind++)
            {
                int at = (kind * count) + i;
                int index = _index[at] = parameters.Of(kind, _plane[i]);
                double derivative = ByOwn(kind, i);
                _half[at] = derivative * _pulled[i];
                sum.Curvature[(index * all) + field] += derivative * byField;
                sum.Curvature[(field * all) + index] += derivative * byField;
                for (int other = 0; other < parameters.Kinds; other++)
                {
                    Span<double> target = sum.Curvature.AsSpan((index * all) + parameters.Of(other, 0), parameters.Planes);
                    for (int j = 0; j < count; j++)
                    {
                        target[_plane[j]] += 2 * row[j] * derivative * ByOwn(other, j);
                    }
                }
            }
        }

        (_index[own], _half[own]) = (field, halfField);
        for (int a = 0; a <= own; a++)
        {
            sum.Gradient[_index[a]] += 2 * _half[a];
            Span<double> spread = sum.Spread.AsSpan(_index[a] * all, all);
            for (int b = 0; b <= own; b++)
            {
                spread[_index[b]] += _half[a] * _half[b];
            }
        }
    }

    // dq = -(A^-1 J^T V^-1 G)_q da, of a fit in which q is free: what a shift does to momenta that are not known.
    private void AddResponse(AlignmentSum sum)
    {
        Span<double> byMeasured = stackalloc double[Elimination.Count];
        if (!Elimination.TryRespond(byMeasured))
        {
            return;
        }

        double byQ = Math.Abs(_theta[^1]) > 1e-4 ? 1 / _theta[^1] : 0;
        for (int i = 0; i < byMeasured.Length; i++)
        {
            for (int kind = 0; kind < parameters.Kinds; kind++)
            {
                int index = parameters.Of(kind, _plane[i]);
                sum.MeanResponse[index] -= byMeasured[i] * ByOwn(kind, i);
                sum.ScaleResponse[index] -= byMeasured[i] * ByOwn(kind, i) * byQ;
            }

            sum.ScaleResponse[parameters.FieldScale] -= byMeasured[i] * _byField[i] * byQ;
        }
    }

    // The plane of largest pull if it is beyond the bound; -1 if none is.
    private int Worst()
    {
        if (double.IsPositiveInfinity(selection.LargestPull))
        {
            return -1;
        }

        Elimination.Project(FreeParameters);
        int worst = -1;
        double largest = selection.LargestPull * selection.Widening;
        for (int i = 0; i < Elimination.Count; i++)
        {
            ReadOnlySpan<double> row = Elimination.Projected(i);
            double pulled = 0;
            for (int j = 0; j < Elimination.Count; j++)
            {
                pulled += row[j] * Elimination.Residuals[j];
            }

            double pull = Math.Abs(pulled) / Math.Sqrt(Math.Max(1e-300, row[i]));
            if (pull > largest)
            {
                (largest, worst) = (pull, i);
            }
        }

        return worst;
    }

    private void Remove(int worst)
    {
        _rejected.Add(_plane[worst]);
        Elimination.Count--;
        for (int i = worst; i < Elimination.Count; i++)
        {
            (_plane[i], _measured[i]) = (_plane[i + 1], _measured[i + 1]);
            Elimination.Weights[i] = Elimination.Weights[i + 1];
        }

        if (FreeParameters == trackParameters)
        {
            _theta.AsSpan().Clear();
        }
    }
}
