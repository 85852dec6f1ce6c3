using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>Leading eigenpairs of a symmetric matrix by falling size of the eigenvalue whatever its sign, the lowest eigenvalue (NaN where
/// the method does not see it), products that were needed, and whether all reached the tolerance.</summary>
internal sealed record Eigenpairs(IReadOnlyList<Eigenpair> Leading, double Lowest, int Products, bool Converged);

/// <summary>An eigenvalue with its eigenvector of length 1 and |H v - value v| as far as the method knows it.</summary>
internal sealed record Eigenpair(double Value, double[] Vector, double Residual);

/// <summary>The eigenpairs of largest absolute value by <see cref="LanczosProcess"/>: far fewer products than power iteration, and the
/// lowest eigenvalue beside.</summary>
internal static class LanczosEigenpairs
{
    /// <summary>Iterates until the residuals of the leading Ritz pairs are below a tolerance times their values.</summary>
    public static Eigenpairs Find(ISymmetricMap map, ParameterSpace space, RandomKey key, int count, double tolerance, int mostSteps,
        CancellationToken stop = default)
    {
        LanczosProcess process = new(map, space.Gaussian(key));
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            process.Step();
            if (process.Steps < Math.Min(count, mostSteps)
                && (!process.Exhausted || process.Restart(space.Gaussian(key.Split((ulong)process.Steps)))))
            {
                continue;
            }

            (double[] values, Matrix<double> vectors) = process.Ritz();
            int[] order = [.. Enumerable.Range(0, values.Length).OrderByDescending(i => Math.Abs(values[i])).Take(count)];
            bool converged = order.All(i => Residual(process, vectors, i) <= tolerance * Math.Abs(values[i]));
            if (converged || process.Exhausted || process.Steps >= mostSteps)
            {
                Eigenpair[] pairs = [.. order.Select(i => new Eigenpair(
                    values[i], process.Combine(vectors.Column(i)), Residual(process, vectors, i)))];
                return new(pairs, values[0], process.Steps, converged);
            }
        }
    }

    private static double Residual(LanczosProcess process, Matrix<double> vectors, int pair) =>
        Math.Abs(process.Remainder * vectors[process.Steps - 1, pair]);
}

/// <summary>Leading eigenpairs by power iteration with deflation, as the published analysis finds them (arXiv:2407.13420): each vector is
/// kept orthogonal to those found before, and the iteration ends when the estimate moves by less than a tolerance. Slow where eigenvalues
/// lie close; here it checks Lanczos.</summary>
internal static class PowerIteration
{
    public static Eigenpairs Find(ISymmetricMap map, ParameterSpace space, RandomKey key, int count, double tolerance, int mostIterations,
        CancellationToken stop = default)
    {
        List<Eigenpair> found = [];
        double[] product = new double[map.Length];
        int products = 0;
        bool all = true;
        for (int k = 0; k < count; k++)
        {
            double[] vector = space.Gaussian(key.Split((ulong)k));
            Deflate(vector, found);
            double estimate = double.NaN;
            bool converged = false;
            for (int i = 0; i < mostIterations && !converged; i++)
            {
                stop.ThrowIfCancellationRequested();
                map.Apply(vector, product);
                products++;
                double value = TensorPrimitives.Dot<double>(vector, product);
                converged = Math.Abs(value - estimate) <= tolerance * Math.Abs(estimate);
                estimate = value;
                if (!converged)
                {
                    product.CopyTo(vector, 0);
                    Deflate(vector, found);
                }
            }

            TensorPrimitives.MultiplyAdd(vector, -estimate, product, product);
            found.Add(new(estimate, vector, TensorPrimitives.Norm(product)));
            all &= converged;
        }

        return new(found, double.NaN, products, all);
    }

    private static void Deflate(double[] vector, List<Eigenpair> found)
    {
        foreach (Eigenpair pair in found)
        {
            TensorPrimitives.MultiplyAdd(pair.Vector, -TensorPrimitives.Dot<double>(vector, pair.Vector), vector, vector);
        }

        double norm = TensorPrimitives.Norm(vector);
        if (norm > 0)
        {
            TensorPrimitives.Divide(vector, norm, vector);
        }
    }
}
