using System.Numerics.Tensors;

namespace Sagitta.Experiments.Landscapes.Similarity;

/// <summary>
/// The unbiased estimator of the Hilbert-Schmidt independence criterion with linear kernels (Song et al., JMLR 13, 2012, equation 5):
/// [ tr KL + 1'K1 1'L1 / ((n-1)(n-2)) - 2/(n-2) 1'KL1 ] / (n (n-3)) with the diagonals of K = XX' and L = YY' set to zero.
/// </summary>
internal static class UnbiasedIndependence
{
    /// <summary>The estimate from one minibatch; may be negative.</summary>
    public static double Estimate(ActivationBatch x, ActivationBatch y)
    {
        if (x.Rows != y.Rows)
        {
            throw new ArgumentException($"The batches have {x.Rows} and {y.Rows} rows: both networks must see the same rows.", nameof(y));
        }

        // Columns have no mean, so K1 is minus the diagonal that was taken out, and so on.
        double n = x.Rows;
        double products = SquaredProduct(x, y);
        double diagonals = TensorPrimitives.Dot<double>(x.SquaredNorms, y.SquaredNorms);
        double sums = TensorPrimitives.Sum<double>(x.SquaredNorms) * TensorPrimitives.Sum<double>(y.SquaredNorms);
        return (products - diagonals + (sums / ((n - 1) * (n - 2))) - (2 / (n - 2) * diagonals)) / (n * (n - 3));
    }

    // The squared Frobenius norm of X'Y.
    private static double SquaredProduct(ActivationBatch x, ActivationBatch y)
    {
        double[] product = new double[x.Columns * y.Columns];
        for (int row = 0; row < x.Rows; row++)
        {
            ReadOnlySpan<double> other = y.Values.AsSpan(row * y.Columns, y.Columns);
            for (int i = 0; i < x.Columns; i++)
            {
                Span<double> target = product.AsSpan(i * y.Columns, y.Columns);
                TensorPrimitives.MultiplyAdd(other, x.Values[(row * x.Columns) + i], target, target);
            }
        }

        return TensorPrimitives.Dot<double>(product, product);
    }
}
