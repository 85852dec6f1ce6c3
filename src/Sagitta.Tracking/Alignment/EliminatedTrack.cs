namespace Sagitta.Tracking.Alignment;

/// <summary>
/// One track at its minimum: y0, s0 and q/pT are fitted, first without scattering for the q/pT of the covariance, then with it, and leave
/// the sum as P = V^-1 - V^-1 J (J^T V^-1 J)^-1 J^T V^-1. With G = dr/da the sum's gradient is 2 G^T P r and its curvature 2 G^T P G.
/// Memory of one thread.
/// </summary>
internal sealed class EliminatedTrack
{
    private const int MostSteps = 30;

    // A step that moves no plane by more than this ends a fit, mm.
    private const double SmallestStep = 1e-11;
    private readonly AlignmentModel _model;
    private readonly AlignmentSelection _selection;
    private readonly double _factor;
    private readonly int[] _plane;
    private readonly double[] _y;
    private readonly double[] _z;
    private readonly double[] _weight;
    private readonly double[] _inverse;
    private readonly double[] _work;
    private readonly double[] _residual;
    private readonly double[] _weighted;
    private readonly double[] _jacobian;
    private readonly double[] _weightedJacobian;
    private readonly double[] _tangent;
    private readonly double[] _byField;
    private readonly double[] _projected;
    private readonly double[] _information = new double[9];
    private readonly double[] _information2 = new double[9];
    private readonly double[] _theta = new double[3];
    private readonly List<int> _rejected = [];
    private double _scale;
    private int _count;
    private int _free;

    public EliminatedTrack(AlignmentModel model, AlignmentSelection selection)
    {
        int n = model.Planes;
        _model = model;
        _selection = selection;
        _factor = CircleTrack.CurvatureOf(1, model.FieldTesla);
        _plane = new int[n];
        (_y, _z, _weight, _residual, _weighted, _tangent, _byField) = (new double[n], new double[n], new double[n], new double[n],
            new double[n], new double[n], new double[n]);
        (_inverse, _work, _projected) = (new double[n * n], new double[n * n], new double[n * n]);
        (_jacobian, _weightedJacobian) = (new double[3 * n], new double[3 * n]);
    }

    /// <summary>y0, s0 and q/pT.</summary>
    public ReadOnlySpan<double> Track => _theta;

    /// <summary>r^T V^-1 r.</summary>
    public double ChiSquare { get; private set; }

    /// <summary>q/pT of the fit without scattering, which sets the covariance.</summary>
    public double CovarianceQOverPt { get; private set; }

    /// <summary>The planes that take part.</summary>
    public ReadOnlySpan<int> Planes => _plane.AsSpan(0, _count);

    /// <summary>Track minus measurement at them, mm.</summary>
    public ReadOnlySpan<double> Residuals => _residual.AsSpan(0, _count);

    /// <summary>Slope dy/dz at them.</summary>
    public ReadOnlySpan<double> Tangents => _tangent.AsSpan(0, _count);

    /// <summary>Parameters of the track that are fitted: 2 where its momentum is known.</summary>
    public int FreeParameters => _free;

    /// <summary>Row <paramref name="i"/> of L^T r with V^-1 = L L^T; ask for rows from 0 on.</summary>
    public WhitenedResidual Whiten(int i)
    {
        if (i == 0)
        {
            _inverse.AsSpan(0, _count * _count).CopyTo(_work);
            _ = SymmetricSystem.TryFactor(_work, _count, 0);
        }

        Array.Clear(_weighted);
        Span<double> byTrack = _information2.AsSpan(0, _free);
        byTrack.Clear();
        double residual = 0;
        for (int j = i; j < _count; j++)
        {
            double factor = _work[(j * _count) + i];
            _weighted[j] = factor;
            residual += factor * _residual[j];
            for (int a = 0; a < _free; a++)
            {
                byTrack[a] += factor * _jacobian[(a * _count) + j];
            }
        }

        return new(residual, byTrack, _weighted.AsSpan(0, _count));
    }

