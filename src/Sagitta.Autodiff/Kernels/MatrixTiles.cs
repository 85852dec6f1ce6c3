using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// The register tiles under every matrix product: C(r, :) = bias + sum over k of A(r, k) B(k, :), or C += the same. A may be walked
/// by rows or by columns, which makes one tile serve the forward product and both backward products. Every element of C is one
/// chain of multiply-adds in the order of k whatever the tile, so a row's result does not depend on its place in a batch.
/// </summary>
internal static unsafe class MatrixTiles<TWidth, TVector, T>
    where TWidth : struct, IVectorWidth<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Height = 8;
    private const int LargestLanes = 16;

    /// <summary>
    /// All rows and columns. Rows of B (and bias) must be readable up to a whole number of vectors; C is written only within its columns.
    /// </summary>
    internal static void Multiply(int rows, int columns, in Tile tile, T* a, T* b, T* c, T* bias)
    {
        int lanes = TWidth.Lanes;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One(in Tile tile, int height, bool wide, T* a, T* b, T* c, T* bias)
    {
        if (wide)
        {
            switch (height)
            {
                case Height when TWidth.HasManyRegisters:
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
        One(beside, height, wide: valid > TWidth.Lanes, a, b, whole, bias);
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
    private static void Write(bool accumulate, TVector value, T* target) =>
        TWidth.Store(accumulate ? TWidth.Add(TWidth.Load(target), value) : value, target);

    private static void Rows8Vectors2(in Tile tile, T* a, T* b, T* c, T* bias)
    {
        nint row1 = tile.ARow;
        nint row2 = 2 * row1;
        nint row3 = 3 * row1;
        T* upper = a + (4 * row1);
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TVector c00 = bias is null ? default : TWidth.Load(bias);
        TVector c01 = bias is null ? default : TWidth.Load(bias + TWidth.Lanes);
        TVector c10 = c00;
        TVector c11 = c01;
        TVector c20 = c00;
        TVector c21 = c01;
        TVector c30 = c00;
        TVector c31 = c01;
        TVector c40 = c00;
        TVector c41 = c01;
        TVector c50 = c00;
        TVector c51 = c01;
        TVector c60 = c00;
        TVector c61 = c01;
        TVector c70 = c00;
        TVector c71 = c01;
        for (nint k = tile.Depth; k > 0; k--)
        {
            TVector b0 = TWidth.Load(b);
            TVector b1 = TWidth.Load(b + TWidth.Lanes);
            TVector x = TWidth.Create(*a);
            c00 = TWidth.MultiplyAdd(x, b0, c00);
            c01 = TWidth.MultiplyAdd(x, b1, c01);
            x = TWidth.Create(a[row1]);
            c10 = TWidth.MultiplyAdd(x, b0, c10);
            c11 = TWidth.MultiplyAdd(x, b1, c11);
            x = TWidth.Create(a[row2]);
            c20 = TWidth.MultiplyAdd(x, b0, c20);
            c21 = TWidth.MultiplyAdd(x, b1, c21);
            x = TWidth.Create(a[row3]);
            c30 = TWidth.MultiplyAdd(x, b0, c30);
            c31 = TWidth.MultiplyAdd(x, b1, c31);
            x = TWidth.Create(*upper);
            c40 = TWidth.MultiplyAdd(x, b0, c40);
            c41 = TWidth.MultiplyAdd(x, b1, c41);
            x = TWidth.Create(upper[row1]);
            c50 = TWidth.MultiplyAdd(x, b0, c50);
            c51 = TWidth.MultiplyAdd(x, b1, c51);
            x = TWidth.Create(upper[row2]);
            c60 = TWidth.MultiplyAdd(x, b0, c60);
            c61 = TWidth.MultiplyAdd(x, b1, c61);
            x = TWidth.Create(upper[row3]);
            c70 = TWidth.MultiplyAdd(x, b0, c70);
            c71 = TWidth.MultiplyAdd(x, b1, c71);
            a += aStep;
            upper += aStep;
            b += bStep;
        }

        bool accumulate = tile.Accumulate;
        Write(accumulate, c00, c);
        Write(accumulate, c01, c + TWidth.Lanes);
        c += tile.CRow;
        Write(accumulate, c10, c);
        Write(accumulate, c11, c + TWidth.Lanes);
        c += tile.CRow;
        Write(accumulate, c20, c);
        Write(accumulate, c21, c + TWidth.Lanes);
        c += tile.CRow;
        Write(accumulate, c30, c);
        Write(accumulate, c31, c + TWidth.Lanes);
        c += tile.CRow;
        Write(accumulate, c40, c);
        Write(accumulate, c41, c + TWidth.Lanes);
        c += tile.CRow;
        Write(accumulate, c50, c);
        Write(accumulate, c51, c + TWidth.Lanes);
        c += tile.CRow;
        Write(accumulate, c60, c);
        Write(accumulate, c61, c + TWidth.Lanes);
        c += tile.CRow;
        Write(accumulate, c70, c);
        Write(accumulate, c71, c + TWidth.Lanes);
    }

    private static void Rows8Vectors1(in Tile tile, T* a, T* b, T* c, T* bias)
    {
        nint row1 = tile.ARow;
        nint row2 = 2 * row1;
        nint row3 = 3 * row1;
        T* upper = a + (4 * row1);
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TVector c00 = bias is null ? default : TWidth.Load(bias);
        TVector c10 = c00;
        TVector c20 = c00;
        TVector c30 = c00;
        TVector c40 = c00;
        TVector c50 = c00;
        TVector c60 = c00;
        TVector c70 = c00;
        for (nint k = tile.Depth; k > 0; k--)
        {
            TVector b0 = TWidth.Load(b);
            TVector x = TWidth.Create(*a);
            c00 = TWidth.MultiplyAdd(x, b0, c00);
            x = TWidth.Create(a[row1]);
            c10 = TWidth.MultiplyAdd(x, b0, c10);
            x = TWidth.Create(a[row2]);
            c20 = TWidth.MultiplyAdd(x, b0, c20);
            x = TWidth.Create(a[row3]);
            c30 = TWidth.MultiplyAdd(x, b0, c30);
            x = TWidth.Create(*upper);
            c40 = TWidth.MultiplyAdd(x, b0, c40);
            x = TWidth.Create(upper[row1]);
            c50 = TWidth.MultiplyAdd(x, b0, c50);
            x = TWidth.Create(upper[row2]);
            c60 = TWidth.MultiplyAdd(x, b0, c60);
            x = TWidth.Create(upper[row3]);
            c70 = TWidth.MultiplyAdd(x, b0, c70);
            a += aStep;
            upper += aStep;
            b += bStep;
        }

        bool accumulate = tile.Accumulate;
        Write(accumulate, c00, c);
        c += tile.CRow;
        Write(accumulate, c10, c);
        c += tile.CRow;
        Write(accumulate, c20, c);
        c += tile.CRow;
        Write(accumulate, c30, c);
        c += tile.CRow;
        Write(accumulate, c40, c);
        c += tile.CRow;
        Write(accumulate, c50, c);
        c += tile.CRow;
        Write(accumulate, c60, c);
        c += tile.CRow;
        Write(accumulate, c70, c);
    }

    private static void Rows4Vectors2(in Tile tile, T* a, T* b, T* c, T* bias)
    {
        nint row1 = tile.ARow;
        nint row2 = 2 * row1;
        nint row3 = 3 * row1;
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TVector c00 = bias is null ? default : TWidth.Load(bias);
        TVector c01 = bias is null ? default : TWidth.Load(bias + TWidth.Lanes);
        TVector c10 = c00;
        TVector c11 = c01;
        TVector c20 = c00;
        TVector c21 = c01;
        TVector c30 = c00;
        TVector c31 = c01;
        for (nint k = tile.Depth; k > 0; k--)
        {
            TVector b0 = TWidth.Load(b);
            TVector b1 = TWidth.Load(b + TWidth.Lanes);
            TVector x = TWidth.Create(*a);
            c00 = TWidth.MultiplyAdd(x, b0, c00);
            c01 = TWidth.MultiplyAdd(x, b1, c01);
            x = TWidth.Create(a[row1]);
            c10 = TWidth.MultiplyAdd(x, b0, c10);
            c11 = TWidth.MultiplyAdd(x, b1, c11);
            x = TWidth.Create(a[row2]);
            c20 = TWidth.MultiplyAdd(x, b0, c20);
            c21 = TWidth.MultiplyAdd(x, b1, c21);
            x = TWidth.Create(a[row3]);
            c30 = TWidth.MultiplyAdd(x, b0, c30);
            c31 = TWidth.MultiplyAdd(x, b1, c31);
            a += aStep;
            b += bStep;
        }

        bool accumulate = tile.Accumulate;
        Write(accumulate, c00, c);
        Write(accumulate, c01, c + TWidth.Lanes);
        c += tile.CRow;
        Write(accumulate, c10, c);
        Write(accumulate, c11, c + TWidth.Lanes);
        c += tile.CRow;
        Write(accumulate, c20, c);
        Write(accumulate, c21, c + TWidth.Lanes);
        c += tile.CRow;
        Write(accumulate, c30, c);
        Write(accumulate, c31, c + TWidth.Lanes);
    }

    private static void Rows4Vectors1(in Tile tile, T* a, T* b, T* c, T* bias)
    {
        nint row1 = tile.ARow;
        nint row2 = 2 * row1;
        nint row3 = 3 * row1;
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TVector c00 = bias is null ? default : TWidth.Load(bias);
        TVector c10 = c00;
        TVector c20 = c00;
        TVector c30 = c00;
        for (nint k = tile.Depth; k > 0; k--)
        {
            TVector b0 = TWidth.Load(b);
            TVector x = TWidth.Create(*a);
            c00 = TWidth.MultiplyAdd(x, b0, c00);
            x = TWidth.Create(a[row1]);
            c10 = TWidth.MultiplyAdd(x, b0, c10);
            x = TWidth.Create(a[row2]);
            c20 = TWidth.MultiplyAdd(x, b0, c20);
            x = TWidth.Create(a[row3]);
            c30 = TWidth.MultiplyAdd(x, b0, c30);
            a += aStep;
            b += bStep;
        }

        bool accumulate = tile.Accumulate;
        Write(accumulate, c00, c);
        c += tile.CRow;
        Write(accumulate, c10, c);
        c += tile.CRow;
        Write(accumulate, c20, c);
        c += tile.CRow;
        Write(accumulate, c30, c);
    }

    private static void Rows2Vectors2(in Tile tile, T* a, T* b, T* c, T* bias)
    {
        nint row1 = tile.ARow;
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TVector c00 = bias is null ? default : TWidth.Load(bias);
        TVector c01 = bias is null ? default : TWidth.Load(bias + TWidth.Lanes);
        TVector c10 = c00;
        TVector c11 = c01;
        for (nint k = tile.Depth; k > 0; k--)
        {
            TVector b0 = TWidth.Load(b);
            TVector b1 = TWidth.Load(b + TWidth.Lanes);
            TVector x = TWidth.Create(*a);
            c00 = TWidth.MultiplyAdd(x, b0, c00);
            c01 = TWidth.MultiplyAdd(x, b1, c01);
            x = TWidth.Create(a[row1]);
            c10 = TWidth.MultiplyAdd(x, b0, c10);
            c11 = TWidth.MultiplyAdd(x, b1, c11);
            a += aStep;
            b += bStep;
        }

        bool accumulate = tile.Accumulate;
        Write(accumulate, c00, c);
        Write(accumulate, c01, c + TWidth.Lanes);
        c += tile.CRow;
        Write(accumulate, c10, c);
        Write(accumulate, c11, c + TWidth.Lanes);
    }

    private static void Rows2Vectors1(in Tile tile, T* a, T* b, T* c, T* bias)
    {
        nint row1 = tile.ARow;
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TVector c00 = bias is null ? default : TWidth.Load(bias);
        TVector c10 = c00;
        for (nint k = tile.Depth; k > 0; k--)
        {
            TVector b0 = TWidth.Load(b);
            TVector x = TWidth.Create(*a);
            c00 = TWidth.MultiplyAdd(x, b0, c00);
            x = TWidth.Create(a[row1]);
            c10 = TWidth.MultiplyAdd(x, b0, c10);
            a += aStep;
            b += bStep;
        }

        bool accumulate = tile.Accumulate;
        Write(accumulate, c00, c);
        c += tile.CRow;
        Write(accumulate, c10, c);
    }

    private static void Rows1Vectors2(in Tile tile, T* a, T* b, T* c, T* bias)
    {
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TVector c00 = bias is null ? default : TWidth.Load(bias);
        TVector c01 = bias is null ? default : TWidth.Load(bias + TWidth.Lanes);
        for (nint k = tile.Depth; k > 0; k--)
        {
            TVector b0 = TWidth.Load(b);
            TVector b1 = TWidth.Load(b + TWidth.Lanes);
            TVector x = TWidth.Create(*a);
            c00 = TWidth.MultiplyAdd(x, b0, c00);
            c01 = TWidth.MultiplyAdd(x, b1, c01);
            a += aStep;
            b += bStep;
        }

        bool accumulate = tile.Accumulate;
        Write(accumulate, c00, c);
        Write(accumulate, c01, c + TWidth.Lanes);
    }

    private static void Rows1Vectors1(in Tile tile, T* a, T* b, T* c, T* bias)
    {
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TVector c00 = bias is null ? default : TWidth.Load(bias);
        for (nint k = tile.Depth; k > 0; k--)
        {
            TVector b0 = TWidth.Load(b);
            TVector x = TWidth.Create(*a);
            c00 = TWidth.MultiplyAdd(x, b0, c00);
            a += aStep;
            b += bStep;
        }

        bool accumulate = tile.Accumulate;
        Write(accumulate, c00, c);
    }

    /// <summary>Strides in elements and the depth of the sum.</summary>
    internal readonly record struct Tile(nint Depth, nint ARow, nint AStep, nint BStep, nint CRow, bool Accumulate)
    {
        /// <summary>
        /// Bytes of eight rows of A (of C, when it accumulates), to be asked for two steps ahead; 0 for none.
        /// </summary>
        internal nint Ahead { get; init; }
    }
}
