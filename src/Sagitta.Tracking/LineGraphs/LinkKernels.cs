using System.Numerics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>
/// Loops over the links of a frame. The two directions of link p are rows 2p (to its deeper segment) and 2p + 1 (to its shallower one).
/// Every row is computed the same way wherever a tile begins.
/// </summary>
internal static unsafe class LinkKernels<TRow, T>
    where TRow : unmanaged, ILanes<TRow, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Width = 16;

    /// <summary>First-layer values of the links from <paramref name="begin"/> to <paramref name="end"/>, written from row 0 on.</summary>
    public static void LinkRows(int begin, int end, int segment, in MessageGraph<T> graph, T* rows)
    {
        T* to = rows;
        for (int link = begin; link < end;)
        {
            segment = graph.SegmentOf(link, segment);
            int last = Math.Min(end, graph.LinkOffsets[segment + 1]);
            int next = graph.ShallowerEnd(link, segment);
            TRow own = TRow.Load(graph.Target + ((long)segment * Width));
            TRow sent = TRow.Load(graph.Source + ((long)segment * Width));
            for (; link < last; link++, next++, to += 2 * Width)
            {
                TRow angle = AngleKernels<TRow, T>.Interpolate(graph.Table + ((long)graph.Node[link] * 2 * Width), graph.Offset[link]);
                TRow.Store(own + TRow.Load(graph.Source + ((long)next * Width)) + angle, to);
                TRow.Store(sent + TRow.Load(graph.Target + ((long)next * Width)) + angle, to + Width);
            }
        }
    }

    /// <summary>Spreads gradients of first-layer values to segments (as target and as source) and to the table.</summary>
    public static void SpreadLinkRows(int begin, int end, int segment, in MessageGraph<T> graph, T* gradients, T* target, T* source,
        T* table)
    {
        T* from = gradients;
        for (int link = begin; link < end;)
        {
            segment = graph.SegmentOf(link, segment);
            int last = Math.Min(end, graph.LinkOffsets[segment + 1]);
            int next = graph.ShallowerEnd(link, segment);
            TRow own = TRow.Load(target + ((long)segment * Width));
            TRow sent = TRow.Load(source + ((long)segment * Width));
            for (; link < last; link++, next++, from += 2 * Width)
            {
                TRow down = TRow.Load(from);
                TRow up = TRow.Load(from + Width);
                own += down;
                sent += up;
                RowKernels<TRow, T>.Accumulate(source + ((long)next * Width), down);
                RowKernels<TRow, T>.Accumulate(target + ((long)next * Width), up);
                AngleKernels<TRow, T>.SpreadInterpolation(table + ((long)graph.Node[link] * 2 * Width), graph.Offset[link], down + up);
            }

            TRow.Store(own, target + ((long)segment * Width));
            TRow.Store(sent, source + ((long)segment * Width));
        }
    }

    /// <summary>Takes messages into the largest of each segment, remembering which row it was (as a number of the row's type).</summary>
    public static void TakeLargest(int begin, int end, int segment, in MessageGraph<T> graph, T* messages, T* largest, T* winner)
    {
        T* from = messages;
        for (int link = begin; link < end;)
        {
            segment = graph.SegmentOf(link, segment);
            int last = Math.Min(end, graph.LinkOffsets[segment + 1]);
            int next = graph.ShallowerEnd(link, segment);
            T* own = largest + ((long)segment * Width);
            TRow best = TRow.Load(own);
            TRow which = winner is null ? default : TRow.Load(winner + ((long)segment * Width));
            for (; link < last; link++, next++, from += 2 * Width)
            {
                TRow down = TRow.Load(from);
                TRow up = TRow.Load(from + Width);
                T* other = largest + ((long)next * Width);
                TRow otherBest = TRow.Load(other);
                if (winner is not null)
                {
                    T* otherWinner = winner + ((long)next * Width);
                    which = TRow.Select(TRow.LessThan(best, down), TRow.Broadcast(T.CreateTruncating(2 * link)), which);
                    TRow.Store(TRow.Select(TRow.LessThan(otherBest, up), TRow.Broadcast(T.CreateTruncating((2 * link) + 1)),
                        TRow.Load(otherWinner)),
                        otherWinner);
                }

                best = TRow.Select(TRow.LessThan(best, down), down, best);
                TRow.Store(TRow.Select(TRow.LessThan(otherBest, up), up, otherBest), other);
            }

            TRow.Store(best, own);
            if (winner is not null)
            {
                TRow.Store(which, winner + ((long)segment * Width));
            }
        }
    }

    /// <summary>
    /// The third layer's sums: products[c] += gradient of each largest message's column c times the normalised second layer of the row it
    /// came from, and bias[c] += that gradient. Rows that won nothing are passed over.
    /// </summary>
    public static void WinnerProducts(int begin, int end, int segment, in MessageGraph<T> graph, in WinnerRows<T> winners, T* second,
        T* statistics, T* products, double* bias)
    {
        TRow mean = TRow.Load(statistics);
        TRow inverse = TRow.Load(statistics + Width);
        T* x = second;
        for (int link = begin; link < end; link++)
        {
            segment = graph.SegmentOf(link, segment);
            int next = graph.ShallowerEnd(link, segment);
            for (int direction = 0; direction < 2; direction++, x += Width)
            {
                int target = direction == 0 ? segment : next;
                uint won = TRow.Bits(TRow.Equal(TRow.Load(winners.Winner + ((long)target * Width)),
                    TRow.Broadcast(T.CreateTruncating((2 * link) + direction))));
                if (won == 0)
                {
                    continue;
                }

                TRow normalised = (RowKernels<TRow, T>.Leaky(TRow.Load(x)) - mean) * inverse;
                for (; won != 0; won &= won - 1)
                {
                    int column = BitOperations.TrailingZeroCount(won);
                    T gradient = winners.Gradient[((long)target * Width) + column];
                    T* product = products + (column * Width);
                    TRow.Store(TRow.FusedMultiplyAdd(TRow.Broadcast(gradient), normalised, TRow.Load(product)), product);
                    bias[column] += double.CreateTruncating(gradient);
                }
            }
        }
    }

    /// <summary>
    /// Gradient of the second layer's values: what winning rows get through the third layer's weights (transposed), then through the
    /// normalisation and the rectifier between them, whose means every row feels.
    /// </summary>
    public static void WinnerGradient(int begin, int end, int segment, in MessageGraph<T> graph, in WinnerRows<T> winners, T* second,
        T* statistics, T* scale, T* means, T* transposed, T* gradient)
    {
        TRow mean = TRow.Load(statistics);
        TRow inverse = TRow.Load(statistics + Width);
        TRow gain = TRow.Load(scale);
        TRow meanGradient = TRow.Load(means);
        TRow meanProduct = TRow.Load(means + Width);
        T* x = second;
        T* to = gradient;
        for (int link = begin; link < end; link++)
        {
            segment = graph.SegmentOf(link, segment);
            int next = graph.ShallowerEnd(link, segment);
            for (int direction = 0; direction < 2; direction++, x += Width, to += Width)
            {
                int target = direction == 0 ? segment : next;
                uint won = TRow.Bits(TRow.Equal(TRow.Load(winners.Winner + ((long)target * Width)),
                    TRow.Broadcast(T.CreateTruncating((2 * link) + direction))));
                TRow value = TRow.Load(x);
                TRow normalised = (RowKernels<TRow, T>.Leaky(value) - mean) * inverse;
                TRow sum = default(TRow) - meanGradient - (normalised * meanProduct);
                for (; won != 0; won &= won - 1)
                {
                    int column = BitOperations.TrailingZeroCount(won);
                    sum = TRow.FusedMultiplyAdd(TRow.Broadcast(winners.Gradient[((long)target * Width) + column]),
                        TRow.Load(transposed + (column * Width)), sum);
                }

                TRow.Store(RowKernels<TRow, T>.LeakyGradient(value, gain * sum), to);
            }
        }
    }
}

/// <summary>Which row gave each segment's largest message, column by column, and the gradient that the largest message got.</summary>
internal readonly unsafe ref struct WinnerRows<T>
    where T : unmanaged
{
    /// <summary>Number of the row, segments x 16, as a number of the rows' type; -1 for none.</summary>
    public required T* Winner { get; init; }

    /// <summary>Gradient of the largest messages, segments x 16.</summary>
    public required T* Gradient { get; init; }
}
