using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.Endcap.Fitting;

/// <summary>
/// The linear algebra of one track's fit, in reused memory: S = r^T V^-1 r with V^-1 = R (1 + R U R)^-1 R, R = diag(sqrt presence / sigma)
/// and U the covariance by scattering. The bracket is factored once into L L^T; L^-1 R (A, r) then makes S and its normal equations plain
/// sums.
/// </summary>
internal sealed class EndcapWorkspace
{
    /// <summary>Element of a whitened row that holds the residual; those before it are derivatives as in
    /// <see cref="StateJacobian"/>.</summary>
    public const int Residual = 6;

    [ThreadStatic]
    private static EndcapWorkspace? _own;
    private readonly int _planes;
    private readonly double[] _factor;
    private readonly Vector512<double>[] _rows;

    private EndcapWorkspace(int planes)
    {
        _planes = planes;
        Prediction = new(planes);
        Shifted = new(planes);
        Roots = new double[planes];
        _factor = new double[planes * planes];
        _rows = new Vector512<double>[planes];
    }

    /// <summary>What the model predicts.</summary>
    public EndcapPrediction Prediction { get; }

    /// <summary>What it predicts beside that, for differences.</summary>
    public EndcapPrediction Shifted { get; }

    /// <summary>sqrt(presence) / sigma of each plane, 1/mm.</summary>
    public double[] Roots { get; }

    /// <summary>Products of whitened columns, rows and columns as the elements of a whitened row.</summary>
    public Vector512<double>[] Products { get; } = new Vector512<double>[8];

    /// <summary>This thread's workspace for so many planes.</summary>
    public static EndcapWorkspace For(int planes) => _own is { } own && own._planes == planes ? own : _own = new(planes);

    /// <summary>Takes the covariance of the prediction, which was made with scattering, and factors the bracket.</summary>
    public bool TryFactor()
    {
        for (int i = 0; i < _planes; i++)
        {
            Vector512<double> carried = Prediction.Scattering[i].Times(Prediction.Rows[i]);
            for (int j = i; j < _planes; j++)
            {
                _factor[(j * _planes) + i] = (Roots[i] * Roots[j] * Vector512.Sum(carried * Prediction.Rows[j])) + (i == j ? 1 : 0);
            }
        }

        return SymmetricSystem.TryFactor(_factor, _planes, 1e-15);
    }

    /// <summary>Whitens the prediction and its residuals to what is measured, and sums their products. Returns S.</summary>
    public double Whiten(ReadOnlySpan<double> measured, ReadOnlySpan<double> shiftU)
    {
        Products.AsSpan().Clear();
        Vector512<double> unit = Vector512.Create(0, 0, 0, 0, 0, 0, 1.0, 0);
        for (int i = 0; i < _planes; i++)
        {
            double residual = Prediction.Measured[i] - measured[i] - shiftU[i];
            Vector512<double> row = (Prediction.Rows[i] + (unit * residual)) * Roots[i];
            ReadOnlySpan<double> factor = _factor.AsSpan(i * _planes, i + 1);
            for (int k = 0; k < i; k++)
            {
                row -= _rows[k] * factor[k];
            }

            row *= 1 / factor[i];
            _rows[i] = row;
            for (int a = 0; a <= Residual; a++)
            {
                Products[a] += row * row[a];
            }
        }

        return Products[Residual][Residual];
    }

    /// <summary>Writes V^-1 times the columns: derivatives, and the residual as element <see cref="Residual"/>.</summary>
    public void Weigh(Span<Vector512<double>> result)
    {
        _rows.CopyTo(result);
        for (int i = _planes - 1; i >= 0; i--)
        {
            Vector512<double> value = result[i] * (1 / _factor[(i * _planes) + i]);
            ReadOnlySpan<double> factor = _factor.AsSpan(i * _planes, i);
            for (int k = 0; k < i; k++)
            {
                result[k] -= value * factor[k];
            }

            result[i] = value * Roots[i];
        }
    }

    /// <summary>Where the track passes each plane with the scattering that its residuals tell, mm: u - U V^-1 r.</summary>
    public void Smooth(Span<double> places)
    {
        Span<Vector512<double>> columns = stackalloc Vector512<double>[_planes];
        Weigh(columns);
        for (int i = 0; i < _planes; i++)
        {
            places[i] = columns[i][Residual];
        }

        Prediction.Carry(places, columns);
        for (int i = 0; i < _planes; i++)
        {
            places[i] = Prediction.Measured[i] - Vector512.Sum(Prediction.Rows[i] * columns[i]);
        }
    }

    /// <summary>A^T V^-1 A of the state's five components: half the Hessian of S by Gauss and Newton.</summary>
    public void CopyInformation(Span<double> information)
    {
        for (int a = 0; a < TrackState.Count; a++)
        {
            for (int b = 0; b < TrackState.Count; b++)
            {
                information[(a * TrackState.Count) + b] = Products[a][b];
            }
        }
    }
}
