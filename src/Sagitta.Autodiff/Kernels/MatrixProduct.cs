using System.Numerics;

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
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        VectorDispatch.Run<ForwardKernel<T>, T>(new(rows, inputs, outputs, x, w, bias, y));

    /// <summary>dx += dy transpose(w).</summary>
    internal static void InputGradient<T>(int rows, int inputs, int outputs, T* dy, T* w, T* dx, T* scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        VectorDispatch.Run<InputGradientKernel<T>, T>(new(rows, inputs, outputs, dy, w, dx, scratch));

    /// <summary>dw += transpose(x) dy.</summary>
    internal static void WeightGradient<T>(int rows, int inputs, int outputs, T* x, T* dy, T* dw)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        VectorDispatch.Run<WeightGradientKernel<T>, T>(new(rows, inputs, outputs, x, dy, dw));

    private static int BlockOf<T>(int inputs)
        where T : unmanaged => Math.Clamp(BlockBytes / Math.Max(1, inputs * sizeof(T)) / 16 * 16, 32, BlockRows);

    // A whole number of the widest vectors, whatever the width in use, so that scratch needs do not depend on it.
    private static int Padded<T>(int columns)
        where T : unmanaged
    {
        int lanes = 64 / sizeof(T);
        return (columns + lanes - 1) / lanes * lanes;
    }

    private readonly struct ForwardKernel<T>(int rows, int inputs, int outputs, T* x, T* w, T* bias, T* y) : IKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run<TLanes>()
            where TLanes : unmanaged, ILanes<TLanes, T> => MatrixProduct<TLanes, T>.Forward(rows, inputs, outputs, x, w, bias, y);
    }

    private readonly struct InputGradientKernel<T>(int rows, int inputs, int outputs, T* dy, T* w, T* dx, T* scratch) : IKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run<TLanes>()
            where TLanes : unmanaged, ILanes<TLanes, T> =>
                MatrixProduct<TLanes, T>.InputGradient(rows, inputs, outputs, dy, w, dx, scratch);
    }

    private readonly struct WeightGradientKernel<T>(int rows, int inputs, int outputs, T* x, T* dy, T* dw) : IKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run<TLanes>()
            where TLanes : unmanaged, ILanes<TLanes, T> =>
            MatrixProduct<TLanes, T>.WeightGradient(rows, inputs, outputs, x, dy, dw, BlockOf<T>(inputs));
    }
}

