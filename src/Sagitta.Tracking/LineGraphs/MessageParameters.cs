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

/// <summary>Pointers that the loops over links share: the graph, and the parts of the first layer that links add up.</summary>
internal readonly unsafe ref struct MessageGraph<T>
    where T : unmanaged
{
    /// <summary>Borders of the links of each segment.</summary>
    public required int* LinkOffsets { get; init; }

    /// <summary>Borders of the segments that leave each hit.</summary>
    public required int* Offsets { get; init; }

    /// <summary>Shallower hit of each segment.</summary>
    public required int* Shallower { get; init; }

    /// <summary>Table node of each link.</summary>
    public required int* Node { get; init; }

    /// <summary>Position of each link within its cell.</summary>
    public required float* Offset { get; init; }

    /// <summary>Part of the receiving segment, a row for each segment.</summary>
    public required T* Target { get; init; }

    /// <summary>Part of the sending segment.</summary>
    public required T* Source { get; init; }

    /// <summary>Part of the angle: value and slope rows at each node.</summary>
    public required T* Table { get; init; }

    /// <summary>Room for the weights of interpolation of a tile of links.</summary>
    public required T* Blends { get; init; }

    /// <summary>The segment that a link belongs to, at or after <paramref name="segment"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SegmentOf(int link, int segment)
    {
        while (LinkOffsets[segment + 1] <= link)
        {
            segment++;
        }

        return segment;
    }

    /// <summary>The segment at the other end of a link of <paramref name="segment"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ShallowerEnd(int link, int segment) => Offsets[Shallower[segment]] + link - LinkOffsets[segment];
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
