using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Tiles one vector wide, for the last columns of an odd number of vectors.</summary>
internal static unsafe partial class MatrixTiles<TWidth, TVector, T>
    where TWidth : struct, IVectorWidth<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
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
}
