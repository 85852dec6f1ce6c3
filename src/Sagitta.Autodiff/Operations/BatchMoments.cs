namespace Sagitta.Autodiff.Operations;

/// <summary>
/// Mean and variance of each column over one batch, as <see cref="BatchNorm{T}"/> found them. Each chunk of a batch fills its own; running
/// averages take them in chunk order. Reused from step to step.
/// </summary>
internal sealed class BatchMoments
{
    private readonly double[] _mean;
    private readonly double[] _variance;

    /// <summary>Moments of that many columns, of no rows yet.</summary>
    public BatchMoments(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        _mean = new double[columns];
        _variance = new double[columns];
    }

    /// <summary>Number of columns.</summary>
    public int Columns => _mean.Length;

    /// <summary>Number of rows averaged over; 0 before the first batch.</summary>
    public int Rows { get; internal set; }

    /// <summary>Mean of each column.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>Variance of each column, divided by the number of rows (biased).</summary>
    public ReadOnlySpan<double> Variance => _variance;

    /// <summary>Takes moments that were computed elsewhere, by an operation that fuses the normalisation for one.</summary>
    public void Set(int rows, ReadOnlySpan<double> mean, ReadOnlySpan<double> variance)
    {
        if (mean.Length != Columns || variance.Length != Columns)
        {
            throw new ArgumentException($"{mean.Length} means and {variance.Length} variances do not fit {Columns} columns.", nameof(mean));
        }

        Rows = rows;
        mean.CopyTo(_mean);
        variance.CopyTo(_variance);
    }

    internal Span<double> MutableMean => _mean;

    internal Span<double> MutableVariance => _variance;
}
