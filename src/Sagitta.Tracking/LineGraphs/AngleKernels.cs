using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>The table of encoded angles times the first layer's weights, interpolation in it, and both gradients.</summary>
internal static unsafe class AngleKernels<TRow, T>
    where TRow : unmanaged, ILanes<TRow, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Links of a tile.</summary>
    public const int Links = 32;

    private const int Width = 16;

    /// <summary>Product of the centred table of encodings with the weights: 2 x nodes rows, nodes being a multiple of 4.</summary>
    public static void TableRows(T* table, int nodes, T* mean, T* weights, T* rows)
    {
        T* centred = stackalloc T[8 * AngleEncoding.Width];
        for (int row = 0; row < 2 * nodes; row += 8)
        {
            Centre(table + ((long)row * AngleEncoding.Width), mean, centred);
            Centre(table + ((long)(row + 4) * AngleEncoding.Width), mean, centred + (4 * AngleEncoding.Width));
            TRow a = default;
            TRow b = default;
            TRow c = default;
            TRow d = default;
            TRow e = default;
            TRow f = default;
            TRow g = default;
            TRow h = default;
            T* from = centred;
            for (int k = 0; k < AngleEncoding.Width; k++, from++)
            {
                TRow w = TRow.Load(weights + (k * Width));
                a = TRow.FusedMultiplyAdd(from, w, a);
                b = TRow.FusedMultiplyAdd(from + AngleEncoding.Width, w, b);
                c = TRow.FusedMultiplyAdd(from + (2 * AngleEncoding.Width), w, c);
                d = TRow.FusedMultiplyAdd(from + (3 * AngleEncoding.Width), w, d);
                e = TRow.FusedMultiplyAdd(from + (4 * AngleEncoding.Width), w, e);
                f = TRow.FusedMultiplyAdd(from + (5 * AngleEncoding.Width), w, f);
                g = TRow.FusedMultiplyAdd(from + (6 * AngleEncoding.Width), w, g);
                h = TRow.FusedMultiplyAdd(from + (7 * AngleEncoding.Width), w, h);
            }

            T* to = rows + ((long)row * Width);
            TRow.Store(a, to);
            TRow.Store(b, to + Width);
            TRow.Store(c, to + (2 * Width));
            TRow.Store(d, to + (3 * Width));
            TRow.Store(e, to + (4 * Width));
            TRow.Store(f, to + (5 * Width));
            TRow.Store(g, to + (6 * Width));
            TRow.Store(h, to + (7 * Width));
        }
    }

    /// <summary>Gradient of <see cref="TableRows"/>: sums[k] += sum over rows of centred table times row gradient, 128 rows of
    /// doubles.</summary>
    public static void TableGradient(T* table, int nodes, T* mean, T* gradients, double* sums)
    {
        const int TileRows = 64;
        T* tile = stackalloc T[TileRows * AngleEncoding.Width];
        T* products = stackalloc T[AngleEncoding.Width * Width];
        for (int first = 0; first < 2 * nodes; first += TileRows)
        {
            int count = Math.Min(TileRows, (2 * nodes) - first);
            for (int r = 0; r < count; r += 4)
            {
                Centre(table + ((long)(first + r) * AngleEncoding.Width), mean, tile + (r * AngleEncoding.Width));
            }

            RowKernels<TRow, T>.Outer(tile, AngleEncoding.Width, AngleEncoding.Width, gradients + ((long)first * Width), count, products);
            RowKernels<TRow, T>.Take(products, AngleEncoding.Width, sums);
        }
    }

    /// <summary>Weights of the four rows that <see cref="Interpolate"/> adds, of up to 32 links: 4 x 32 numbers. They are the cubic Hermite
    /// polynomials of the links' positions between two nodes.</summary>
    public static void Blends(float* positions, int links, T* blends)
    {
        if (typeof(T) == typeof(float))
        {
            new ReadOnlySpan<float>(positions, links).CopyTo(new((float*)(void*)blends, links));
        }
        else
        {
            for (int link = 0; link < links; link++)
            {
                blends[link] = T.CreateTruncating(positions[link]);
            }
        }

        TRow one = TRow.Broadcast(T.One);
        TRow three = TRow.Broadcast(T.CreateTruncating(3));
        for (int link = 0; link < links; link += Width)
        {
            T* blend = blends + link;
            TRow t = TRow.Load(blend);
            TRow square = t * t;
            TRow rise = square * (three - t - t);
            TRow back = one - t;
            TRow.Store(one - rise, blend);
            TRow.Store(t * back * back, blend + Links);
            TRow.Store(rise, blend + (2 * Links));
            TRow.Store(square * (t - one), blend + (3 * Links));
        }
    }

    /// <summary>A row between two nodes from their value and slope rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRow Interpolate(T* rows, T* blend)
    {
        TRow sum = TRow.Broadcast(*blend) * TRow.Load(rows);
        sum = TRow.FusedMultiplyAdd(blend + Links, TRow.Load(rows + Width), sum);
        sum = TRow.FusedMultiplyAdd(blend + (2 * Links), TRow.Load(rows + (2 * Width)), sum);
        return TRow.FusedMultiplyAdd(blend + (3 * Links), TRow.Load(rows + (3 * Width)), sum);
    }

    /// <summary>Gradient of <see cref="Interpolate"/>, added to the value and slope rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SpreadInterpolation(T* rows, T* blend, TRow gradient)
    {
        Spread(rows, blend, gradient);
        Spread(rows + Width, blend + Links, gradient);
        Spread(rows + (2 * Width), blend + (2 * Links), gradient);
        Spread(rows + (3 * Width), blend + (3 * Links), gradient);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(T* row, T* weight, TRow gradient) =>
        TRow.Store(TRow.FusedMultiplyAdd(weight, gradient, TRow.Load(row)), row);

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
