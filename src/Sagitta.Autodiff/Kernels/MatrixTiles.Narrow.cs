using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Tiles one vector wide, for the last columns of an odd number of vectors.</summary>
internal static unsafe partial class MatrixTiles<TLanes, T>
    where TLanes : unmanaged, ILanes<TLanes, T>
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
        TLanes c00 = bias is null ? default : TLanes.Load(bias);
        TLanes c10 = c00;
        TLanes c20 = c00;
        TLanes c30 = c00;
        TLanes c40 = c00;
        TLanes c50 = c00;
        TLanes c60 = c00;
        TLanes c70 = c00;
        for (nint k = tile.Depth; k > 0; k--)
        {
            TLanes b0 = TLanes.Load(b);
            TLanes x = TLanes.Broadcast(*a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            x = TLanes.Broadcast(a[row1]);
            c10 = TLanes.MultiplyAdd(x, b0, c10);
            x = TLanes.Broadcast(a[row2]);
            c20 = TLanes.MultiplyAdd(x, b0, c20);
            x = TLanes.Broadcast(a[row3]);
            c30 = TLanes.MultiplyAdd(x, b0, c30);
            x = TLanes.Broadcast(*upper);
            c40 = TLanes.MultiplyAdd(x, b0, c40);
            x = TLanes.Broadcast(upper[row1]);
            c50 = TLanes.MultiplyAdd(x, b0, c50);
            x = TLanes.Broadcast(upper[row2]);
            c60 = TLanes.MultiplyAdd(x, b0, c60);
            x = TLanes.Broadcast(upper[row3]);
            c70 = TLanes.MultiplyAdd(x, b0, c70);
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
        TLanes c00 = bias is null ? default : TLanes.Load(bias);
        TLanes c10 = c00;
        TLanes c20 = c00;
        TLanes c30 = c00;
        for (nint k = tile.Depth; k > 0; k--)
        {
            TLanes b0 = TLanes.Load(b);
            TLanes x = TLanes.Broadcast(*a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            x = TLanes.Broadcast(a[row1]);
            c10 = TLanes.MultiplyAdd(x, b0, c10);
            x = TLanes.Broadcast(a[row2]);
            c20 = TLanes.MultiplyAdd(x, b0, c20);
            x = TLanes.Broadcast(a[row3]);
            c30 = TLanes.MultiplyAdd(x, b0, c30);
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
        TLanes c00 = bias is null ? default : TLanes.Load(bias);
        TLanes c10 = c00;
        for (nint k = tile.Depth; k > 0; k--)
        {
            TLanes b0 = TLanes.Load(b);
            TLanes x = TLanes.Broadcast(*a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            x = TLanes.Broadcast(a[row1]);
            c10 = TLanes.MultiplyAdd(x, b0, c10);
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
        TLanes c00 = bias is null ? default : TLanes.Load(bias);
        for (nint k = tile.Depth; k > 0; k--)
        {
            TLanes b0 = TLanes.Load(b);
            TLanes x = TLanes.Broadcast(*a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            a += aStep;
            b += bStep;
        }

        bool accumulate = tile.Accumulate;
        Write(accumulate, c00, c);
    }
}
