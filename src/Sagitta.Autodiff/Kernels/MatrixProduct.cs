using System.Numerics;
using System.Runtime.Intrinsics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// Products of a tall matrix (one row an item) with a small one, all row-major, and the two products of their backward pass.
/// The order of every sum depends on shapes alone. NaN and infinity spread as in plain arithmetic. A weight is used where it lies, whatever
/// its width: the last vector of a row may reach into what follows, of which nothing is used, so memory of w, bias and dy must be readable
/// for 64 bytes beyond the end.
/// </summary>
internal static unsafe class MatrixProduct
{
    // Rows of one pass of the weight gradient, at most: its two operands stay in the first cache, or nearly.
    private const int BlockRows = 128;
    private const int BlockBytes = 1 << 14;

    /// <summary>Numbers of scratch memory, on a 64-byte border, that the gradient of the input wants.</summary>
    internal static int ScratchLength<T>(int inputs, int outputs)
        where T : unmanaged => outputs * Padded<T>(inputs);

    /// <summary>y = x w + bias: x is rows x inputs, w inputs x outputs; bias (outputs) may be null.</summary>
    internal static void Forward<T>(int rows, int inputs, int outputs, T* x, T* w, T* bias, T* y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            MatrixProduct<Lanes512<T>, T>.Forward(rows, inputs, outputs, x, w, bias, y);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            MatrixProduct<Lanes256<T>, T>.Forward(rows, inputs, outputs, x, w, bias, y);
        }
        else
        {
            MatrixProduct<Lanes128<T>, T>.Forward(rows, inputs, outputs, x, w, bias, y);
        }
    }

    /// <summary>dx += dy transpose(w).</summary>
    internal static void InputGradient<T>(int rows, int inputs, int outputs, T* dy, T* w, T* dx, T* scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            MatrixProduct<Lanes512<T>, T>.InputGradient(rows, inputs, outputs, dy, w, dx, scratch);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            MatrixProduct<Lanes256<T>, T>.InputGradient(rows, inputs, outputs, dy, w, dx, scratch);
        }
        else
        {
            MatrixProduct<Lanes128<T>, T>.InputGradient(rows, inputs, outputs, dy, w, dx, scratch);
        }
    }

    /// <summary>dw += transpose(x) dy.</summary>
    internal static void WeightGradient<T>(int rows, int inputs, int outputs, T* x, T* dy, T* dw)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            MatrixProduct<Lanes512<T>, T>.WeightGradient(rows, inputs, outputs, x, dy, dw, BlockOf<T>(inputs));
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            MatrixProduct<Lanes256<T>, T>.WeightGradient(rows, inputs, outputs, x, dy, dw, BlockOf<T>(inputs));
        }
        else
        {
            MatrixProduct<Lanes128<T>, T>.WeightGradient(rows, inputs, outputs, x, dy, dw, BlockOf<T>(inputs));
        }
    }

    private static int BlockOf<T>(int inputs)
        where T : unmanaged => Math.Clamp(BlockBytes / Math.Max(1, inputs * sizeof(T)) / 16 * 16, 32, BlockRows);

    // A whole number of the widest vectors, whatever the width in use, so that scratch needs do not depend on it.
    private static int Padded<T>(int columns)
        where T : unmanaged
    {
        int lanes = 64 / sizeof(T);
        return (columns + lanes - 1) / lanes * lanes;
    }
}
