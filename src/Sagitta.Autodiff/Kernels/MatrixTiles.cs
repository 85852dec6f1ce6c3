using System.Numerics;
using System.Runtime.CompilerServices;

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
    /// <summary>
    /// All rows and columns. Rows of B (and bias) must be readable up to a whole number of vectors; C is written only where valid.
    /// </summary>
    internal static void Multiply(int rows, int columns, in Tile tile, T* a, T* b, T* c, T* bias)
    {
        int lanes = TWidth.Lanes;
        int tall = TWidth.HasManyRegisters ? 8 : 4;
        for (int row = 0; row < rows;)
        {
            int left = rows - row;
            T* aRow = a + (row * tile.ARow);
            T* cRow = c + (row * tile.CRow);
            int height = left >= 8 ? 8 : left >= 4 ? 4 : 1;
            for (int column = 0; column < columns;)
            {
                int valid = columns - column;
                T* bColumn = b + column;
                T* cColumn = cRow + column;
                T* biasColumn = bias is null ? null : bias + column;
                if (valid > lanes)
                {
                    switch (height)
                    {
                        case 8 when tall == 8:
                            Rows8Vectors2(tile, aRow, bColumn, cColumn, biasColumn, valid);
                            break;
                        case 8:
                            Rows4Vectors2(tile, aRow, bColumn, cColumn, biasColumn, valid);
                            Rows4Vectors2(tile, aRow + (4 * tile.ARow), bColumn, cColumn + (4 * tile.CRow), biasColumn, valid);
                            break;
                        case 4:
                            Rows4Vectors2(tile, aRow, bColumn, cColumn, biasColumn, valid);
                            break;
                        default:
                            Rows1Vectors2(tile, aRow, bColumn, cColumn, biasColumn, valid);
                            break;
                    }

                    column += 2 * lanes;
                }
                else
                {
                    switch (height)
                    {
                        case 8:
                            Rows8Vectors1(tile, aRow, bColumn, cColumn, biasColumn, valid);
                            break;
                        case 4:
                            Rows4Vectors1(tile, aRow, bColumn, cColumn, biasColumn, valid);
                            break;
                        default:
                            Rows1Vectors1(tile, aRow, bColumn, cColumn, biasColumn, valid);
                            break;
                    }

                    column += lanes;
                }
            }

            row += height;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(bool accumulate, TVector value, T* target, int valid)
    {
        if (valid >= TWidth.Lanes)
        {
            TWidth.Store(accumulate ? TWidth.Add(TWidth.Load(target), value) : value, target);
        }
        else
        {
            WritePart(accumulate, value, target, valid);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WritePart(bool accumulate, TVector value, T* target, int valid)
    {
        T* lane = (T*)&value;
        for (int i = 0; i < valid; i++)
        {
            target[i] = accumulate ? target[i] + lane[i] : lane[i];
        }
    }

    private static void Rows8Vectors2(in Tile tile, T* a, T* b, T* c, T* bias, int valid)
    {
        nint row1 = tile.ARow;
        nint row2 = 2 * row1;
        nint row3 = 3 * row1;
        T* upper = a + (4 * row1);
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TVector start0 = bias is null ? default : TWidth.Load(bias);
        TVector start1 = bias is null ? default : TWidth.Load(bias + TWidth.Lanes);
        TVector c00 = start0;
        TVector c01 = start1;
        TVector c10 = start0;
        TVector c11 = start1;
        TVector c20 = start0;
        TVector c21 = start1;
        TVector c30 = start0;
        TVector c31 = start1;
        TVector c40 = start0;
        TVector c41 = start1;
        TVector c50 = start0;
        TVector c51 = start1;
        TVector c60 = start0;
        TVector c61 = start1;
        TVector c70 = start0;
        TVector c71 = start1;
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

        nint cRow = tile.CRow;
        Write(tile.Accumulate, c00, c, valid);
        Write(tile.Accumulate, c01, c + TWidth.Lanes, valid - TWidth.Lanes);
        Write(tile.Accumulate, c10, c + cRow, valid);
        Write(tile.Accumulate, c11, c + cRow + TWidth.Lanes, valid - TWidth.Lanes);
        Write(tile.Accumulate, c20, c + (2 * cRow), valid);
        Write(tile.Accumulate, c21, c + (2 * cRow) + TWidth.Lanes, valid - TWidth.Lanes);
        Write(tile.Accumulate, c30, c + (3 * cRow), valid);
        Write(tile.Accumulate, c31, c + (3 * cRow) + TWidth.Lanes, valid - TWidth.Lanes);
        Write(tile.Accumulate, c40, c + (4 * cRow), valid);
        Write(tile.Accumulate, c41, c + (4 * cRow) + TWidth.Lanes, valid - TWidth.Lanes);
        Write(tile.Accumulate, c50, c + (5 * cRow), valid);
        Write(tile.Accumulate, c51, c + (5 * cRow) + TWidth.Lanes, valid - TWidth.Lanes);
        Write(tile.Accumulate, c60, c + (6 * cRow), valid);
        Write(tile.Accumulate, c61, c + (6 * cRow) + TWidth.Lanes, valid - TWidth.Lanes);
        Write(tile.Accumulate, c70, c + (7 * cRow), valid);
        Write(tile.Accumulate, c71, c + (7 * cRow) + TWidth.Lanes, valid - TWidth.Lanes);
    }

    private static void Rows8Vectors1(in Tile tile, T* a, T* b, T* c, T* bias, int valid)
    {
        nint row1 = tile.ARow;
        nint row2 = 2 * row1;
        nint row3 = 3 * row1;
        T* upper = a + (4 * row1);
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TVector start0 = bias is null ? default : TWidth.Load(bias);
        TVector c00 = start0;
        TVector c10 = start0;
        TVector c20 = start0;
        TVector c30 = start0;
        TVector c40 = start0;
        TVector c50 = start0;
        TVector c60 = start0;
        TVector c70 = start0;
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

        nint cRow = tile.CRow;
        Write(tile.Accumulate, c00, c, valid);
        Write(tile.Accumulate, c10, c + cRow, valid);
        Write(tile.Accumulate, c20, c + (2 * cRow), valid);
        Write(tile.Accumulate, c30, c + (3 * cRow), valid);
        Write(tile.Accumulate, c40, c + (4 * cRow), valid);
        Write(tile.Accumulate, c50, c + (5 * cRow), valid);
        Write(tile.Accumulate, c60, c + (6 * cRow), valid);
        Write(tile.Accumulate, c70, c + (7 * cRow), valid);
    }

    private static void Rows4Vectors2(in Tile tile, T* a, T* b, T* c, T* bias, int valid)
    {
        nint row1 = tile.ARow;
        nint row2 = 2 * row1;
        nint row3 = 3 * row1;
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TVector start0 = bias is null ? default : TWidth.Load(bias);
        TVector start1 = bias is null ? default : TWidth.Load(bias + TWidth.Lanes);
        TVector c00 = start0;
        TVector c01 = start1;
        TVector c10 = start0;
        TVector c11 = start1;
        TVector c20 = start0;
        TVector c21 = start1;
        TVector c30 = start0;
        TVector c31 = start1;
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

        nint cRow = tile.CRow;
        Write(tile.Accumulate, c00, c, valid);
        Write(tile.Accumulate, c01, c + TWidth.Lanes, valid - TWidth.Lanes);
        Write(tile.Accumulate, c10, c + cRow, valid);
        Write(tile.Accumulate, c11, c + cRow + TWidth.Lanes, valid - TWidth.Lanes);
        Write(tile.Accumulate, c20, c + (2 * cRow), valid);
        Write(tile.Accumulate, c21, c + (2 * cRow) + TWidth.Lanes, valid - TWidth.Lanes);
        Write(tile.Accumulate, c30, c + (3 * cRow), valid);
        Write(tile.Accumulate, c31, c + (3 * cRow) + TWidth.Lanes, valid - TWidth.Lanes);
    }

    private static void Rows4Vectors1(in Tile tile, T* a, T* b, T* c, T* bias, int valid)
    {
        nint row1 = tile.ARow;
        nint row2 = 2 * row1;
        nint row3 = 3 * row1;
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TVector start0 = bias is null ? default : TWidth.Load(bias);
        TVector c00 = start0;
        TVector c10 = start0;
        TVector c20 = start0;
        TVector c30 = start0;
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

        nint cRow = tile.CRow;
        Write(tile.Accumulate, c00, c, valid);
        Write(tile.Accumulate, c10, c + cRow, valid);
        Write(tile.Accumulate, c20, c + (2 * cRow), valid);
        Write(tile.Accumulate, c30, c + (3 * cRow), valid);
    }

    private static void Rows1Vectors2(in Tile tile, T* a, T* b, T* c, T* bias, int valid)
    {
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TVector start0 = bias is null ? default : TWidth.Load(bias);
        TVector start1 = bias is null ? default : TWidth.Load(bias + TWidth.Lanes);
        TVector c00 = start0;
        TVector c01 = start1;
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

        Write(tile.Accumulate, c00, c, valid);
        Write(tile.Accumulate, c01, c + TWidth.Lanes, valid - TWidth.Lanes);
    }

    private static void Rows1Vectors1(in Tile tile, T* a, T* b, T* c, T* bias, int valid)
    {
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TVector start0 = bias is null ? default : TWidth.Load(bias);
        TVector c00 = start0;
        for (nint k = tile.Depth; k > 0; k--)
        {
            TVector b0 = TWidth.Load(b);
            TVector x = TWidth.Create(*a);
            c00 = TWidth.MultiplyAdd(x, b0, c00);
            a += aStep;
            b += bStep;
        }

        Write(tile.Accumulate, c00, c, valid);
    }

    /// <summary>Strides in elements and the depth of the sum.</summary>
    internal readonly record struct Tile(nint Depth, nint ARow, nint AStep, nint BStep, nint CRow, bool Accumulate);
}
