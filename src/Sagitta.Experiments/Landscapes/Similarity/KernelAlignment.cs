using System.Numerics.Tensors;

namespace Sagitta.Experiments.Landscapes.Similarity;

/// <summary>Minibatch linear CKA (Nguyen, Raghu, Kornblith, arXiv:2010.15327, equation 3): sums of unbiased estimates over minibatches,
/// normalised by those of each network with itself. 1 for representations that agree up to an orthogonal map and a factor, about 0 for
/// unrelated ones.</summary>
internal sealed class KernelAlignment(int firstLayers, int secondLayers)
{
    private readonly double[] _cross = new double[firstLayers * secondLayers];
    private readonly double[] _first = new double[firstLayers];
    private readonly double[] _second = new double[secondLayers];

    /// <summary>Adds a minibatch: the layers of both networks for the same rows.</summary>
    public void Add(IReadOnlyList<ActivationBatch> first, IReadOnlyList<ActivationBatch> second)
    {
        for (int i = 0; i < first.Count; i++)
        {
            _first[i] += UnbiasedIndependence.Estimate(first[i], first[i]);
            for (int j = 0; j < second.Count; j++)
            {
                _cross[(i * secondLayers) + j] += UnbiasedIndependence.Estimate(first[i], second[j]);
            }
        }

        for (int j = 0; j < second.Count; j++)
        {
            _second[j] += UnbiasedIndependence.Estimate(second[j], second[j]);
        }
    }

    /// <summary>CKA of layer i of the first with layer j of the second network at i * layers + j; NaN where a layer is constant.</summary>
    public double[] Values() =>
        [.. _cross.Select((value, k) => value / Math.Sqrt(_first[k / secondLayers] * _second[k % secondLayers]))];
}

/// <summary>The unbiased estimator of the Hilbert-Schmidt independence criterion with linear kernels (Song et al., JMLR 13, 2012, equation
/// 5): [ tr KL + 1'K1 1'L1 / ((n-1)(n-2)) - 2/(n-2) 1'KL1 ] / (n (n-3)) with the diagonals of K = XX' and L = YY' set to zero.</summary>
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

/// <summary>What one layer gives for the rows of a minibatch, with each column's mean taken off. The unbiased estimator does not change
/// under such shifts, and without means all sums of a row of the Gram matrix vanish: HSIC then needs products of columns only, not Gram
/// matrices.</summary>
internal sealed class ActivationBatch
{
    public ActivationBatch(ReadOnlySpan<float> values, int rows, int columns)
    {
        if (values.Length != rows * columns || rows < 4)
        {
            throw new ArgumentException(
                $"{values.Length} values are not {rows} x {columns}, or there are fewer than 4 rows, which the unbiased estimator needs.",
                nameof(values));
        }

        Rows = rows;
        Columns = columns;
        Values = new double[values.Length];
        SquaredNorms = new double[rows];
        Span<double> mean = new double[columns];
        for (int i = 0; i < values.Length; i++)
        {
            mean[i % columns] += values[i] / (double)rows;
        }

        for (int i = 0; i < values.Length; i++)
        {
            Values[i] = values[i] - mean[i % columns];
            SquaredNorms[i / columns] += Values[i] * Values[i];
        }
    }

    public int Rows { get; }
    public int Columns { get; }
    /// <summary>Values without column means, row by row.</summary>
    public double[] Values { get; }
    /// <summary>Diagonal of the Gram matrix.</summary>
    public double[] SquaredNorms { get; }
}
