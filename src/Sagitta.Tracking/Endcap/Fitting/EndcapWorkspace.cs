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
    private readonly double[] _scattering;
    private readonly Vector512<double>[] _rows;

    private EndcapWorkspace(int planes)
    {
        _planes = planes;
        Prediction = new(planes);
        Roots = new double[planes];
        _factor = new double[planes * planes];
        _scattering = new double[planes * planes];
        _rows = new Vector512<double>[planes];
    }

    /// <summary>What the model predicts.</summary>
    public EndcapPrediction Prediction { get; }

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
                double u = Vector512.Sum(carried * Prediction.Rows[j]);
                _scattering[(j * _planes) + i] = u;
                _factor[(j * _planes) + i] = (Roots[i] * Roots[j] * u) + (i == j ? 1 : 0);
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

    /// <summary>Writes V^-1 times the combination of columns (derivatives, and the residual as the last element) to
    /// <paramref name="result"/>.</summary>
    public void Weigh(Vector512<double> combination, Span<double> result)
    {
        for (int i = 0; i < _planes; i++)
        {
            result[i] = Vector512.Sum(_rows[i] * combination);
        }

        for (int i = _planes - 1; i >= 0; i--)
        {
            double value = result[i];
            for (int k = i + 1; k < _planes; k++)
            {
                value -= _factor[(k * _planes) + i] * result[k];
            }

            result[i] = value / _factor[(i * _planes) + i];
        }

        for (int i = 0; i < _planes; i++)
        {
            result[i] *= Roots[i];
        }
    }

    /// <summary>U times a vector, at one plane, mm.</summary>
    public double Scattered(int plane, ReadOnlySpan<double> vector)
    {
        double sum = 0;
        for (int j = 0; j < _planes; j++)
        {
            sum += (j <= plane ? _scattering[(plane * _planes) + j] : _scattering[(j * _planes) + plane]) * vector[j];
        }

        return sum;
    }

    /// <summary>Half the Hessian of S by Gauss and Newton, of the state's five components.</summary>
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
