using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>Loops over rows of 16 numbers that know nothing of links. Every row is computed the same way wherever a tile begins.</summary>
internal static unsafe class RowKernels<TRow, T>
    where TRow : unmanaged, ILanes<TRow, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Width = 16;

    // What is asked for ahead of a walk over a whole frame's rows: a tile of links, 64 rows of 16 floats, is one page of memory, and
    // hardware does not look beyond a page.
    private const int RowsAhead = 64;

    /// <summary>rows[r] = bias + sum over f of (x[r, f] - mean[f]) weights[f].</summary>
    public static void NodeRows(T* x, int count, int features, T* mean, T* weights, TRow bias, T* rows)
    {
        for (int r = 0; r < count; r++)
        {
            TRow sum = bias;
            for (int f = 0; f < features; f++)
            {
                sum = TRow.FusedMultiplyAdd(TRow.Broadcast(x[(r * features) + f] - mean[f]), TRow.Load(weights + (f * Width)), sum);
            }

            TRow.Store(sum, rows + ((long)r * Width));
        }
    }

    /// <summary>y[r] = bias + x[r] W, in place if x is y; a null bias is zero. On request the result is rectified, and its sums and
    /// sums of squares are added to 2 x 16 doubles unless <paramref name="moments"/> is null. <paramref name="stream"/> is x or y where
    /// these are part of the rows of a whole frame, of which no cache holds the next.</summary>
    public static void Product(T* x, T* weights, T* bias, T* y, int rows, bool rectified = false, double* moments = null,
        T* stream = null)
    {
        TRow start = bias is null ? default : TRow.Load(bias);
        TRow sum = default;
        TRow square = default;
        int r = 0;
        for (; r + 16 <= rows; r += 16, x += 16 * Width, y += 16 * Width)
        {
            if (stream is not null)
            {
                MatrixTiles<TRow, T>.Fetch((byte*)(stream + ((r + RowsAhead) * Width)), 16 * Width * sizeof(T));
            }

            TRow a = start, b = start, c = start, d = start, e = start, f = start, g = start, h = start;
            TRow i = start, j = start, k = start, l = start, m = start, n = start, o = start, p = start;
            T* from = x;
            T* weight = weights;
            for (int terms = Width; terms > 0; terms--, from++, weight += Width)
            {
                TRow w = TRow.Load(weight);
                a = TRow.FusedMultiplyAdd(from, w, a);
                b = TRow.FusedMultiplyAdd(from + Width, w, b);
                c = TRow.FusedMultiplyAdd(from + (2 * Width), w, c);
                d = TRow.FusedMultiplyAdd(from + (3 * Width), w, d);
                e = TRow.FusedMultiplyAdd(from + (4 * Width), w, e);
                f = TRow.FusedMultiplyAdd(from + (5 * Width), w, f);
                g = TRow.FusedMultiplyAdd(from + (6 * Width), w, g);
                h = TRow.FusedMultiplyAdd(from + (7 * Width), w, h);
                i = TRow.FusedMultiplyAdd(from + (8 * Width), w, i);
                j = TRow.FusedMultiplyAdd(from + (9 * Width), w, j);
                k = TRow.FusedMultiplyAdd(from + (10 * Width), w, k);
                l = TRow.FusedMultiplyAdd(from + (11 * Width), w, l);
                m = TRow.FusedMultiplyAdd(from + (12 * Width), w, m);
                n = TRow.FusedMultiplyAdd(from + (13 * Width), w, n);
                o = TRow.FusedMultiplyAdd(from + (14 * Width), w, o);
                p = TRow.FusedMultiplyAdd(from + (15 * Width), w, p);
            }

            End(a, y, rectified, moments, ref sum, ref square);
            End(b, y + Width, rectified, moments, ref sum, ref square);
            End(c, y + (2 * Width), rectified, moments, ref sum, ref square);
            End(d, y + (3 * Width), rectified, moments, ref sum, ref square);
            End(e, y + (4 * Width), rectified, moments, ref sum, ref square);
            End(f, y + (5 * Width), rectified, moments, ref sum, ref square);
            End(g, y + (6 * Width), rectified, moments, ref sum, ref square);
            End(h, y + (7 * Width), rectified, moments, ref sum, ref square);
            End(i, y + (8 * Width), rectified, moments, ref sum, ref square);
            End(j, y + (9 * Width), rectified, moments, ref sum, ref square);
            End(k, y + (10 * Width), rectified, moments, ref sum, ref square);
            End(l, y + (11 * Width), rectified, moments, ref sum, ref square);
            End(m, y + (12 * Width), rectified, moments, ref sum, ref square);
            End(n, y + (13 * Width), rectified, moments, ref sum, ref square);
            End(o, y + (14 * Width), rectified, moments, ref sum, ref square);
            End(p, y + (15 * Width), rectified, moments, ref sum, ref square);
        }

        for (; r < rows; r++, x += Width, y += Width)
        {
            TRow a = start;
            for (int k = 0; k < Width; k++)
            {
                a = TRow.FusedMultiplyAdd(x + k, TRow.Load(weights + (k * Width)), a);
            }

            End(a, y, rectified, moments, ref sum, ref square);
        }

        if (moments is not null)
        {
            TRow.AddWidened(sum, moments);
            TRow.AddWidened(square, moments + Width);
        }
    }

    /// <summary>products[k] (a row) += sum over r of x[r, k] gradient[r], for k below <paramref name="columns"/>, a multiple of
    /// 8.</summary>
    public static void Outer(T* x, int stride, int columns, T* gradients, int rows, T* products)
    {
        T* to = products;
        for (int k = 0; k < columns; k += 8, to += 8 * Width)
        {
            TRow a = TRow.Load(to);
            TRow b = TRow.Load(to + Width);
            TRow c = TRow.Load(to + (2 * Width));
            TRow d = TRow.Load(to + (3 * Width));
            TRow e = TRow.Load(to + (4 * Width));
            TRow f = TRow.Load(to + (5 * Width));
            TRow g = TRow.Load(to + (6 * Width));
            TRow h = TRow.Load(to + (7 * Width));
            T* left = x + k;
            T* right = gradients;
            for (int r = 0; r < rows; r++, left += stride, right += Width)
            {
                TRow row = TRow.Load(right);
                a = TRow.FusedMultiplyAdd(left, row, a);
                b = TRow.FusedMultiplyAdd(left + 1, row, b);
                c = TRow.FusedMultiplyAdd(left + 2, row, c);
                d = TRow.FusedMultiplyAdd(left + 3, row, d);
                e = TRow.FusedMultiplyAdd(left + 4, row, e);
                f = TRow.FusedMultiplyAdd(left + 5, row, f);
                g = TRow.FusedMultiplyAdd(left + 6, row, g);
                h = TRow.FusedMultiplyAdd(left + 7, row, h);
            }

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

    /// <summary>Adds rows of products to rows of doubles and clears them.</summary>
    public static void Take(T* products, int rows, double* sums)
    {
        for (int i = 0; i < rows * Width; i += Width)
        {
            TRow.AddWidened(TRow.Load(products + i), sums + i);
            TRow.Store(default, products + i);
        }
    }

    /// <summary>sums += sum over r of x[r].</summary>
    public static void ColumnSums(T* x, int rows, double* sums)
    {
        TRow sum = default;
        for (int r = 0; r < rows; r++, x += Width)
        {
            sum += TRow.Load(x);
        }

        TRow.AddWidened(sum, sums);
    }

    /// <summary>y[r] = (x[r] - mean) inverse, in place if x is y.</summary>
    public static void Normalise(T* x, int rows, TRow mean, TRow inverse, T* y)
    {
        for (int r = 0; r < rows; r++, x += Width, y += Width)
        {
            TRow.Store((TRow.Load(x) - mean) * inverse, y);
        }
    }

    /// <summary>What every row of rectified values x feels of the means that normalised it: y[r] = -meanGradient - normalised
    /// meanProduct.</summary>
    public static void NormalisationMeans(T* x, int rows, TRow mean, TRow inverse, TRow meanGradient, TRow meanProduct, T* y)
    {
        for (int r = 0; r < rows; r++, x += Width, y += Width)
        {
            MatrixTiles<TRow, T>.Fetch((byte*)(x + (RowsAhead * Width)), Width * sizeof(T));
            TRow.Store(default(TRow) - meanGradient - ((TRow.Load(x) - mean) * inverse * meanProduct), y);
        }
    }

    /// <summary>x[r] = leaky'(x[r]) scale dy[r], where x holds rectified values; sums += sum over r of the result.</summary>
    public static void RectifierGradient(T* x, int rows, TRow scale, T* dy, double* sums)
    {
        TRow sum = default;
        for (int r = 0; r < rows; r++, x += Width, dy += Width)
        {
            TRow gradient = LeakyGradient(TRow.Load(x), scale * TRow.Load(dy));
            TRow.Store(gradient, x);
            sum += gradient;
        }

        TRow.AddWidened(sum, sums);
    }

    /// <summary>
    /// Gradient through batch normalisation and rectifier, of whose value x holds rows: leaky'(x) scale (dy - meanGradient - normalised
    /// meanProduct), in place of dy.
    /// </summary>
    public static void NormalisationGradient(T* x, int rows, TRow mean, TRow inverse, TRow scale, TRow meanGradient, TRow meanProduct,
        T* dy)
    {
        for (int r = 0; r < rows; r++, x += Width, dy += Width)
        {
            TRow value = TRow.Load(x);
            TRow gradient = scale * (TRow.Load(dy) - meanGradient - ((value - mean) * inverse * meanProduct));
            TRow.Store(LeakyGradient(value, gradient), dy);
        }
    }

    /// <summary>Leaky rectifier of slope 0.01.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRow Leaky(TRow x) => TRow.Max(x, x * TRow.Broadcast(T.CreateTruncating(0.01)));

    /// <summary>Gradient of <see cref="Leaky"/> at x, or where it is x, times dy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRow LeakyGradient(TRow x, TRow dy) => TRow.Select(TRow.Positive(x), dy, dy * TRow.Broadcast(T.CreateTruncating(0.01)));

    /// <summary>values += row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(T* values, TRow row) => TRow.Store(TRow.Load(values) + row, values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End(TRow value, T* y, bool rectified, double* moments, ref TRow sum, ref TRow square)
    {
        value = rectified ? Leaky(value) : value;
        TRow.Store(value, y);
        if (moments is not null)
        {
            sum += value;
            square = TRow.FusedMultiplyAdd(value, value, square);
        }
    }
}
