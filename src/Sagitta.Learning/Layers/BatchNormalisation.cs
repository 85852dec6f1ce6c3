using System.Numerics;

namespace Sagitta.Learning.Layers;

/// <summary>
/// Each column to mean 0 and variance 1 over the rows of a batch, then a trained gain and bias. Running averages of the moments are
/// buffers of the layout, so they are stored with the weights; they begin at mean 0 and variance 1.
/// </summary>
internal sealed class BatchNormalisation
{
    private readonly Parameter _gain;
    private readonly Parameter _bias;
    private readonly Parameter _runningMean;
    private readonly Parameter _runningVariance;
    private readonly double _momentum;
    private readonly double _epsilon;

    /// <summary>Registers "prefix.gain", "prefix.bias" and the buffers "prefix.running_mean" and "prefix.running_variance", each 1 x
    /// columns.</summary>
    public BatchNormalisation(ParameterLayout layout, string prefix, int columns, double momentum = 0.1, double epsilon = 1e-5)
    {
        _gain = layout.Add(prefix + ".gain", 1, columns, new Initialisation.Constant(1));
        _bias = layout.Add(prefix + ".bias", 1, columns, new Initialisation.Constant(0));
        _runningMean = layout.AddBuffer(prefix + ".running_mean", 1, columns, new Initialisation.Constant(0));
        _runningVariance = layout.AddBuffer(prefix + ".running_variance", 1, columns, new Initialisation.Constant(1));
        _momentum = momentum;
        _epsilon = epsilon;
    }

    /// <summary>Training: with the moments of x, which are left in <paramref name="moments"/> for <see cref="Absorb"/>.</summary>
    public Tensor<T> Forward<T>(Tape<T> tape, Tensor<T> x, BatchMoments moments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => BatchNorm<T>.Apply(x, tape.Use(_gain), tape.Use(_bias), moments, _epsilon);

    /// <summary>Evaluation: with the running averages.</summary>
    public Tensor<T> Forward<T>(Tape<T> tape, Tensor<T> x, bool inPlace = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        BatchNorm<T>.Apply(x, tape.Use(_gain), tape.Use(_bias), tape.Use(_runningMean), tape.Use(_runningVariance), _epsilon, inPlace);

    /// <summary>New moments of a batch for <see cref="Forward{T}(Tape{T}, Tensor{T}, BatchMoments)"/>: one object a chunk,
    /// reused.</summary>
    public BatchMoments CreateMoments() => new(_gain.Columns);

    /// <summary>
    /// Moves the running averages towards the moments of a batch by the momentum, the variance unbiased (times n / (n - 1)), as PyTorch
    /// does. Call it in chunk order. A batch without rows changes nothing; a single row counts with variance 0.
    /// </summary>
    public void Absorb<T>(ParameterVector<T> parameters, BatchMoments moments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (moments.Rows == 0)
        {
            return;
        }

        double unbiased = moments.Rows / (double)Math.Max(1, moments.Rows - 1);
        Span<T> mean = parameters.Slice(_runningMean);
        Span<T> variance = parameters.Slice(_runningVariance);
        for (int c = 0; c < mean.Length; c++)
        {
            mean[c] = T.CreateTruncating(((1 - _momentum) * double.CreateTruncating(mean[c])) + (_momentum * moments.Mean[c]));
            variance[c] = T.CreateTruncating(((1 - _momentum) * double.CreateTruncating(variance[c]))
                + (_momentum * unbiased * moments.Variance[c]));
        }
    }
}

/// <summary>Each row to mean 0 and variance 1, then a trained gain (first 1) and bias (first 0) per column.</summary>
internal sealed class LayerNormalisation
{
    private readonly Parameter _gain;
    private readonly Parameter _bias;
    private readonly double _epsilon;

    /// <summary>Registers "prefix.gain" and "prefix.bias", each 1 x columns.</summary>
    public LayerNormalisation(ParameterLayout layout, string prefix, int columns, double epsilon = 1e-5)
    {
        _gain = layout.Add(prefix + ".gain", 1, columns, new Initialisation.Constant(1));
        _bias = layout.Add(prefix + ".bias", 1, columns, new Initialisation.Constant(0));
        _epsilon = epsilon;
    }

    /// <summary>Of the shape of <paramref name="x"/>.</summary>
    public Tensor<T> Forward<T>(Tape<T> tape, Tensor<T> x, bool inPlace = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => LayerNorm<T>.Apply(x, tape.Use(_gain), tape.Use(_bias), _epsilon, inPlace);
}
