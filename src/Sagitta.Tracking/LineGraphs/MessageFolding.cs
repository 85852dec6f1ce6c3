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
