using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.Endcap.Fitting;

/// <summary>A symmetric matrix over a state's components; elements 5 to 7 of its rows are zero.</summary>
internal struct SymmetricMatrix5
{
    private const int N = TrackState.Count;
    private Rows _rows;

    [InlineArray(N)]
    private struct Rows
    {
        private Vector512<double> _first;
    }

    /// <summary>An element.</summary>
    public readonly double this[int row, int column] => _rows[row][column];

    /// <summary>A diagonal matrix.</summary>
    public static SymmetricMatrix5 Diagonal(ReadOnlySpan<double> values)
    {
        SymmetricMatrix5 matrix = default;
        for (int k = 0; k < N; k++)
        {
            matrix._rows[k] = Vector512<double>.Zero.WithElement(k, values[k]);
        }

        return matrix;
    }

    /// <summary>The product with a row of derivatives, whose element 5 does not count.</summary>
    public readonly Vector512<double> Times(Vector512<double> row)
    {
        Vector512<double> sum = default;
        for (int k = 0; k < N; k++)
        {
            sum += _rows[k] * row[k];
        }

        return sum;
    }

    /// <summary>Adds another matrix times a factor.</summary>
    public void Add(in SymmetricMatrix5 other, double factor)
    {
        for (int k = 0; k < N; k++)
        {
            _rows[k] += other._rows[k] * factor;
        }
    }

    /// <summary>Adds v v^T times a factor; elements 5 to 7 of v are zero.</summary>
    public void AddSquare(Vector512<double> v, double factor)
    {
        for (int k = 0; k < N; k++)
        {
            _rows[k] += v * (factor * v[k]);
        }
    }

    /// <summary>Solves this matrix times a vector = right; false where the matrix is not positive.</summary>
    public readonly bool TrySolve(Vector512<double> right, out Vector512<double> solution)
    {
        Span<double> factor = stackalloc double[N * N];
        Span<double> vector = stackalloc double[8];
        CopyTo(factor);
        right.CopyTo(vector);
        bool solved = SymmetricSystem.TryFactor(factor, N, 1e-14);
        if (solved)
        {
            SymmetricSystem.SolveFactored(factor, N, vector[..N]);
        }

        vector[N..].Clear();
        solution = Vector512.Create<double>(vector);
        return solved;
    }

    /// <summary>Writes the elements, row by row.</summary>
    public readonly void CopyTo(Span<double> elements)
    {
        for (int k = 0; k < N * N; k++)
        {
            elements[k] = _rows[k / N][k % N];
        }
    }

    /// <summary>
    /// Adds a scatterer: angles of variance theta^2 in any plane along the track, which change the slopes by the covariance
    /// theta^2 n^2 (1 + tx^2, tx ty; tx ty, 1 + ty^2), n^2 = 1 + tx^2 + ty^2, some distance behind the state. Carried back to the first
    /// plane by the inverse of the derivatives.
    /// </summary>
    public void AddScatterer(in TrackState state, in StateJacobian jacobian, double variance, double distance)
    {
        double across = Math.Sqrt(1 + (state.Tx * state.Tx));
        double root = Math.Sqrt(variance) * state.Slant;

        // Two independent kicks: (across, tx ty/across) and (0, n/across).
        double first = root * across;
        double second = root * state.Tx * state.Ty / across;
        double third = root * state.Slant / across;
        Vector512<double> derivatives = Vector512.Create(1.0, 1, 1, 1, 1, 0, 0, 0);
        Span<Vector512<double>> system = stackalloc Vector512<double>[N];
        system[0] = (jacobian.X * derivatives) + Vector512.Create(0, 0, 0, 0, 0, -distance * first, 0, 0);
        system[1] = (jacobian.Y * derivatives) + Vector512.Create(0, 0, 0, 0, 0, -distance * second, -distance * third, 0);
        system[2] = (jacobian.Tx * derivatives) + Vector512.Create(0, 0, 0, 0, 0, first, 0, 0);
        system[3] = (jacobian.Ty * derivatives) + Vector512.Create(0, 0, 0, 0, 0, second, third, 0);
        system[4] = jacobian.QOverP * derivatives;
        Eliminate(system);
        AddSquare(Vector512.Create(system[0][5], system[1][5], system[2][5], system[3][5], system[4][5], 0, 0, 0), 1);
        AddSquare(Vector512.Create(system[0][6], system[1][6], system[2][6], system[3][6], system[4][6], 0, 0, 0), 1);
    }

    /// <summary>Gauss and Jordan's elimination of five rows, whose elements 5 and up are right sides and become solutions. The matrix needs
    /// no exchange of rows: derivatives of a flow, whose diagonal is near one, or near a positive one.</summary>
    public static void Eliminate(Span<Vector512<double>> system)
    {
        ReadOnlySpan<double> elements = MemoryMarshal.Cast<Vector512<double>, double>(system);
        for (int column = 0; column < N; column++)
        {
            Vector512<double> pivot = system[column] * (1 / elements[(column * 8) + column]);
            for (int row = 0; row < N; row++)
            {
                system[row] -= pivot * elements[(row * 8) + column];
            }

            system[column] = pivot;
        }
    }
}
