using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>The table of encoded angles times the first layer's weights, interpolation in it, and both gradients.</summary>
internal static unsafe class AngleKernels<TRow, T>
    where TRow : unmanaged, ILanes<TRow, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Width = 16;

    /// <summary>Product of the centred table of encodings with the weights: 2 x nodes rows.</summary>
    public static void TableRows(T* table, int nodes, T* mean, T* weights, T* rows)
    {
        T* centred = stackalloc T[4 * AngleEncoding.Width];
        for (int row = 0; row < 2 * nodes; row += 4)
        {
            Centre(table + ((long)row * AngleEncoding.Width), mean, centred);
            TRow a = default;
            TRow b = default;
            TRow c = default;
            TRow d = default;
            for (int k = 0; k < AngleEncoding.Width; k++)
            {
                TRow w = TRow.Load(weights + (k * Width));
                a = TRow.FusedMultiplyAdd(TRow.Broadcast(centred[k]), w, a);
                b = TRow.FusedMultiplyAdd(TRow.Broadcast(centred[AngleEncoding.Width + k]), w, b);
                c = TRow.FusedMultiplyAdd(TRow.Broadcast(centred[(2 * AngleEncoding.Width) + k]), w, c);
                d = TRow.FusedMultiplyAdd(TRow.Broadcast(centred[(3 * AngleEncoding.Width) + k]), w, d);
            }

            T* to = rows + ((long)row * Width);
            TRow.Store(a, to);
            TRow.Store(b, to + Width);
            TRow.Store(c, to + (2 * Width));
            TRow.Store(d, to + (3 * Width));
        }
    }

    /// <summary>Gradient of <see cref="TableRows"/>: sums[k] += sum over rows of centred table times row gradient, 128 rows of
    /// doubles.</summary>
    public static void TableGradient(T* table, int nodes, T* mean, T* gradients, double* sums)
    {
        const int TileRows = 64;
        T* tile = stackalloc T[TileRows * AngleEncoding.Width];
        for (int first = 0; first < 2 * nodes; first += TileRows)
        {
            int count = Math.Min(TileRows, (2 * nodes) - first);
            for (int r = 0; r < count; r += 4)
            {
                Centre(table + ((long)(first + r) * AngleEncoding.Width), mean, tile + (r * AngleEncoding.Width));
            }

            RowKernels<TRow, T>.Outer(tile, AngleEncoding.Width, AngleEncoding.Width, gradients + ((long)first * Width), count, sums);
        }
    }

    /// <summary>A row between two nodes: cubic Hermite polynomials of value and slope rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRow Interpolate(T* rows, float position)
    {
        T t = T.CreateTruncating(position);
        T square = t * t;
        T rise = square * (T.CreateTruncating(3) - t - t);
        T back = T.One - t;
        TRow sum = TRow.Broadcast(T.One - rise) * TRow.Load(rows);
        sum = TRow.FusedMultiplyAdd(TRow.Broadcast(t * back * back), TRow.Load(rows + Width), sum);
        sum = TRow.FusedMultiplyAdd(TRow.Broadcast(rise), TRow.Load(rows + (2 * Width)), sum);
        return TRow.FusedMultiplyAdd(TRow.Broadcast(-square * back), TRow.Load(rows + (3 * Width)), sum);
    }

    /// <summary>Gradient of <see cref="Interpolate"/>, added to the value and slope rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SpreadInterpolation(T* rows, float position, TRow gradient)
    {
        T t = T.CreateTruncating(position);
        T square = t * t;
        T rise = square * (T.CreateTruncating(3) - t - t);
        T back = T.One - t;
        Spread(rows, T.One - rise, gradient);
        Spread(rows + Width, t * back * back, gradient);
        Spread(rows + (2 * Width), rise, gradient);
        Spread(rows + (3 * Width), -square * back, gradient);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(T* row, T weight, TRow gradient) =>
        TRow.Store(TRow.FusedMultiplyAdd(TRow.Broadcast(weight), gradient, TRow.Load(row)), row);

    // Centres four rows of the table: the values (even rows) only, slopes have no constant part.
    private static void Centre(T* table, T* mean, T* centred)
    {
        for (int k = 0; k < AngleEncoding.Width; k += Width)
        {
            TRow shift = TRow.Load(mean + k);
            TRow.Store(TRow.Load(table + k) - shift, centred + k);
            TRow.Store(TRow.Load(table + AngleEncoding.Width + k), centred + AngleEncoding.Width + k);
            TRow.Store(TRow.Load(table + (2 * AngleEncoding.Width) + k) - shift, centred + (2 * AngleEncoding.Width) + k);
            TRow.Store(TRow.Load(table + (3 * AngleEncoding.Width) + k), centred + (3 * AngleEncoding.Width) + k);
        }
    }
}
