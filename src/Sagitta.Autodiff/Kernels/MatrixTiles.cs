using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// The register tiles under every matrix product: C(r, :) = bias + sum over k of A(r, k) B(k, :), or C += the same. A may be walked
/// by rows or by columns, which makes one tile serve the forward product and both backward products. Every element of C is one
/// chain of multiply-adds in the order of k whatever the tile, so a row's result does not depend on its place in a batch.
/// </summary>
internal static unsafe partial class MatrixTiles<TLanes, T>
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

    /// <summary>Asks for bytes that are wanted soon. Asking beyond the end does no harm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Fetch(byte* start, nint bytes)
    {
        if (Sse.IsSupported)
        {
            for (nint i = 0; i < bytes; i += 64)
            {
                Sse.Prefetch0(start + i);
            }
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
        if (wide)
        {
            switch (height)
            {
                case Height when TLanes.HasManyRegisters:
                    Rows8Vectors2(tile, a, b, c, bias);
                    break;
                case Height:
                    Rows4Vectors2(tile, a, b, c, bias);
                    Rows4Vectors2(tile, a + (4 * tile.ARow), b, c + (4 * tile.CRow), bias);
                    break;
                case 4:
                    Rows4Vectors2(tile, a, b, c, bias);
                    break;
                case 2:
                    Rows2Vectors2(tile, a, b, c, bias);
                    break;
                default:
                    Rows1Vectors2(tile, a, b, c, bias);
                    break;
            }
        }
        else
        {
            switch (height)
            {
                case Height:
                    Rows8Vectors1(tile, a, b, c, bias);
                    break;
                case 4:
                    Rows4Vectors1(tile, a, b, c, bias);
                    break;
                case 2:
                    Rows2Vectors1(tile, a, b, c, bias);
                    break;
                default:
                    Rows1Vectors1(tile, a, b, c, bias);
                    break;
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
        /// <summary>
        /// Bytes of eight rows of A (of C, when it accumulates), to be asked for two steps ahead; 0 for none.
        /// </summary>
        internal nint Ahead { get; init; }
    }
}
