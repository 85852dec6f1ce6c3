using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>Loops over rows of 16 numbers that know nothing of links. Every row is computed the same way wherever a tile begins.</summary>
internal static unsafe class RowKernels<TRow, T>
    where TRow : unmanaged, ILanes<TRow, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Width = 16;

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

    /// <summary>y[r] = bias + leaky(x[r]) W, in place if x is y. With <paramref name="rectified"/> false: x[r] W.</summary>
    public static void Product(T* x, T* weights, T* bias, T* y, int rows, bool rectified)
    {
        T* buffer = stackalloc T[8 * Width];
        TRow start = bias is null ? default : TRow.Load(bias);
        int r = 0;
        for (; r + 8 <= rows; r += 8, x += 8 * Width, y += 8 * Width)
        {
            for (int i = 0; i < 8; i++)
            {
                TRow row = TRow.Load(x + (i * Width));
                TRow.Store(rectified ? Leaky(row) : row, buffer + (i * Width));
            }

            TRow a = start;
            TRow b = start;
            TRow c = start;
            TRow d = start;
            TRow e = start;
            TRow f = start;
            TRow g = start;
            TRow h = start;
            for (int k = 0; k < Width; k++)
            {
                TRow w = TRow.Load(weights + (k * Width));
                a = TRow.FusedMultiplyAdd(TRow.Broadcast(buffer[k]), w, a);
                b = TRow.FusedMultiplyAdd(TRow.Broadcast(buffer[Width + k]), w, b);
                c = TRow.FusedMultiplyAdd(TRow.Broadcast(buffer[(2 * Width) + k]), w, c);
                d = TRow.FusedMultiplyAdd(TRow.Broadcast(buffer[(3 * Width) + k]), w, d);
                e = TRow.FusedMultiplyAdd(TRow.Broadcast(buffer[(4 * Width) + k]), w, e);
                f = TRow.FusedMultiplyAdd(TRow.Broadcast(buffer[(5 * Width) + k]), w, f);
                g = TRow.FusedMultiplyAdd(TRow.Broadcast(buffer[(6 * Width) + k]), w, g);
                h = TRow.FusedMultiplyAdd(TRow.Broadcast(buffer[(7 * Width) + k]), w, h);
            }

            TRow.Store(a, y);
            TRow.Store(b, y + Width);
            TRow.Store(c, y + (2 * Width));
            TRow.Store(d, y + (3 * Width));
            TRow.Store(e, y + (4 * Width));
            TRow.Store(f, y + (5 * Width));
            TRow.Store(g, y + (6 * Width));
            TRow.Store(h, y + (7 * Width));
        }

        for (; r < rows; r++, x += Width, y += Width)
        {
            TRow row = TRow.Load(x);
            TRow.Store(rectified ? Leaky(row) : row, buffer);
            TRow sum = start;
            for (int k = 0; k < Width; k++)
            {
                sum = TRow.FusedMultiplyAdd(TRow.Broadcast(buffer[k]), TRow.Load(weights + (k * Width)), sum);
            }

            TRow.Store(sum, y);
        }
    }

    /// <summary>Adds sums and sums of squares of leaky(x) over a tile to doubles.</summary>
    public static void Moments(T* x, int rows, double* sums, double* squares)
    {
        TRow sum = default;
        TRow square = default;
        for (int r = 0; r < rows; r++, x += Width)
        {
            TRow value = Leaky(TRow.Load(x));
            sum += value;
            square = TRow.FusedMultiplyAdd(value, value, square);
        }

        AddTo(sums, sum);
        AddTo(squares, square);
    }

    /// <summary>sums[k] (a row of doubles) += sum over r of x[r, k] gradient[r], for k below <paramref name="columns"/>, a multiple of
    /// 8.</summary>
    public static void Outer(T* x, int stride, int columns, T* gradients, int rows, double* sums)
    {
        for (int k = 0; k < columns; k += 8)
        {
            TRow a = default;
            TRow b = default;
            TRow c = default;
            TRow d = default;
            TRow e = default;
            TRow f = default;
            TRow g = default;
            TRow h = default;
            T* left = x + k;
            T* right = gradients;
            for (int r = 0; r < rows; r++, left += stride, right += Width)
            {
                TRow row = TRow.Load(right);
                a = TRow.FusedMultiplyAdd(TRow.Broadcast(left[0]), row, a);
                b = TRow.FusedMultiplyAdd(TRow.Broadcast(left[1]), row, b);
                c = TRow.FusedMultiplyAdd(TRow.Broadcast(left[2]), row, c);
                d = TRow.FusedMultiplyAdd(TRow.Broadcast(left[3]), row, d);
                e = TRow.FusedMultiplyAdd(TRow.Broadcast(left[4]), row, e);
                f = TRow.FusedMultiplyAdd(TRow.Broadcast(left[5]), row, f);
                g = TRow.FusedMultiplyAdd(TRow.Broadcast(left[6]), row, g);
                h = TRow.FusedMultiplyAdd(TRow.Broadcast(left[7]), row, h);
            }

            double* to = sums + (k * Width);
            AddTo(to, a);
            AddTo(to + Width, b);
            AddTo(to + (2 * Width), c);
            AddTo(to + (3 * Width), d);
            AddTo(to + (4 * Width), e);
            AddTo(to + (5 * Width), f);
            AddTo(to + (6 * Width), g);
            AddTo(to + (7 * Width), h);
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

        AddTo(sums, sum);
    }

    /// <summary>normalised[r] = (leaky(x[r]) - mean) inverse.</summary>
    public static void Normalise(T* x, int rows, TRow mean, TRow inverse, T* normalised)
    {
        for (int r = 0; r < rows; r++, x += Width, normalised += Width)
        {
            TRow.Store((Leaky(TRow.Load(x)) - mean) * inverse, normalised);
        }
    }

    /// <summary>
    /// Gradient through batch normalisation and rectifier: leaky'(x) scale (dy - meanGradient - normalised meanProduct), in place of dy.
    /// </summary>
    public static void NormalisationGradient(T* x, T* normalised, int rows, TRow scale, TRow meanGradient, TRow meanProduct, T* dy)
    {
        for (int r = 0; r < rows; r++, x += Width, normalised += Width, dy += Width)
        {
            TRow gradient = scale * (TRow.Load(dy) - meanGradient - (TRow.Load(normalised) * meanProduct));
            TRow.Store(LeakyGradient(TRow.Load(x), gradient), dy);
        }
    }

    /// <summary>Leaky rectifier of slope 0.01.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRow Leaky(TRow x) => TRow.Max(x, x * TRow.Broadcast(T.CreateTruncating(0.01)));

    /// <summary>Gradient of <see cref="Leaky"/> at x times dy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRow LeakyGradient(TRow x, TRow dy) => TRow.Select(TRow.Positive(x), dy, dy * TRow.Broadcast(T.CreateTruncating(0.01)));

    /// <summary>Adds a row to sixteen doubles.</summary>
    public static void AddTo(double* sums, TRow row)
    {
        T* values = stackalloc T[Width];
        TRow.Store(row, values);
        for (int c = 0; c < Width; c++)
        {
            sums[c] += double.CreateTruncating(values[c]);
        }
    }

    /// <summary>values += row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(T* values, TRow row) => TRow.Store(TRow.Load(values) + row, values);
}
