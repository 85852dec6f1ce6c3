using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Tiles two vectors wide, of eight rows to one: sixteen sums in registers at most.</summary>
internal static unsafe partial class MatrixTiles<TWidth, TVector, T>
    where TWidth : struct, IVectorWidth<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
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
}
