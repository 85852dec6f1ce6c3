using System.Numerics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>Weights of the message perceptron with the normalisation before them folded in.</summary>
internal static unsafe class MessageFolding<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Width = 16;

    /// <summary>First layer: weights scaled by gain and inverse deviation; inputs are centred where they are read.</summary>
    public static void FoldInput(ReadOnlySpan<Tensor<T>> p, T* inverse, T* weights, T* bias)
    {
        ReadOnlySpan<T> weight = p[MessageParameters.Weight(0)].Values;
        ReadOnlySpan<T> gain = p[MessageParameters.Gain(0)].Values;
        ReadOnlySpan<T> shift = p[MessageParameters.Shift(0)].Values;
        p[MessageParameters.Bias(0)].Values.CopyTo(new Span<T>(bias, Width));
        for (int k = 0; k < MessageStatistics<T>.Inputs; k++)
        {
            T scale = gain[k] * inverse[k];
            for (int o = 0; o < Width; o++)
            {
                weights[(k * Width) + o] = scale * weight[(k * Width) + o];
                bias[o] += shift[k] * weight[(k * Width) + o];
            }
        }
    }

    /// <summary>A later layer: leaky(x) W' + b'. <paramref name="mean"/> is followed by the inverse deviations.</summary>
    public static void Fold(ReadOnlySpan<Tensor<T>> p, int layer, T* mean, T* weights, T* bias)
    {
        ReadOnlySpan<T> weight = p[MessageParameters.Weight(layer)].Values;
        ReadOnlySpan<T> gain = p[MessageParameters.Gain(layer)].Values;
        ReadOnlySpan<T> shift = p[MessageParameters.Shift(layer)].Values;
        p[MessageParameters.Bias(layer)].Values.CopyTo(new Span<T>(bias, Width));
        for (int k = 0; k < Width; k++)
        {
            T scale = gain[k] * mean[Width + k];
            T constant = shift[k] - (scale * mean[k]);
            for (int o = 0; o < Width; o++)
            {
                weights[(k * Width) + o] = scale * weight[(k * Width) + o];
                bias[o] += constant * weight[(k * Width) + o];
            }
        }
    }

    /// <summary>Gain times inverse deviation of a layer.</summary>
    public static void Scales(in RecordedStep<T> step, int layer, T* mean, T* scales)
    {
        ReadOnlySpan<T> gain = step.Input(MessageParameters.Gain(layer)).Values;
        for (int c = 0; c < Width; c++)
        {
            scales[c] = gain[c] * mean[Width + c];
        }
    }

    /// <summary>Weights by output.</summary>
    public static T* Transposed(Tape<T> tape, Tensor<T> weight)
    {
        T* transposed = TapePointers<T>.Scratch(tape, Width * Width);
        ReadOnlySpan<T> values = weight.Values;
        for (int i = 0; i < values.Length; i++)
        {
            transposed[((i % Width) * Width) + (i / Width)] = values[i];
        }

        return transposed;
    }
}

/// <summary>Moments before the layers of the message perceptron: the frame's own or running ones.</summary>
internal static unsafe class MessageStatistics<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Inputs of the first layer.</summary>
    public const int Inputs = (2 * SegmentNetwork.Features) + AngleEncoding.Width;

    private const int Width = 16;

    /// <summary>Means and inverse deviations before a layer, running ones without moments.</summary>
    public static void Load(BatchMoments? moments, Tape<T> tape, MessageParameters parameters, int layer, double epsilon, T* mean,
        T* inverse, int columns)
    {
        ReadOnlySpan<T> runningMean = default;
        ReadOnlySpan<T> runningVariance = default;
        if (moments is null)
        {
            runningMean = tape.Use(parameters.RunningMean(layer)).Values;
            runningVariance = tape.Use(parameters.RunningVariance(layer)).Values;
        }

        for (int c = 0; c < columns; c++)
        {
            double centre = moments is null ? double.CreateTruncating(runningMean[c]) : moments.Mean[c];
            double variance = moments is null ? double.CreateTruncating(runningVariance[c]) : moments.Variance[c];
            mean[c] = T.CreateTruncating(centre);
            inverse[c] = T.CreateTruncating(1 / Math.Sqrt(variance + epsilon));
        }
    }

    /// <summary>From sums over the rows of a frame to its moments.</summary>
    public static void Take(BatchMoments? moments, int rows, double* sums)
    {
        if (moments is null)
        {
            return;
        }

        Span<double> mean = stackalloc double[Width];
        Span<double> variance = stackalloc double[Width];
        for (int c = 0; c < Width; c++)
        {
            mean[c] = rows == 0 ? 0 : sums[c] / rows;
            variance[c] = rows == 0 ? 0 : Math.Max(0, (sums[Width + c] / rows) - (mean[c] * mean[c]));
        }

        moments.Set(rows, mean, variance);
    }
}
