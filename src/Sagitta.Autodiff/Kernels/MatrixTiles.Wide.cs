using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Tiles two vectors wide, of eight rows to one: sixteen sums in registers at most.</summary>
internal static unsafe partial class MatrixTiles<TLanes, T>
    where TLanes : unmanaged, ILanes<TLanes, T>
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
        TLanes c00 = bias is null ? default : TLanes.Load(bias);
        TLanes c01 = bias is null ? default : TLanes.Load(bias + TLanes.Count);
        TLanes c10 = c00;
        TLanes c11 = c01;
        TLanes c20 = c00;
        TLanes c21 = c01;
        TLanes c30 = c00;
        TLanes c31 = c01;
        TLanes c40 = c00;
        TLanes c41 = c01;
        TLanes c50 = c00;
        TLanes c51 = c01;
        TLanes c60 = c00;
        TLanes c61 = c01;
        TLanes c70 = c00;
        TLanes c71 = c01;
        for (nint k = tile.Depth; k > 0; k--)
        {
            TLanes b0 = TLanes.Load(b);
            TLanes b1 = TLanes.Load(b + TLanes.Count);
            TLanes x = TLanes.Broadcast(*a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = TLanes.MultiplyAdd(x, b1, c01);
            x = TLanes.Broadcast(a[row1]);
            c10 = TLanes.MultiplyAdd(x, b0, c10);
            c11 = TLanes.MultiplyAdd(x, b1, c11);
            x = TLanes.Broadcast(a[row2]);
            c20 = TLanes.MultiplyAdd(x, b0, c20);
            c21 = TLanes.MultiplyAdd(x, b1, c21);
            x = TLanes.Broadcast(a[row3]);
            c30 = TLanes.MultiplyAdd(x, b0, c30);
            c31 = TLanes.MultiplyAdd(x, b1, c31);
            x = TLanes.Broadcast(*upper);
            c40 = TLanes.MultiplyAdd(x, b0, c40);
            c41 = TLanes.MultiplyAdd(x, b1, c41);
            x = TLanes.Broadcast(upper[row1]);
            c50 = TLanes.MultiplyAdd(x, b0, c50);
            c51 = TLanes.MultiplyAdd(x, b1, c51);
            x = TLanes.Broadcast(upper[row2]);
            c60 = TLanes.MultiplyAdd(x, b0, c60);
            c61 = TLanes.MultiplyAdd(x, b1, c61);
            x = TLanes.Broadcast(upper[row3]);
            c70 = TLanes.MultiplyAdd(x, b0, c70);
            c71 = TLanes.MultiplyAdd(x, b1, c71);
            a += aStep;
            upper += aStep;
            b += bStep;
        }

        bool accumulate = tile.Accumulate;
        Write(accumulate, c00, c);
        Write(accumulate, c01, c + TLanes.Count);
        c += tile.CRow;
        Write(accumulate, c10, c);
        Write(accumulate, c11, c + TLanes.Count);
        c += tile.CRow;
        Write(accumulate, c20, c);
        Write(accumulate, c21, c + TLanes.Count);
        c += tile.CRow;
        Write(accumulate, c30, c);
        Write(accumulate, c31, c + TLanes.Count);
        c += tile.CRow;
        Write(accumulate, c40, c);
        Write(accumulate, c41, c + TLanes.Count);
        c += tile.CRow;
        Write(accumulate, c50, c);
        Write(accumulate, c51, c + TLanes.Count);
        c += tile.CRow;
        Write(accumulate, c60, c);
        Write(accumulate, c61, c + TLanes.Count);
        c += tile.CRow;
        Write(accumulate, c70, c);
        Write(accumulate, c71, c + TLanes.Count);
    }

    private static void Rows4Vectors2(in Tile tile, T* a, T* b, T* c, T* bias)
    {
        nint row1 = tile.ARow;
        nint row2 = 2 * row1;
        nint row3 = 3 * row1;
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TLanes c00 = bias is null ? default : TLanes.Load(bias);
        TLanes c01 = bias is null ? default : TLanes.Load(bias + TLanes.Count);
        TLanes c10 = c00;
        TLanes c11 = c01;
        TLanes c20 = c00;
        TLanes c21 = c01;
        TLanes c30 = c00;
        TLanes c31 = c01;
        for (nint k = tile.Depth; k > 0; k--)
        {
            TLanes b0 = TLanes.Load(b);
            TLanes b1 = TLanes.Load(b + TLanes.Count);
            TLanes x = TLanes.Broadcast(*a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = TLanes.MultiplyAdd(x, b1, c01);
            x = TLanes.Broadcast(a[row1]);
            c10 = TLanes.MultiplyAdd(x, b0, c10);
            c11 = TLanes.MultiplyAdd(x, b1, c11);
            x = TLanes.Broadcast(a[row2]);
            c20 = TLanes.MultiplyAdd(x, b0, c20);
            c21 = TLanes.MultiplyAdd(x, b1, c21);
            x = TLanes.Broadcast(a[row3]);
            c30 = TLanes.MultiplyAdd(x, b0, c30);
            c31 = TLanes.MultiplyAdd(x, b1, c31);
            a += aStep;
            b += bStep;
        }

        bool accumulate = tile.Accumulate;
        Write(accumulate, c00, c);
        Write(accumulate, c01, c + TLanes.Count);
        c += tile.CRow;
        Write(accumulate, c10, c);
        Write(accumulate, c11, c + TLanes.Count);
        c += tile.CRow;
        Write(accumulate, c20, c);
        Write(accumulate, c21, c + TLanes.Count);
        c += tile.CRow;
        Write(accumulate, c30, c);
        Write(accumulate, c31, c + TLanes.Count);
    }

    private static void Rows2Vectors2(in Tile tile, T* a, T* b, T* c, T* bias)
    {
        nint row1 = tile.ARow;
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TLanes c00 = bias is null ? default : TLanes.Load(bias);
        TLanes c01 = bias is null ? default : TLanes.Load(bias + TLanes.Count);
        TLanes c10 = c00;
        TLanes c11 = c01;
        for (nint k = tile.Depth; k > 0; k--)
        {
            TLanes b0 = TLanes.Load(b);
            TLanes b1 = TLanes.Load(b + TLanes.Count);
            TLanes x = TLanes.Broadcast(*a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = TLanes.MultiplyAdd(x, b1, c01);
            x = TLanes.Broadcast(a[row1]);
            c10 = TLanes.MultiplyAdd(x, b0, c10);
            c11 = TLanes.MultiplyAdd(x, b1, c11);
            a += aStep;
            b += bStep;
        }

        bool accumulate = tile.Accumulate;
        Write(accumulate, c00, c);
        Write(accumulate, c01, c + TLanes.Count);
        c += tile.CRow;
        Write(accumulate, c10, c);
        Write(accumulate, c11, c + TLanes.Count);
    }

    private static void Rows1Vectors2(in Tile tile, T* a, T* b, T* c, T* bias)
    {
        nint aStep = tile.AStep;
        nint bStep = tile.BStep;
        TLanes c00 = bias is null ? default : TLanes.Load(bias);
        TLanes c01 = bias is null ? default : TLanes.Load(bias + TLanes.Count);
        for (nint k = tile.Depth; k > 0; k--)
        {
            TLanes b0 = TLanes.Load(b);
            TLanes b1 = TLanes.Load(b + TLanes.Count);
            TLanes x = TLanes.Broadcast(*a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = TLanes.MultiplyAdd(x, b1, c01);
            a += aStep;
            b += bStep;
        }

        bool accumulate = tile.Accumulate;
        Write(accumulate, c00, c);
        Write(accumulate, c01, c + TLanes.Count);
    }
}
