using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Sagitta.Tracking.Alignment;

/// <summary>
/// The step of the parameters that minimises a sum's quadratic form under constraints, with its covariance, by Lagrange multipliers.
/// </summary>
/// <param name="Step">One a parameter; 0 for those that are held.</param>
/// <param name="Covariance">Parameters x parameters.</param>
internal sealed record AlignmentSolution(double[] Step, double[,] Covariance)
{
    // An eigenvalue below this part of the largest one is rounding.
    private const double Rounding = 1e-13;

    // A mode is weak if its error is above this many times that of the middle one of its kind.
    private const double Weak = 4;

    /// <summary>Standard deviation of a parameter, mm.</summary>
    public double Error(int parameter) => Math.Sqrt(Math.Max(0, Covariance[parameter, parameter]));

    /// <summary>The covariance K S K that tracks show by their own disagreement S, K being <see cref="Covariance"/>: right too where
    /// measurements state wrong errors.</summary>
    public double[,] CovarianceOfSpread(AlignmentSum sum)
    {
        int all = sum.Parameters.Count;
        var k = DenseMatrix.OfArray(Covariance);
        return (k * DenseMatrix.Create(all, all, (i, j) => sum.Spread[(i * all) + j]) * k).ToArray();
    }

    /// <summary>
    /// Solves for the parameters that <paramref name="free"/> names; each constraint brings its combination to 0 at
    /// <paramref name="values"/> + step. Null where the system is singular: a weak mode has no constraint, or a plane no measurement.
    /// </summary>
    public static AlignmentSolution? Of(AlignmentSum sum, IReadOnlyList<int> free, IReadOnlyList<AlignmentConstraint> constraints,
        ReadOnlySpan<double> values)
    {
        int n = free.Count;
        int size = n + constraints.Count;
        int all = sum.Parameters.Count;
        double scale = 0;
        for (int i = 0; i < n; i++)
        {
            scale += sum.Curvature[(free[i] * all) + free[i]] / 2 / n;
        }

        DenseMatrix system = new(size, size);
        DenseVector right = new(size);
        for (int i = 0; i < n; i++)
        {
            right[i] = -sum.Gradient[free[i]] / 2;
            for (int j = 0; j < n; j++)
            {
                system[i, j] = sum.Curvature[(free[i] * all) + free[j]] / 2;
            }
        }

        for (int c = 0; c < constraints.Count; c++)
        {
            double norm = Math.Sqrt(free.Sum(k => constraints[c].Factors[k] * constraints[c].Factors[k]));
            for (int i = 0; i < n && norm > 0; i++)
            {
                double factor = scale * constraints[c].Factors[free[i]] / norm;
                system[i, n + c] = system[n + c, i] = factor;
                right[n + c] -= factor * values[free[i]];
            }
        }

        Matrix<double> inverse = system.LU().Inverse();
        double[] step = new double[all];
        double[,] covariance = new double[all, all];
        Vector<double> solved = inverse * right;
        solved += inverse * (right - (system * solved));
        for (int i = 0; i < n; i++)
        {
            step[free[i]] = solved[i];
            if (!double.IsFinite(solved[i]) || !(inverse[i, i] >= 0))
            {
                return null;
            }

            for (int j = 0; j < n; j++)
            {
                covariance[free[i], free[j]] = (inverse[i, j] + inverse[j, i]) / 2;
            }
        }

        return new(step, covariance);
    }

    /// <summary>All eigenvectors of half the curvature of the free parameters, weakest first, with their standard deviations.</summary>
    public static IReadOnlyList<WeakMode> Modes(AlignmentModel model, AlignmentSum sum, IReadOnlyList<int> free)
    {
        int all = sum.Parameters.Count;
        var half = DenseMatrix.Create(free.Count, free.Count, (i, j) =>
            (sum.Curvature[(free[i] * all) + free[j]] + sum.Curvature[(free[j] * all) + free[i]]) / 4);
        MathNet.Numerics.LinearAlgebra.Factorization.Evd<double> pairs = half.Evd(Symmetricity.Symmetric);
        double largest = pairs.EigenValues.Max(value => value.Real);
        List<WeakMode> modes = [];
        foreach (int k in Enumerable.Range(0, free.Count).OrderBy(k => pairs.EigenValues[k].Real))
        {
            double value = pairs.EigenValues[k].Real;
            double[] vector = new double[all];
            for (int i = 0; i < free.Count; i++)
            {
                vector[free[i]] = pairs.EigenVectors[i, k];
            }

            (string name, double likeness) = Name(model, vector);
            modes.Add(new(name, vector, value > Rounding * largest ? 1 / Math.Sqrt(value) : double.PositiveInfinity, likeness,
                Response(sum.MeanResponse, vector, sum.Tracks), Response(sum.ScaleResponse, vector, sum.Tracks)));
        }

        return modes;
    }

    /// <summary>Of all modes those that tracks hardly measure.</summary>
    public static IReadOnlyList<WeakMode> WeakOf(AlignmentModel model, IReadOnlyList<WeakMode> modes)
    {
        AlignmentParameters order = model.Parameters;
        int KindOf(WeakMode mode) => Enumerable.Range(0, order.Kinds).MaxBy(kind =>
            mode.Vector.AsSpan(order.Of(kind, 0), order.Planes).ToArray().Sum(part => part * part));
        double[] usual = [.. Enumerable.Range(0, order.Kinds).Select(kind =>
            modes.Where(mode => KindOf(mode) == kind).Select(mode => mode.Sigma).Order().ToArray() is { Length: > 0 } sigmas
                ? sigmas[sigmas.Length / 2] : 0)];
        return [.. modes.Where(mode => mode.Sigma > Weak * usual[KindOf(mode)])];
    }

    private static double Response(double[] response, double[] vector, int tracks)
    {
        double sum = 0;
        for (int k = 0; k < vector.Length; k++)
        {
            sum += response[k] * vector[k] / Math.Max(1, tracks);
        }

        return sum;
    }

    // The pattern that a unit vector resembles most, each without what those before it have in common with it; or the field, or a plane.
    private static (string Name, double Likeness) Name(AlignmentModel model, double[] vector)
    {
        AlignmentParameters order = model.Parameters;
        (string Name, double Likeness) best = ("scale of the field", vector[order.FieldScale] * vector[order.FieldScale]);
        foreach (IReadOnlyList<AlignmentConstraint> patterns in model.Patterns)
        {
            List<double[]> basis = AlignmentConstraint.Orthonormal(patterns.Select(pattern => pattern.Factors));
            for (int k = 0; k < basis.Count; k++)
            {
                double part = basis[k].Zip(vector, (a, b) => a * b).Sum();
                best = part * part > best.Likeness ? (patterns[k].Name, part * part) : best;
            }
        }

        if (best.Likeness >= 0.5)
        {
            return best;
        }

        int own = Enumerable.Range(0, order.FieldScale).MaxBy(k => Math.Abs(vector[k]));
        return vector[own] * vector[own] > 0.5
            ? ($"plane {own % order.Planes} along {model.Kinds[own / order.Planes]}", vector[own] * vector[own])
            : ("planes against each other", 1 - best.Likeness);
    }
}
