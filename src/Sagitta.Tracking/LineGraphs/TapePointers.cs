using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sagitta.Tracking.LineGraphs;

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
