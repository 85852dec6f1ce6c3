using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Reconstruction.LineGraphs;

/// <summary>
/// The loops of <see cref="SegmentMessages{TRow, T}"/>. Rows are 16 numbers; the two directions of link p are rows 2p (to its deeper
/// segment) and 2p + 1 (to its shallower one). Every row is computed the same way wherever a tile begins.
/// </summary>
internal static unsafe class MessageKernels<TRow, T>
    where TRow : unmanaged, IHiddenRow<TRow, T>
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
                sum = TRow.MultiplyAdd(TRow.Broadcast(x[(r * features) + f] - mean[f]), TRow.Load(weights + (f * Width)), sum);
            }

            TRow.Store(sum, rows + ((long)r * Width));
        }
    }

    /// <summary>Product of the centred table of encodings with the weights: 2 x nodes rows.</summary>
    public static void TableRows(T* table, int nodes, T* mean, T* weights, T* rows)
    {
        T* centred = stackalloc T[4 * AngleEncoding.Width];
        for (int row = 0; row < 2 * nodes; row += 4)
        {
            Centre(table + ((long)row * AngleEncoding.Width), mean, centred);
            TRow a = TRow.Zero;
            TRow b = TRow.Zero;
            TRow c = TRow.Zero;
            TRow d = TRow.Zero;
            for (int k = 0; k < AngleEncoding.Width; k++)
            {
                TRow w = TRow.Load(weights + (k * Width));
                a = TRow.MultiplyAdd(TRow.Broadcast(centred[k]), w, a);
                b = TRow.MultiplyAdd(TRow.Broadcast(centred[AngleEncoding.Width + k]), w, b);
                c = TRow.MultiplyAdd(TRow.Broadcast(centred[(2 * AngleEncoding.Width) + k]), w, c);
                d = TRow.MultiplyAdd(TRow.Broadcast(centred[(3 * AngleEncoding.Width) + k]), w, d);
            }

            T* to = rows + ((long)row * Width);
            TRow.Store(a, to);
            TRow.Store(b, to + Width);
            TRow.Store(c, to + (2 * Width));
            TRow.Store(d, to + (3 * Width));
        }
    }

    /// <summary>Gradient of <see cref="TableRows"/>: sums[k] += sum over rows of centred table times row gradient, 128 rows of doubles.</summary>
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

            Outer(tile, AngleEncoding.Width, AngleEncoding.Width, gradients + ((long)first * Width), count, sums);
        }
    }

    /// <summary>First-layer values of the links from <paramref name="begin"/> to <paramref name="end"/>, written from row 0 on.</summary>
    public static void LinkRows(int begin, int end, int segment, in MessageGraph<T> graph, T* rows)
    {
        T* to = rows;
        for (int link = begin; link < end;)
        {
            while (graph.LinkOffsets[segment + 1] <= link)
            {
                segment++;
            }

            int last = Math.Min(end, graph.LinkOffsets[segment + 1]);
            int next = graph.Offsets[graph.Shallower[segment]] + link - graph.LinkOffsets[segment];
            TRow own = TRow.Load(graph.Target + ((long)segment * Width));
            TRow sent = TRow.Load(graph.Source + ((long)segment * Width));
            for (; link < last; link++, next++, to += 2 * Width)
            {
                TRow angle = Interpolate(graph.Table + ((long)graph.Node[link] * 2 * Width), graph.Offset[link]);
                TRow.Store(own + TRow.Load(graph.Source + ((long)next * Width)) + angle, to);
                TRow.Store(sent + TRow.Load(graph.Target + ((long)next * Width)) + angle, to + Width);
            }
        }
    }

    /// <summary>Spreads gradients of first-layer values to segments (as target and as source) and to the table.</summary>
    public static void SpreadLinkRows(int begin, int end, int segment, in MessageGraph<T> graph, T* gradients, T* target, T* source, T* table)
    {
        T* from = gradients;
        for (int link = begin; link < end;)
        {
            while (graph.LinkOffsets[segment + 1] <= link)
            {
                segment++;
            }

            int last = Math.Min(end, graph.LinkOffsets[segment + 1]);
            int next = graph.Offsets[graph.Shallower[segment]] + link - graph.LinkOffsets[segment];
            TRow own = TRow.Load(target + ((long)segment * Width));
            TRow sent = TRow.Load(source + ((long)segment * Width));
            for (; link < last; link++, next++, from += 2 * Width)
            {
                TRow down = TRow.Load(from);
                TRow up = TRow.Load(from + Width);
                own += down;
                sent += up;
                Accumulate(source + ((long)next * Width), down);
                Accumulate(target + ((long)next * Width), up);
                SpreadInterpolation(table + ((long)graph.Node[link] * 2 * Width), graph.Offset[link], down + up);
            }

            TRow.Store(own, target + ((long)segment * Width));
            TRow.Store(sent, source + ((long)segment * Width));
        }
    }

    /// <summary>y[r] = bias + leaky(x[r]) W, in place if x is y. With <paramref name="rectified"/> false: x[r] W.</summary>
    public static void Product(T* x, T* weights, T* bias, T* y, int rows, bool rectified)
    {
        T* buffer = stackalloc T[8 * Width];
        TRow start = bias is null ? TRow.Zero : TRow.Load(bias);
        int r = 0;
        for (; r + 8 <= rows; r += 8, x += 8 * Width, y += 8 * Width)
        {
            for (int i = 0; i < 8; i++)
            {
                TRow row = TRow.Load(x + (i * Width));
                TRow.Store(rectified ? TRow.Leaky(row) : row, buffer + (i * Width));
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
                a = TRow.MultiplyAdd(TRow.Broadcast(buffer[k]), w, a);
                b = TRow.MultiplyAdd(TRow.Broadcast(buffer[Width + k]), w, b);
                c = TRow.MultiplyAdd(TRow.Broadcast(buffer[(2 * Width) + k]), w, c);
                d = TRow.MultiplyAdd(TRow.Broadcast(buffer[(3 * Width) + k]), w, d);
                e = TRow.MultiplyAdd(TRow.Broadcast(buffer[(4 * Width) + k]), w, e);
                f = TRow.MultiplyAdd(TRow.Broadcast(buffer[(5 * Width) + k]), w, f);
                g = TRow.MultiplyAdd(TRow.Broadcast(buffer[(6 * Width) + k]), w, g);
                h = TRow.MultiplyAdd(TRow.Broadcast(buffer[(7 * Width) + k]), w, h);
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
            TRow.Store(rectified ? TRow.Leaky(row) : row, buffer);
            TRow sum = start;
            for (int k = 0; k < Width; k++)
            {
                sum = TRow.MultiplyAdd(TRow.Broadcast(buffer[k]), TRow.Load(weights + (k * Width)), sum);
            }

            TRow.Store(sum, y);
        }
    }

    /// <summary>Adds sums and sums of squares of leaky(x) over a tile to doubles.</summary>
    public static void Moments(T* x, int rows, double* sums, double* squares)
    {
        TRow sum = TRow.Zero;
        TRow square = TRow.Zero;
        for (int r = 0; r < rows; r++, x += Width)
        {
            TRow value = TRow.Leaky(TRow.Load(x));
            sum += value;
            square = TRow.MultiplyAdd(value, value, square);
        }

        AddTo(sums, sum);
        AddTo(squares, square);
    }

    /// <summary>Takes messages into the largest of each segment, remembering which row it was (as a number of the row's type).</summary>
    public static void TakeLargest(int begin, int end, int segment, in MessageGraph<T> graph, T* messages, T* largest, T* winner)
    {
        T* from = messages;
        for (int link = begin; link < end;)
        {
            while (graph.LinkOffsets[segment + 1] <= link)
            {
                segment++;
            }

            int last = Math.Min(end, graph.LinkOffsets[segment + 1]);
            int next = graph.Offsets[graph.Shallower[segment]] + link - graph.LinkOffsets[segment];
            T* own = largest + ((long)segment * Width);
            TRow best = TRow.Load(own);
            TRow which = winner is null ? TRow.Zero : TRow.Load(winner + ((long)segment * Width));
            for (; link < last; link++, next++, from += 2 * Width)
            {
                TRow down = TRow.Load(from);
                TRow up = TRow.Load(from + Width);
                T* other = largest + ((long)next * Width);
                TRow otherBest = TRow.Load(other);
                if (winner is not null)
                {
                    T* otherWinner = winner + ((long)next * Width);
                    which = TRow.WhereGreater(down, best, TRow.Broadcast(T.CreateTruncating(2 * link)), which);
                    TRow.Store(TRow.WhereGreater(up, otherBest, TRow.Broadcast(T.CreateTruncating((2 * link) + 1)), TRow.Load(otherWinner)), otherWinner);
                }

                best = TRow.WhereGreater(down, best, down, best);
                TRow.Store(TRow.WhereGreater(up, otherBest, up, otherBest), other);
            }

            TRow.Store(best, own);
            if (winner is not null)
            {
                TRow.Store(which, winner + ((long)segment * Width));
            }
        }
    }

    /// <summary>sums[k] (a row of doubles) += sum over r of x[r, k] gradient[r], for k below <paramref name="columns"/>, a multiple of 8.</summary>
    public static void Outer(T* x, int stride, int columns, T* gradients, int rows, double* sums)
    {
        for (int k = 0; k < columns; k += 8)
        {
            TRow a = TRow.Zero;
            TRow b = TRow.Zero;
            TRow c = TRow.Zero;
            TRow d = TRow.Zero;
            TRow e = TRow.Zero;
            TRow f = TRow.Zero;
            TRow g = TRow.Zero;
            TRow h = TRow.Zero;
            T* left = x + k;
            T* right = gradients;
            for (int r = 0; r < rows; r++, left += stride, right += Width)
            {
                TRow row = TRow.Load(right);
                a = TRow.MultiplyAdd(TRow.Broadcast(left[0]), row, a);
                b = TRow.MultiplyAdd(TRow.Broadcast(left[1]), row, b);
                c = TRow.MultiplyAdd(TRow.Broadcast(left[2]), row, c);
                d = TRow.MultiplyAdd(TRow.Broadcast(left[3]), row, d);
                e = TRow.MultiplyAdd(TRow.Broadcast(left[4]), row, e);
                f = TRow.MultiplyAdd(TRow.Broadcast(left[5]), row, f);
                g = TRow.MultiplyAdd(TRow.Broadcast(left[6]), row, g);
                h = TRow.MultiplyAdd(TRow.Broadcast(left[7]), row, h);
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
        TRow sum = TRow.Zero;
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
            TRow.Store((TRow.Leaky(TRow.Load(x)) - mean) * inverse, normalised);
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
            TRow.Store(TRow.LeakyGradient(TRow.Load(x), gradient), dy);
        }
    }

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRow Interpolate(T* rows, float position)
    {
        T t = T.CreateTruncating(position);
        T square = t * t;
        T rise = square * (T.CreateTruncating(3) - t - t);
        T back = T.One - t;
        TRow sum = TRow.Broadcast(T.One - rise) * TRow.Load(rows);
        sum = TRow.MultiplyAdd(TRow.Broadcast(t * back * back), TRow.Load(rows + Width), sum);
        sum = TRow.MultiplyAdd(TRow.Broadcast(rise), TRow.Load(rows + (2 * Width)), sum);
        return TRow.MultiplyAdd(TRow.Broadcast(-square * back), TRow.Load(rows + (3 * Width)), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SpreadInterpolation(T* rows, float position, TRow gradient)
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
    private static void Spread(T* row, T weight, TRow gradient) => TRow.Store(TRow.MultiplyAdd(TRow.Broadcast(weight), gradient, TRow.Load(row)), row);
}
