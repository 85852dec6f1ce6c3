using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// The register tiles under every matrix product: C(r, :) = bias + sum over k of A(r, k) B(k, :), or C += the same. A may be walked
/// by rows or by columns, which makes one tile serve the forward product and both backward products. Every element of C is one
/// chain of multiply-adds in the order of k whatever the tile, so a row's result does not depend on its place in a batch.
/// </summary>
internal static unsafe class MatrixTiles<TLanes, T>
    where TLanes : unmanaged, ILanes<TLanes, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Height = 8;
    private const int LargestLanes = 16;

    /// <summary>
    /// All rows and columns. Rows of B (and bias) must be readable up to a whole number of vectors, of which only the columns count; C is
    /// written only within its columns.
    /// </summary>
    internal static void Multiply(int rows, int columns, in Tile tile, T* a, T* b, T* c, T* bias)
    {
        int lanes = TLanes.Count;
        for (int row = 0; row < rows;)
        {
            int left = rows - row;
            int height = left >= Height ? Height : left >= 4 ? 4 : left >= 2 ? 2 : 1;
            T* aRow = a + (row * tile.ARow);
            T* cRow = c + (row * tile.CRow);
            if (tile.Ahead > 0)
            {
                Fetch((byte*)(tile.Accumulate ? cRow : aRow) + (2 * tile.Ahead), tile.Ahead);
            }

            for (int column = 0; column < columns; column += 2 * lanes)
            {
                int valid = columns - column;
                T* biasColumn = bias is null ? null : bias + column;
                if (valid >= 2 * lanes || valid == lanes)
                {
                    One(tile, height, wide: valid > lanes, aRow, b + column, cRow + column, biasColumn);
                }
                else
                {
                    Edge(tile, height, valid, aRow, b + column, cRow + column, biasColumn);
                }
            }

            row += height;
        }
    }

    /// <summary>
    /// Asks for bytes that are wanted some thousand multiply-adds later: into the second cache, as what is wanted until then fills the
    /// first. Asking beyond the end does no harm.
    /// </summary>
    internal static void FetchIntoSecondCache(byte* start, int bytes)
    {
        if (Sse.IsSupported)
        {
            for (int i = 0; i < bytes; i += 64)
            {
                Sse.Prefetch1(start + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One(in Tile tile, int height, bool wide, T* a, T* b, T* c, T* bias)
    {
        switch (height)
        {
            case Height when wide && !TLanes.HasManyRegisters:
                Sums<Counts.Four, Counts.Two>(tile, a, b, c, bias);
                Sums<Counts.Four, Counts.Two>(tile, a + (4 * tile.ARow), b, c + (4 * tile.CRow), bias);
                break;
            case Height:
                Rows<Counts.Eight>(tile, wide, a, b, c, bias);
                break;
            case 4:
                Rows<Counts.Four>(tile, wide, a, b, c, bias);
                break;
            case 2:
                Rows<Counts.Two>(tile, wide, a, b, c, bias);
                break;
            default:
                Rows<Counts.One>(tile, wide, a, b, c, bias);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows<TRows>(in Tile tile, bool wide, T* a, T* b, T* c, T* bias)
        where TRows : struct, ICount
    {
        if (wide)
        {
            Sums<TRows, Counts.Two>(tile, a, b, c, bias);
        }
        else
        {
            Sums<TRows, Counts.One>(tile, a, b, c, bias);
        }
    }

    // A tile of eight rows to one, two vectors wide or one: sixteen sums in registers at most. What a smaller tile lacks is left out when
    // it is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Sums<TRows, TVectors>(in Tile tile, T* a, T* b, T* c, T* bias)
        where TRows : struct, ICount
        where TVectors : struct, ICount
    {
        nint row1 = tile.ARow;
        nint row2 = 2 * row1;
        nint row3 = 3 * row1;
        T* upper = a + (4 * row1);
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TLanes c00 = bias is null ? default : TLanes.Load(bias);
        TLanes c01 = bias is null || TVectors.Value == 1 ? default : TLanes.Load(bias + TLanes.Count);
        TLanes c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
        TLanes c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01, c61 = c01, c71 = c01;
        for (nint k = tile.Depth; k > 0; k--)
        {
            TLanes b0 = TLanes.Load(b);
            TLanes b1 = TVectors.Value == 1 ? default : TLanes.Load(b + TLanes.Count);
            Add<TVectors>(*a, b0, b1, ref c00, ref c01);
            if (TRows.Value > 1)
            {
                Add<TVectors>(a[row1], b0, b1, ref c10, ref c11);
            }

            if (TRows.Value > 2)
            {
                Add<TVectors>(a[row2], b0, b1, ref c20, ref c21);
                Add<TVectors>(a[row3], b0, b1, ref c30, ref c31);
            }

            if (TRows.Value > 4)
            {
                Add<TVectors>(*upper, b0, b1, ref c40, ref c41);
                Add<TVectors>(upper[row1], b0, b1, ref c50, ref c51);
                Add<TVectors>(upper[row2], b0, b1, ref c60, ref c61);
                Add<TVectors>(upper[row3], b0, b1, ref c70, ref c71);
                upper += aStep;
            }

            a += aStep;
            b += bStep;
        }

        bool accumulate = tile.Accumulate;
        Write<TVectors>(accumulate, c00, c01, c);
        if (TRows.Value > 1)
        {
            Write<TVectors>(accumulate, c10, c11, c += tile.CRow);
        }

        if (TRows.Value > 2)
        {
            Write<TVectors>(accumulate, c20, c21, c += tile.CRow);
            Write<TVectors>(accumulate, c30, c31, c += tile.CRow);
        }

        if (TRows.Value > 4)
        {
            Write<TVectors>(accumulate, c40, c41, c += tile.CRow);
            Write<TVectors>(accumulate, c50, c51, c += tile.CRow);
            Write<TVectors>(accumulate, c60, c61, c += tile.CRow);
            Write<TVectors>(accumulate, c70, c71, c += tile.CRow);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TVectors>(T number, TLanes b0, TLanes b1, ref TLanes c0, ref TLanes c1)
        where TVectors : struct, ICount
    {
        TLanes x = TLanes.Broadcast(number);
        c0 = TLanes.MultiplyAdd(x, b0, c0);
        if (TVectors.Value > 1)
        {
            c1 = TLanes.MultiplyAdd(x, b1, c1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TVectors>(bool accumulate, TLanes value0, TLanes value1, T* target)
        where TVectors : struct, ICount
    {
        Write(accumulate, value0, target);
        if (TVectors.Value > 1)
        {
            Write(accumulate, value1, target + TLanes.Count);
        }
    }

    private static void Fetch(byte* start, nint bytes)
    {
        if (Sse.IsSupported)
        {
            for (nint i = 0; i < bytes; i += 64)
            {
                Sse.Prefetch0(start + i);
            }
        }
    }

    // The tiles store whole vectors (a call within them would spill every register): at the edge they do so beside C.
    private static void Edge(in Tile tile, int height, int valid, T* a, T* b, T* c, T* bias)
    {
        T* whole = stackalloc T[Height * 2 * LargestLanes];
        Tile beside = tile with { CRow = 2 * LargestLanes, Accumulate = false };
        One(beside, height, wide: valid > TLanes.Count, a, b, whole, bias);
        for (int row = 0; row < height; row++)
        {
            for (int i = 0; i < valid; i++)
            {
                c[i] = tile.Accumulate ? c[i] + whole[i] : whole[i];
            }

            c += tile.CRow;
            whole += beside.CRow;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(bool accumulate, TLanes value, T* target) =>
        TLanes.Store(accumulate ? TLanes.Load(target) + value : value, target);

    /// <summary>Strides in elements and the depth of the sum.</summary>
    internal readonly record struct Tile(nint Depth, nint ARow, nint AStep, nint BStep, nint CRow, bool Accumulate)
    {
        /// <summary>Bytes of eight rows of A (of C, when it accumulates), to be asked for two steps ahead; 0 for none.</summary>
        internal nint Ahead { get; init; }
    }
}