    /// <summary>Fits track <paramref name="t"/> at these values of the parameters; false where it does not count.</summary>
    public bool Fit(AlignmentTracks tracks, int t, ReadOnlySpan<double> values)
    {
        int n = _model.Planes;
        AlignmentParameters order = new(n);
        _count = 0;
        _rejected.Clear();
        _scale = 1 + values[order.FieldScale];
        for (int i = 0; i < n; i++)
        {
            int at = (t * n) + i;
            if (tracks.Presence[at] >= 0.5)
            {
                _plane[_count] = i;
                _y[_count] = tracks.Y[at] + values[order.Y(i)];
                _z[_count] = _model.Z[i] + values[order.Z(i)];
                _weight[_count++] = tracks.Presence[at] / (tracks.Sigma[at] * tracks.Sigma[at]);
            }
        }

        _free = tracks.KnownQOverPt.Length > 0 ? 2 : 3;
        _theta.AsSpan().Clear();
        if (_free == 2)
        {
            _theta[2] = tracks.KnownQOverPt[t];
        }

        int measured = _count;
        while (_count >= Math.Max(_selection.FewestPlanes, _free + 1) && Minimise())
        {
            int worst = Worst();
            if (worst < 0)
            {
                // Where a third of the planes disagree, it is not known which of them are right.
                return 3 * _rejected.Count <= measured;
            }

            Remove(worst);
        }

        return false;
    }

    /// <summary>Adds the track to a sum.</summary>
    public void AddTo(AlignmentSum sum)
    {
        int n = sum.Parameters.Planes;
        int all = sum.Parameters.Count;
        int field = sum.Parameters.FieldScale;
        sum.Count(ChiSquare, _count - _free, _theta[2] < 0);
        Project(_free, _information);
        Span<double> pulled = _weighted.AsSpan(0, _count);
        double byField = 0;
        for (int i = 0; i < _count; i++)
        {
            byField = 0;
            double gradient = 0;
            int row = _plane[i];
            for (int j = 0; j < _count; j++)
            {
                double p = 2 * _projected[(i * _count) + j];
                int column = _plane[j];
                gradient += p * _residual[j];
                byField += p * _byField[j];
                sum.Curvature[(row * all) + column] += p;
                sum.Curvature[(row * all) + n + column] -= p * _tangent[j];
                sum.Curvature[((n + row) * all) + column] -= p * _tangent[i];
                sum.Curvature[((n + row) * all) + n + column] += p * _tangent[i] * _tangent[j];
            }

            sum.Curvature[(row * all) + field] -= byField;
            sum.Curvature[(field * all) + row] -= byField;
            sum.Curvature[((n + row) * all) + field] += byField * _tangent[i];
            sum.Curvature[(field * all) + n + row] += byField * _tangent[i];
            sum.Curvature[(field * all) + field] += byField * _byField[i];
            sum.Gradient[row] -= gradient;
            sum.Gradient[n + row] += gradient * _tangent[i];
            sum.Gradient[field] += gradient * _byField[i];
            pulled[i] = gradient;
        }

        AddSpread(sum, pulled);
        AddResponse(sum);
        AddResiduals(sum);
    }

    private void AddSpread(AlignmentSum sum, ReadOnlySpan<double> gradient)
    {
        int n = sum.Parameters.Planes;
        int all = sum.Parameters.Count;
        int field = sum.Parameters.FieldScale;
        double byField = 0;
        for (int i = 0; i < _count; i++)
        {
            byField += gradient[i] * _byField[i] / 2;
        }

        sum.Spread[(field * all) + field] += byField * byField;
        for (int i = 0; i < _count; i++)
        {
            int row = _plane[i];
            double own = gradient[i] / 2;
            sum.Spread[(row * all) + field] -= own * byField;
            sum.Spread[(field * all) + row] -= own * byField;
            sum.Spread[((n + row) * all) + field] += own * _tangent[i] * byField;
            sum.Spread[(field * all) + n + row] += own * _tangent[i] * byField;
            for (int j = 0; j < _count; j++)
            {
                int column = _plane[j];
                double product = own * gradient[j] / 2;
                sum.Spread[(row * all) + column] += product;
                sum.Spread[(row * all) + n + column] -= product * _tangent[j];
                sum.Spread[((n + row) * all) + column] -= product * _tangent[i];
                sum.Spread[((n + row) * all) + n + column] += product * _tangent[i] * _tangent[j];
            }
        }
    }