/// <summary>The products of <see cref="MatrixProduct"/> at one vector width.</summary>
internal static unsafe class MatrixProduct<TLanes, T>
    where TLanes : unmanaged, ILanes<TLanes, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Operands of the weight gradient beyond these bytes are taken not to be in the third cache: it asks for them
    /// ahead.</summary>
    internal const long StreamBytes = 1 << 23;

    // Operands beyond this do not stay in the second cache: rows further on are then asked for ahead, as the walk over eight of them
    // at a time is not one that hardware foresees. Asking beyond the end does no harm.
    private const long CacheBytes = 1 << 20;

    // The weight gradient goes over columns of x in steps of a tile's height.
    private const int Step = 8;
    private const int MostBytesAhead = 80 * 64;

    internal static void Forward(int rows, int inputs, int outputs, T* x, T* w, T* bias, T* y)
    {
        if (outputs == 1 && inputs % TLanes.Count == 0)
        {
            Dot(rows, inputs, x, w, bias is null ? T.Zero : *bias, y);
            return;
        }

        MatrixTiles<TLanes, T>.Multiply(rows, outputs, Ahead(rows, new(inputs, inputs, 1, outputs, outputs, false)), x, w, y, bias);
    }

    internal static void InputGradient(int rows, int inputs, int outputs, T* dy, T* w, T* dx, T* scratch)
    {
        int padded = (inputs + TLanes.Count - 1) / TLanes.Count * TLanes.Count;
        Transpose(w, inputs, outputs, scratch, padded);
        MatrixTiles<TLanes, T>.Multiply(rows, inputs, Ahead(rows, new(outputs, outputs, 1, padded, inputs, true)), dy, scratch, dx, null);
    }

    internal static void WeightGradient(int rows, int inputs, int outputs, T* x, T* dy, T* dw, int blockRows)
    {
        if (outputs == 1 && inputs % TLanes.Count == 0)
        {
            // The same sums as one row, transpose(dy) x, so that vectors lie along the inputs.
            MatrixTiles<TLanes, T>.Multiply(1, inputs, new(rows, 0, 1, inputs, inputs, true), dy, x, dw, null);
            return;
        }

        int share = Share(rows, inputs, outputs, blockRows);
        for (int row = 0; row < rows; row += blockRows)
        {
            int depth = Math.Min(blockRows, rows - row);
            T* xBlock = x + ((nint)row * inputs);
            T* dyBlock = dy + ((nint)row * outputs);
            MatrixTiles<TLanes, T>.Tile tile = new(depth, 1, inputs, outputs, outputs, true);
            if (share == 0)
            {
                MatrixTiles<TLanes, T>.Multiply(inputs, outputs, tile, xBlock, dyBlock, dw, null);
                continue;
            }

            byte* nextX = (byte*)(xBlock + ((nint)depth * inputs));
            byte* nextDy = (byte*)(dyBlock + ((nint)depth * outputs));
            int shareOfDy = share * outputs / inputs;
            for (int input = 0; input < inputs; input += Step)
            {
                MatrixTiles<TLanes, T>.FetchIntoSecondCache(nextX, share);
                MatrixTiles<TLanes, T>.FetchIntoSecondCache(nextDy, shareOfDy);
                nextX += share;
                nextDy += shareOfDy;
                MatrixTiles<TLanes, T>.Multiply(Math.Min(Step, inputs - input), outputs, tile, xBlock + input, dyBlock,
                    dw + ((nint)input * outputs), null);
            }
        }
    }

    // Bytes of the next block of x that each step of the weight gradient asks for ahead, 0 for none: the columns of a row-major matrix lie
    // in strides that hardware does not foresee, but the next block is one run of memory. A narrow matrix has strides that are foreseen
    // and few steps a block, which would ask for more at once than a core can wait for.
    private static int Share(int rows, int inputs, int outputs, int blockRows)
    {
        int share = Step * blockRows * sizeof(T);
        return (long)rows * (inputs + outputs) * sizeof(T) > StreamBytes && share + (share * (long)outputs / inputs) <= MostBytesAhead
            ? share : 0;
    }

    private static MatrixTiles<TLanes, T>.Tile Ahead(int rows, MatrixTiles<TLanes, T>.Tile tile)
    {
        nint row = sizeof(T) * (tile.Accumulate ? tile.CRow : tile.ARow);
        return rows * row > CacheBytes ? tile with { Ahead = 8 * row } : tile;
    }

    // A single output, as of a network's last layer, would fill one lane of the tiles.
    private static void Dot(int rows, int inputs, T* x, T* w, T bias, T* y)
    {
        for (int row = 0; row < rows; row++)
        {
            TLanes sum = default;
            for (int i = 0; i < inputs; i += TLanes.Count)
            {
                sum = TLanes.MultiplyAdd(TLanes.Load(x + i), TLanes.Load(w + i), sum);
            }

            y[row] = bias + TLanes.Sum(sum);
            x += inputs;
        }
    }

    private static void Transpose(T* source, int rows, int columns, T* target, int padded)
    {
        for (int column = 0; column < columns; column++)
        {
            T* line = target + (column * padded);
            T* number = source + column;
            for (nint row = 0; row < rows; row++)
            {
                line[row] = *number;
                number += columns;
            }

            new Span<T>(line + rows, padded - rows).Clear();
        }
    }
}
