using System.Numerics;

namespace Sagitta.Autodiff.Tensors;

/// <summary>
/// A handle to a dense row-major matrix on a <see cref="Tape{T}"/>. Rows are items (hits, edges, events), columns their
/// components; a scalar is 1 x 1. Valid until the tape is reset. Ragged data are rows laid end to end beside a <see cref="Segments"/>.
/// </summary>
internal readonly unsafe struct Tensor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal Tensor(Tape<T> tape, int index, int rows, int columns)
    {
        Tape = tape;
        Index = index;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>The tape that owns the memory.</summary>
    public Tape<T> Tape { get; }

    /// <summary>Number of items.</summary>
    public int Rows { get; }

    /// <summary>Components of an item.</summary>
    public int Columns { get; }

    /// <summary>Rows times columns.</summary>
    public int Length => Rows * Columns;

    /// <summary>The numbers, row by row.</summary>
    public Span<T> Values => Tape.ValuesOf(Index);

    /// <summary>Whether a gradient is kept for it.</summary>
    public bool RequiresGradient => Tape.RequiresGradient(Index);

    /// <summary>The gradient, row by row; empty where none is required. Exists from <see cref="Tape{T}.PrepareGradients"/> on.</summary>
    public Span<T> Gradient => Tape.GradientOf(Index);

    internal int Index { get; }

    internal T* Pointer => Tape.PointerTo(Index);

    internal T* GradientPointer => Tape.GradientPointerTo(Index);
}
