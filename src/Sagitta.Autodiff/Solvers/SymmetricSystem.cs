namespace Sagitta.Autodiff.Solvers;

/// <summary>Small dense symmetric systems (a handful of unknowns), solved in place without allocation.</summary>
internal static class SymmetricSystem
{
    /// <summary>
    /// Cholesky factor L of a symmetric positive definite matrix (row-major n x n), written over its lower triangle. False when a pivot is
    /// not above <paramref name="relativePivot"/> times its diagonal element, which is invariant under scaling of the unknowns; NaN counts
    /// as such.
    /// </summary>
    public static bool TryFactor(Span<double> matrix, int n, double relativePivot)
    {
        for (int j = 0; j < n; j++)
        {
            double diagonal = matrix[(j * n) + j];
            double pivot = diagonal;
            for (int k = 0; k < j; k++)
            {
                pivot -= matrix[(j * n) + k] * matrix[(j * n) + k];
            }

            if (!(pivot > relativePivot * diagonal) || !double.IsFinite(pivot))
            {
                return false;
            }

            double root = Math.Sqrt(pivot);
            matrix[(j * n) + j] = root;
            for (int i = j + 1; i < n; i++)
            {
                double sum = matrix[(i * n) + j];
                for (int k = 0; k < j; k++)
                {
                    sum -= matrix[(i * n) + k] * matrix[(j * n) + k];
                }

                matrix[(i * n) + j] = sum / root;
            }
        }

        return true;
    }

    /// <summary>Solves L L^T x = b in place, with the factor of <see cref="TryFactor"/>.</summary>
    public static void SolveFactored(ReadOnlySpan<double> factor, int n, Span<double> vector)
    {
        SolveLower(factor, n, vector);
        SolveUpper(factor, n, vector);
    }

    /// <summary>Solves L^T x = b in place: the other half of <see cref="SolveFactored"/>.</summary>
    public static void SolveUpper(ReadOnlySpan<double> factor, int n, Span<double> vector)
    {
        for (int i = n - 1; i >= 0; i--)
        {
            double sum = vector[i];
            for (int k = i + 1; k < n; k++)
            {
                sum -= factor[(k * n) + i] * vector[k];
            }

            vector[i] = sum / factor[(i * n) + i];
        }
    }

    /// <summary>Solves L x = b in place: half of <see cref="SolveFactored"/>, which whitens b.</summary>
    public static void SolveLower(ReadOnlySpan<double> factor, int n, Span<double> vector)
    {
        for (int i = 0; i < n; i++)
        {
            double sum = vector[i];
            for (int k = 0; k < i; k++)
            {
                sum -= factor[(i * n) + k] * vector[k];
            }

            vector[i] = sum / factor[(i * n) + i];
        }
    }
}
