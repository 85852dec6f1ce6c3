using System.Numerics.Tensors;

namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>
/// Leading eigenpairs by power iteration with deflation, as the published analysis finds them (arXiv:2407.13420): each vector is kept
/// orthogonal to those found before, and the iteration ends when the estimate moves by less than a tolerance. Slow where eigenvalues lie
/// close; here it checks Lanczos.
/// </summary>
internal static class PowerIteration
{
    /// <summary>Finds eigenpairs one after the other.</summary>
    /// <param name="map">The matrix.</param>
    /// <param name="space">Where start vectors are drawn.</param>
    /// <param name="key">Their randomness.</param>
    /// <param name="count">How many eigenpairs.</param>
    /// <param name="tolerance">Largest relative change of the estimate in an iteration (published: 1e-3).</param>
    /// <param name="mostIterations">Most iterations for each (published: 100).</param>
    /// <param name="stop">Stops between products.</param>
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
