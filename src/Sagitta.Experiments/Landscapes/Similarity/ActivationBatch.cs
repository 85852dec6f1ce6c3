namespace Sagitta.Experiments.Landscapes.Similarity;

/// <summary>
/// What one layer gives for the rows of a minibatch, with each column's mean taken off. The unbiased estimator does not change under such
/// shifts, and without means all sums of a row of the Gram matrix vanish: HSIC then needs products of columns only, not Gram matrices.
/// </summary>
internal sealed class ActivationBatch
{
    /// <summary>Takes rows x columns values.</summary>
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

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Values without column means, row by row.</summary>
    public double[] Values { get; }

    /// <summary>Diagonal of the Gram matrix.</summary>
    public double[] SquaredNorms { get; }
}