    // dq = -(A^-1 J^T V^-1 G)_q da, of a fit in which q/pT is free: what a shift does to momenta that are not known.
    private void AddResponse(AlignmentSum sum)
    {
        Span<double> unit = stackalloc double[3];
        unit[2] = 1;
        Information(3, _information2);
        if (!SymmetricSystem.TryFactor(_information2, 3, 1e-14))
        {
            return;
        }

        SymmetricSystem.SolveFactored(_information2, 3, unit);
        int n = sum.Parameters.Planes;
        double byQ = Math.Abs(_theta[2]) > 1e-4 ? 1 / _theta[2] : 0;
        for (int i = 0; i < _count; i++)
        {
            double response = 0;
            for (int a = 0; a < 3; a++)
            {
                response += unit[a] * _weightedJacobian[(a * _count) + i];
            }

            sum.MeanResponse[_plane[i]] += response;
            sum.MeanResponse[n + _plane[i]] -= response * _tangent[i];
            sum.ScaleResponse[_plane[i]] += response * byQ;
            sum.ScaleResponse[n + _plane[i]] -= response * _tangent[i] * byQ;
            sum.ScaleResponse[sum.Parameters.FieldScale] -= response * _byField[i] * byQ;
        }
    }

    private void AddResiduals(AlignmentSum sum)
    {
        foreach (int plane in _rejected)
        {
            sum.Rejected[plane]++;
        }

        for (int i = 0; i < _count; i++)
        {
            // The residual of a fit that has not seen the plane, and its error: r' = (P r)_i / P_ii.
            double p = _projected[(i * _count) + i];
            double without = p > 0 ? _weighted[i] / 2 / p : 0;
            sum.Hits[_plane[i]]++;
            sum.Weight[_plane[i]] += p;
            sum.Residual[_plane[i]] += without * p;
            sum.SquaredPull[_plane[i]] += without * without * p;
        }
    }

