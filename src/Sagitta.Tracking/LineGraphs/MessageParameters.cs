using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>Parameters of the message perceptron by place: gain, shift, weight and bias of each of its three layers.</summary>
internal sealed class MessageParameters
{
    /// <summary>Number of trained parameters.</summary>
    public const int Count = 12;

    private readonly Parameter[] _trained = new Parameter[Count];
    private readonly Parameter[] _means = new Parameter[3];
    private readonly Parameter[] _variances = new Parameter[3];

    /// <summary>Finds the parameters of the perceptron of that name.</summary>
    public MessageParameters(ParameterLayout layout, string prefix)
    {
        for (int layer = 0; layer < 3; layer++)
        {
            _trained[Gain(layer)] = layout.Find($"{prefix}.normalisation.{layer}.gain")!;
            _trained[Shift(layer)] = layout.Find($"{prefix}.normalisation.{layer}.bias")!;
            _trained[Weight(layer)] = layout.Find($"{prefix}.linear.{layer}.weight")!;
            _trained[Bias(layer)] = layout.Find($"{prefix}.linear.{layer}.bias")!;
            _means[layer] = layout.Find($"{prefix}.normalisation.{layer}.running_mean")!;
            _variances[layer] = layout.Find($"{prefix}.normalisation.{layer}.running_variance")!;
        }
    }

    /// <summary>Place of a layer's gain.</summary>
    public static int Gain(int layer) => 4 * layer;

    /// <summary>Place of a layer's shift (the bias of its normalisation).</summary>
    public static int Shift(int layer) => (4 * layer) + 1;

    /// <summary>Place of a layer's weights.</summary>
    public static int Weight(int layer) => (4 * layer) + 2;

    /// <summary>Place of a layer's bias.</summary>
    public static int Bias(int layer) => (4 * layer) + 3;

    /// <summary>Running mean before a layer.</summary>
    public Parameter RunningMean(int layer) => _means[layer];

    /// <summary>Running variance before a layer.</summary>
    public Parameter RunningVariance(int layer) => _variances[layer];

    /// <summary>Puts all on a tape; whether any requires a gradient.</summary>
    public bool Use<T>(Tape<T> tape, Span<Tensor<T>> tensors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < Count; i++)
        {
            tensors[i] = tape.Use(_trained[i]);
        }

        return Tape<T>.AnyRequiresGradient(tensors);
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

/// <summary>Pointers that the loops over links share: the graph (borders of the links of each segment and of the segments that leave each
/// hit, shallower hit of each segment), table node of each link and its position within the cell, and the parts of the first layer that
/// links add up: a row for each receiving and each sending segment, value and slope rows of the angle at each node.</summary>
internal readonly unsafe ref struct MessageGraph<T>
    where T : unmanaged
{
    public required int* LinkOffsets { get; init; }
    public required int* Offsets { get; init; }
    public required int* Shallower { get; init; }
    public required int* Node { get; init; }
    public required float* Offset { get; init; }
    public required T* Target { get; init; }
    public required T* Source { get; init; }
    public required T* Table { get; init; }
}

/// <summary>Pointers to memory of a tape, which lies outside the managed heap and does not move until the tape is reset.</summary>
internal static unsafe class TapePointers<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Values of a tensor.</summary>
    public static T* Of(Tensor<T> tensor) => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.Values));

    /// <summary>Gradient of a tensor.</summary>
    public static T* OfGradient(Tensor<T> tensor) => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.Gradient));

    /// <summary>Memory that nobody has written to.</summary>
    public static T* Scratch(Tape<T> tape, int length) => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tape.Scratch<T>(length)));

    /// <summary>Features of a frame's segments in this precision.</summary>
    public static T* Features(Tape<T> tape, SegmentInput input)
    {
        ReadOnlySpan<float> features = input.Features;
        T* values = Scratch(tape, features.Length);
        for (int i = 0; i < features.Length; i++)
        {
            values[i] = T.CreateTruncating(features[i]);
        }

        return values;
    }
}
