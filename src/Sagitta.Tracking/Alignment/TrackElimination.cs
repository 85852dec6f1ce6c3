namespace Sagitta.Tracking.Alignment;

/// <summary>
/// The linear algebra that eliminates a track from a sum: V^-1 of its measurements, and with J = dr/d(track) the matrix
/// P = V^-1 - V^-1 J (J^T V^-1 J)^-1 J^T V^-1, by which the minimum over the track is r^T P r. Memory of one thread.
/// </summary>
/// <param name="planes">Measurements at most.</param>
/// <param name="parameters">Parameters of a track.</param>
internal sealed class TrackElimination(int planes, int parameters)
{
    private const double SmallestPivot = 1e-14;
    private readonly double[] _inverse = new double[planes * planes];
    private readonly double[] _work = new double[planes * planes];
    private readonly double[] _projected = new double[planes * planes];
    private readonly double[] _residual = new double[planes];
    private readonly double[] _whitened = new double[planes];
    private readonly double[] _jacobian = new double[parameters * planes];
    private readonly double[] _weightedJacobian = new double[parameters * planes];
    private readonly double[] _information = new double[parameters * parameters];

    /// <summary>Measurements now.</summary>
    public int Count { get; set; }

    /// <summary>1 / variance of each measurement without scattering, 1/mm^2.</summary>
    public double[] Weights { get; } = new double[planes];

    /// <summary>Track minus measurement, mm.</summary>
    public Span<double> Residuals => _residual.AsSpan(0, Count);

    /// <summary>Derivative of the residuals by a parameter of the track.</summary>
    public Span<double> Jacobian(int parameter) => _jacobian.AsSpan(parameter * Count, Count);

    /// <summary>Row of P, after <see cref="Project"/>.</summary>
    public ReadOnlySpan<double> Projected(int row) => _projected.AsSpan(row * Count, Count);

    /// <summary>V^-1 of measurements that do not scatter.</summary>
    public void SetCovariance()
    {
        Array.Clear(_inverse);
        for (int i = 0; i < Count; i++)
        {
            _inverse[(i * Count) + i] = Weights[i];
        }
    }