    // The plane of largest pull if it is beyond the bound; -1 if none is.
    private int Worst()
    {
        if (double.IsPositiveInfinity(_selection.LargestPull))
        {
            return -1;
        }

        Project(_free, _information);
        int worst = -1;
        double largest = _selection.LargestPull * _selection.Widening;
        for (int i = 0; i < _count; i++)
        {
            double pulled = 0;
            for (int j = 0; j < _count; j++)
            {
                pulled += _projected[(i * _count) + j] * _residual[j];
            }

            double pull = Math.Abs(pulled) / Math.Sqrt(Math.Max(1e-300, _projected[(i * _count) + i]));
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
        _count--;
        for (int i = worst; i < _count; i++)
        {
            (_plane[i], _y[i], _z[i], _weight[i]) = (_plane[i + 1], _y[i + 1], _z[i + 1], _weight[i + 1]);
        }

        if (_free == 3)
        {
            _theta.AsSpan().Clear();
        }
    }

    private bool Minimise()
    {
        Invert(0);
        if (!Descend())
        {
            return false;
        }

        CovarianceQOverPt = _theta[2];
        return _model.Scattering.IsEmpty || (Invert(CovarianceQOverPt) && Descend());
    }

    private bool Descend()
    {
        Span<double> step = stackalloc double[3];
        for (int s = 0; s < MostSteps; s++)
        {
            if (!Linearise())
            {
                return false;
            }

            Information(_free, _information);
            if (!SymmetricSystem.TryFactor(_information, _free, 1e-14))
            {
                return false;
            }

            for (int a = 0; a < _free; a++)
            {
                step[a] = 0;
                for (int i = 0; i < _count; i++)
                {
                    step[a] -= _weightedJacobian[(a * _count) + i] * _residual[i];
                }
            }

            SymmetricSystem.SolveFactored(_information, _free, step);
            double largest = 0;
            for (int i = 0; i < _count; i++)
            {
                double moved = 0;
                for (int a = 0; a < _free; a++)
                {
                    moved += step[a] * _jacobian[(a * _count) + i];
                }

                largest = Math.Max(largest, Math.Abs(moved));
            }

            for (int a = 0; a < _free; a++)
            {
                _theta[a] += step[a];
            }

            if (largest < SmallestStep)
            {
                return Linearise() && SetChiSquare();
            }
        }

        return Linearise() && SetChiSquare();
    }

    private bool SetChiSquare()
    {
        double sum = 0;
        for (int i = 0; i < _count; i++)
        {
            double weighted = 0;
            for (int j = 0; j < _count; j++)
            {
                weighted += _inverse[(i * _count) + j] * _residual[j];
            }

            sum += weighted * _residual[i];
        }

        ChiSquare = sum;
        return double.IsFinite(sum);
    }

    private bool Linearise()
    {
        double factor = _factor * _scale;
        double m = CovarianceQOverPt;
        for (int i = 0; i < _count; i++)
        {
            if (!CirclePoint.TryEvaluate(_z[i], _theta[1], _theta[2] * factor, out CirclePoint q))
            {
                return false;
            }

            double loss = _model.Bending.IsEmpty ? 0 : factor * m * Math.Abs(m) * _model.Bending[_plane[i]];
            _residual[i] = _theta[0] + q.Y + loss - _y[i];
            _jacobian[i] = 1;
            _jacobian[_count + i] = q.BySlope;
            _jacobian[(2 * _count) + i] = q.ByCurvature * factor;
            _tangent[i] = q.Tangent;
            _byField[i] = (q.ByCurvature * _theta[2] * _factor) + (loss / _scale);
        }

        return true;
    }

    // V^-1 at this q/pT: W^1/2 (1 + W^1/2 m^2 U W^1/2)^-1 W^1/2.
    private bool Invert(double m)
    {
        int n = _count;
        Array.Clear(_inverse);
        if (m == 0)
        {
            CovarianceQOverPt = 0;
            for (int i = 0; i < n; i++)
            {
                _inverse[(i * n) + i] = _weight[i];
            }

            return true;
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double u = _model.Scattering[(_plane[i] * _model.Planes) + _plane[j]];
                _work[(i * n) + j] = (m * m * u * Math.Sqrt(_weight[i] * _weight[j])) + (i == j ? 1 : 0);
            }
        }

        if (!SymmetricSystem.TryFactor(_work, n, 0))
        {
            return false;
        }

        // Row k of the inverse of L's transpose: the columns of L^-1.
        for (int k = 0; k < n; k++)
        {
            Span<double> column = _projected.AsSpan(k * n, n);
            column.Clear();
            for (int i = k; i < n; i++)
            {
                double sum = i == k ? 1 : 0;
                for (int j = k; j < i; j++)
                {
                    sum -= _work[(i * n) + j] * column[j];
                }

                column[i] = sum / _work[(i * n) + i];
            }
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = i; k < n; k++)
                {
                    sum += _projected[(i * n) + k] * _projected[(j * n) + k];
                }

                _inverse[(i * n) + j] = _inverse[(j * n) + i] = sum * Math.Sqrt(_weight[i] * _weight[j]);
            }
        }

        return true;
    }

    // J^T V^-1 J of the first parameters, and V^-1 J beside.
    private void Information(int free, Span<double> information)
    {
        for (int a = 0; a < free; a++)
        {
            for (int i = 0; i < _count; i++)
            {
                double sum = 0;
                for (int j = 0; j < _count; j++)
                {
                    sum += _inverse[(i * _count) + j] * _jacobian[(a * _count) + j];
                }

                _weightedJacobian[(a * _count) + i] = sum;
            }
        }

        for (int a = 0; a < free; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double sum = 0;
                for (int i = 0; i < _count; i++)
                {
                    sum += _weightedJacobian[(a * _count) + i] * _jacobian[(b * _count) + i];
                }

                information[(a * free) + b] = information[(b * free) + a] = sum;
            }
        }
    }

    // P at the minimum.
    private void Project(int free, Span<double> information)
    {
        Information(free, information);
        _inverse.AsSpan(0, _count * _count).CopyTo(_projected);
        if (!SymmetricSystem.TryFactor(information, free, 1e-14))
        {
            return;
        }

        // With A = L L^T and Q = L^-1 J^T V^-1, P = V^-1 - Q^T Q.
        Span<double> q = _work.AsSpan(0, free * _count);
        for (int i = 0; i < _count; i++)
        {
            for (int a = 0; a < free; a++)
            {
                double sum = _weightedJacobian[(a * _count) + i];
                for (int b = 0; b < a; b++)
                {
                    sum -= information[(a * free) + b] * q[(b * _count) + i];
                }

                q[(a * _count) + i] = sum / information[(a * free) + a];
            }
        }

        for (int i = 0; i < _count; i++)
        {
            for (int j = 0; j < _count; j++)
            {
                double sum = 0;
                for (int a = 0; a < free; a++)
                {
                    sum += q[(a * _count) + i] * q[(a * _count) + j];
                }

                _projected[(i * _count) + j] -= sum;
            }
        }
    }
}
