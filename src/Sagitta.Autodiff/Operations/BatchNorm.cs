using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>
/// Each column to mean 0 and variance 1 over all rows of the batch, then times gain plus bias (Ioffe, Szegedy, arXiv:1502.03167). Sums
/// are taken in double, in row order. NaN spreads within its column. No rows give no rows.
/// </summary>
internal sealed unsafe class BatchNorm<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly BatchNorm<T> Batch = new(moving: true);
    private static readonly BatchNorm<T> Fixed = new(moving: false);
    private readonly bool _moving;

    private BatchNorm(bool moving) => _moving = moving;

    public override string Name => "batch normalisation";

    /// <summary>
    /// Training: normalises with the moments of x itself, through which the gradient flows, and leaves them in <paramref name="moments"/>.
    /// x is rows x columns, gain and bias 1 x columns.
    /// </summary>
    public static Tensor<T> Apply(Tensor<T> x, Tensor<T> gain, Tensor<T> bias, BatchMoments moments, double epsilon = 1e-5)
    {
        Require(x, gain, bias);
        if (moments.Columns != x.Columns)
        {
            throw new ArgumentException($"BatchNorm: moments of {moments.Columns} columns do not fit {x.Columns} columns.",
                nameof(moments));
        }

        moments.Rows = x.Rows;
        Tensor<T> centre = x.Tape.Allocate(1, x.Columns);
        Tensor<T> inverse = x.Tape.Allocate(1, x.Columns);
        Moments(x, moments, centre.Pointer);
        for (int c = 0; c < x.Columns; c++)
        {
            inverse.Pointer[c] = T.CreateTruncating(1 / Math.Sqrt(moments.Variance[c] + epsilon));
        }

        return Normalise(Batch, x, gain, bias, [centre, inverse]);
    }

    /// <summary>Evaluation: normalises with a given mean and variance (1 x columns each), which get no gradient.</summary>
    public static Tensor<T> Apply(Tensor<T> x, Tensor<T> gain, Tensor<T> bias, Tensor<T> mean, Tensor<T> variance, double epsilon = 1e-5,
        bool inPlace = false)
    {
        Require(x, gain, bias);
        Shapes.Require(mean.Rows == 1 && mean.Columns == x.Columns, "BatchNorm: the mean must be 1 x columns", mean, x);
        Shapes.Require(variance.Rows == 1 && variance.Columns == x.Columns, "BatchNorm: the variance must be 1 x columns", variance, x);
        Tensor<T> inverse = x.Tape.Allocate(1, x.Columns);
        for (int c = 0; c < x.Columns; c++)
        {
            inverse.Pointer[c] = T.One / T.Sqrt(variance.Pointer[c] + T.CreateTruncating(epsilon));
        }

        return Normalise(Fixed, x, gain, bias, [mean, inverse, variance], inPlace);
    }

    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> x = step.Input(0);
        Tensor<T> gain = step.Input(1);
        Tensor<T> bias = step.Input(2);
        T* mean = step.Saved(0).Pointer;
        T* inverse = step.Saved(1).Pointer;
        T* dy = step.Output().GradientPointer;
        double* sums = step.Tape.ScratchPointer<double>(x.Columns);
        double* products = step.Tape.ScratchPointer<double>(x.Columns);
        new Span<double>(sums, x.Columns).Clear();
        new Span<double>(products, x.Columns).Clear();
        VectorDispatch.Run<ColumnNormalisationSums<T>, T>(new(x.Rows, x.Columns, x.Pointer, mean, inverse, dy, sums, products));
        T* meanGradient = step.Tape.ScratchPointer<T>(x.Columns);
        T* meanProduct = step.Tape.ScratchPointer<T>(x.Columns);
        double share = _moving && x.Rows > 0 ? 1.0 / x.Rows : 0;
        for (int c = 0; c < x.Columns; c++)
        {
            meanGradient[c] = T.CreateTruncating(sums[c] * share);
            meanProduct[c] = T.CreateTruncating(products[c] * share);
            if (gain.RequiresGradient)
            {
                gain.GradientPointer[c] += T.CreateTruncating(products[c]);
            }

            if (bias.RequiresGradient)
            {
                bias.GradientPointer[c] += T.CreateTruncating(sums[c]);
            }
        }

        if (x.RequiresGradient)
        {
            VectorDispatch.Run<ColumnNormalisationGradient<T>, T>(
                new(x.Rows, x.Columns, x.Pointer, mean, inverse, gain.Pointer, meanGradient, meanProduct, dy, x.GradientPointer));
        }
    }

    // Kept are the mean, one over the standard deviation and, where it was given, the variance.
    private static Tensor<T> Normalise(BatchNorm<T> operation, Tensor<T> x, Tensor<T> gain, Tensor<T> bias, ReadOnlySpan<Tensor<T>> kept,
        bool inPlace = false)
    {
        Tensor<T> y = Shapes.Like(x, inPlace, Tape<T>.AnyRequiresGradient([x, gain, bias]));
        VectorDispatch.Run<ColumnNormalisation<T>, T>(
            new(x.Rows, x.Columns, x.Pointer, kept[0].Pointer, kept[1].Pointer, gain.Pointer, bias.Pointer, y.Pointer));
        x.Tape.Record(operation, [x, gain, bias], [y], kept);
        return y;
    }

    // Two passes. The centre is the mean in T; what its rounding adds to the squares is taken off again.
    private static void Moments(Tensor<T> x, BatchMoments moments, T* centre)
    {
        double share = x.Rows > 0 ? 1.0 / x.Rows : 0;
        Span<double> mean = moments.MutableMean;
        Span<double> variance = moments.MutableVariance;
        mean.Clear();
        variance.Clear();
        fixed (double* sums = mean)
        {
            VectorDispatch.Run<ColumnSums<T>, T>(new(x.Rows, x.Columns, x.Pointer, sums));
        }

        for (int c = 0; c < x.Columns; c++)
        {
            mean[c] *= share;
            centre[c] = T.CreateTruncating(mean[c]);
        }

        fixed (double* squares = variance)
        {
            VectorDispatch.Run<ColumnSquares<T>, T>(new(x.Rows, x.Columns, x.Pointer, centre, squares));
        }

        for (int c = 0; c < x.Columns; c++)
        {
            double shift = x.Rows > 0 ? mean[c] - double.CreateTruncating(centre[c]) : 0;
            variance[c] = Math.Max(0, (variance[c] * share) - (shift * shift));
        }
    }

    private static void Require(Tensor<T> x, Tensor<T> gain, Tensor<T> bias)
    {
        Shapes.Require(gain.Rows == 1 && gain.Columns == x.Columns, "BatchNorm: the gain must be 1 x columns", gain, x);
        Shapes.Require(bias.Rows == 1 && bias.Columns == x.Columns, "BatchNorm: the bias must be 1 x columns", bias, x);
    }
}

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

    /// <summary>How many numbers <see cref="CopyTo"/> writes.</summary>
    public int Length => 1 + (2 * Columns);

    /// <summary>Writes rows, means and variances as numbers, for another process.</summary>
    public void CopyTo(Span<double> numbers)
    {
        numbers[0] = Rows;
        _mean.CopyTo(numbers[1..]);
        _variance.CopyTo(numbers[(1 + Columns)..]);
    }

    /// <summary>Takes what <see cref="CopyTo"/> wrote.</summary>
    public void Set(ReadOnlySpan<double> numbers) =>
        Set((int)numbers[0], numbers.Slice(1, Columns), numbers.Slice(1 + Columns, Columns));

    internal Span<double> MutableMean => _mean;

    internal Span<double> MutableVariance => _variance;
}