    /// <summary>V^-1 = W^1/2 (1 + W^1/2 f U W^1/2)^-1 W^1/2; false where the bracket is singular.</summary>
    /// <param name="scattering">U of all planes, row by row.</param>
    /// <param name="factor">f.</param>
    /// <param name="own">The planes of the measurements.</param>
    public bool SetCovariance(ReadOnlySpan<double> scattering, double factor, ReadOnlySpan<int> own)
    {
        int n = Count;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double u = scattering[(own[i] * planes) + own[j]];
                _work[(i * n) + j] = (factor * u * Math.Sqrt(Weights[i] * Weights[j])) + (i == j ? 1 : 0);
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
            column[k] = 1;
            SymmetricSystem.SolveLower(_work, n, column);
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

                _inverse[(i * n) + j] = _inverse[(j * n) + i] = sum * Math.Sqrt(Weights[i] * Weights[j]);
            }
        }

        return true;
    }

    /// <summary>r^T V^-1 r.</summary>
    public double ChiSquare()
    {
        double sum = 0;
        for (int i = 0; i < Count; i++)
        {
            sum += Weighted(i, _residual) * _residual[i];
        }

        return sum;
    }

    /// <summary>The step of Gauss and Newton in the first <paramref name="free"/> parameters, and how far it moves the plane that it moves
    /// most, mm; false where they can't be observed.</summary>
    public bool TryStep(int free, Span<double> step, out double moved)
    {
        moved = 0;
        if (!TryInform(free))
        {
            return false;
        }

        for (int a = 0; a < free; a++)
        {
            step[a] = 0;
            for (int i = 0; i < Count; i++)
            {
                step[a] -= _weightedJacobian[(a * Count) + i] * _residual[i];
            }
        }

        SymmetricSystem.SolveFactored(_information, free, step);
        for (int i = 0; i < Count; i++)
        {
            double own = 0;
            for (int a = 0; a < free; a++)
            {
                own += step[a] * _jacobian[(a * Count) + i];
            }

            moved = Math.Max(moved, Math.Abs(own));
        }

        return true;
    }

    /// <summary>How the last parameter answers to each measurement in a fit of all.</summary>
    public bool TryRespond(Span<double> byMeasured)
    {
        Span<double> unit = stackalloc double[parameters];
        unit.Clear();
        unit[^1] = 1;
        if (!TryInform(parameters))
        {
            return false;
        }

        SymmetricSystem.SolveFactored(_information, parameters, unit);
        for (int i = 0; i < Count; i++)
        {
            byMeasured[i] = 0;
            for (int a = 0; a < parameters; a++)
            {
                byMeasured[i] += unit[a] * _weightedJacobian[(a * Count) + i];
            }
        }

        return true;
    }

    /// <summary>P with the first <paramref name="free"/> parameters eliminated.</summary>
    public void Project(int free)
    {
        int n = Count;
        _inverse.AsSpan(0, n * n).CopyTo(_projected);
        if (!TryInform(free))
        {
            return;
        }

        // With A = L L^T and Q = L^-1 J^T V^-1, P = V^-1 - Q^T Q.
        Span<double> q = _work.AsSpan(0, free);
        for (int i = 0; i < n; i++)
        {
            for (int a = 0; a < free; a++)
            {
                q[a] = _weightedJacobian[(a * n) + i];
            }

            SymmetricSystem.SolveLower(_information, free, q);
            for (int a = 0; a < free; a++)
            {
                _weightedJacobian[(a * n) + i] = q[a];
            }
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = 0;
                for (int a = 0; a < free; a++)
                {
                    sum += _weightedJacobian[(a * n) + i] * _weightedJacobian[(a * n) + j];
                }

                _projected[(i * n) + j] -= sum;
            }
        }
    }

    /// <summary>Row <paramref name="i"/> of L^T r with V^-1 = L L^T; ask for rows from 0 on.</summary>
    /// <param name="i">The row.</param>
    /// <param name="byTrack">Receives its derivatives by the parameters of the track that are fitted.</param>
    public WhitenedResidual Whiten(int i, Span<double> byTrack)
    {
        if (i == 0)
        {
            _inverse.AsSpan(0, Count * Count).CopyTo(_work);
            _ = SymmetricSystem.TryFactor(_work, Count, 0);
        }

        Array.Clear(_whitened);
        byTrack.Clear();
        double residual = 0;
        for (int j = i; j < Count; j++)
        {
            double factor = _work[(j * Count) + i];
            _whitened[j] = factor;
            residual += factor * _residual[j];
            for (int a = 0; a < byTrack.Length; a++)
            {
                byTrack[a] += factor * _jacobian[(a * Count) + j];
            }
        }

        return new(residual, byTrack, _whitened.AsSpan(0, Count));
    }

    // J^T V^-1 J of the first parameters, factored, and V^-1 J beside.
    private bool TryInform(int free)
    {
        for (int a = 0; a < free; a++)
        {
            Span<double> column = _weightedJacobian.AsSpan(a * Count, Count);
            for (int i = 0; i < Count; i++)
            {
                column[i] = Weighted(i, Jacobian(a));
            }

            for (int b = 0; b <= a; b++)
            {
                double sum = 0;
                for (int i = 0; i < Count; i++)
                {
                    sum += column[i] * _jacobian[(b * Count) + i];
                }

                _information[(a * free) + b] = _information[(b * free) + a] = sum;
            }
        }

        return SymmetricSystem.TryFactor(_information, free, SmallestPivot);
    }

    // Element of V^-1 times a vector.
    private double Weighted(int i, ReadOnlySpan<double> vector)
    {
        double sum = 0;
        for (int j = 0; j < Count; j++)
        {
            sum += _inverse[(i * Count) + j] * vector[j];
        }

        return sum;
    }
}
