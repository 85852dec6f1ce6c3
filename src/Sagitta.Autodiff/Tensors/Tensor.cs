using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Tensors;

/// <summary>
/// A handle to a dense row-major matrix on a <see cref="Tape{T}"/>. Rows are items (hits, edges, events), columns their
/// components; a scalar is 1 x 1. Valid until the tape is reset; a handle from before throws. Ragged data are rows laid end to end beside a
/// <see cref="Segments"/>.
/// </summary>
internal readonly unsafe struct Tensor<T>(Tape<T> tape, int generation, int index, int rows, int columns)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _generation = generation;

    /// <summary>The tape that owns the memory.</summary>
    public Tape<T> Tape { get; } = tape;

    /// <summary>Number of items.</summary>
    public int Rows { get; } = rows;

    /// <summary>Components of an item.</summary>
    public int Columns { get; } = columns;

    /// <summary>Rows times columns.</summary>
    public int Length => Rows * Columns;

    /// <summary>The numbers, row by row.</summary>
    public Span<T> Values => Tape.ValuesOf(LiveIndex);

    /// <summary>Whether a gradient is kept for it.</summary>
    public bool RequiresGradient => Tape.RequiresGradient(LiveIndex);

    /// <summary>The gradient, row by row; empty where none is required. Exists from <see cref="Tape{T}.PrepareGradients"/> on.</summary>
    public Span<T> Gradient => Tape.GradientOf(LiveIndex);

    internal int Index { get; } = index;

    // The index, once the handle is known to be of the tape's present step.
    internal int LiveIndex
    {
        get
        {
            if (_generation != Tape.Generation)
            {
                ThrowStale();
            }

            return Index;
        }
    }

    internal T* Pointer => Tape.PointerTo(LiveIndex);

    internal T* GradientPointer => Tape.GradientPointerTo(LiveIndex);

    private void ThrowStale() => throw new InvalidOperationException(
        $"This {Rows} x {Columns} tensor is from before its tape was reset (or disposed of): make it anew after Reset, or copy its values "
            + "out before.");
}

/// <summary>Gradients that are empty where none is wanted.</summary>
internal static class GradientSpan
{
    /// <summary>Adds to one number of a gradient that is wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddAt(this Span<double> gradient, int index, double value)
    {
        if (!gradient.IsEmpty)
        {
            gradient[index] += value;
        }
    }
}
