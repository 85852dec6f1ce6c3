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

    /// <summary>Rectified first-layer values of the links from <paramref name="begin"/> to <paramref name="end"/>, written from row 0 on;
    /// their sums and sums of squares are added to 2 x 16 doubles unless <paramref name="moments"/> is null.</summary>
    public static void LinkRows(int begin, int end, int segment, in MessageGraph<T> graph, T* rows, double* moments = null)
    {
        T* blend = graph.Blends;
        AngleKernels<TRow, T>.Blends(graph.Offset + begin, end - begin, blend);
        T* targets = graph.Target;
        T* sources = graph.Source;
        T* table = graph.Table;
        int* nodes = graph.Node;
        T* to = rows;
        TRow sum = default;
        TRow square = default;
        for (int link = begin; link < end;)
        {
            segment = graph.SegmentOf(link, segment);
            int last = Math.Min(end, graph.LinkOffsets[segment + 1]);
            nint next = (nint)graph.ShallowerEnd(link, segment) * Width;
            TRow own = TRow.Load(targets + ((nint)segment * Width));
            TRow sent = TRow.Load(sources + ((nint)segment * Width));
            for (; link < last; link++, next += Width, to += 2 * Width, blend++)
            {
                TRow angle = AngleKernels<TRow, T>.Interpolate(table + ((nint)nodes[link] * 2 * Width), blend);
                TRow down = RowKernels<TRow, T>.Leaky(own + TRow.Load(sources + next) + angle);
                TRow up = RowKernels<TRow, T>.Leaky(sent + TRow.Load(targets + next) + angle);
                TRow.Store(down, to);
                TRow.Store(up, to + Width);
                if (moments is not null)
                {
                    sum = sum + down + up;
                    square = TRow.FusedMultiplyAdd(up, up, TRow.FusedMultiplyAdd(down, down, square));
                }
            }
        }

        if (moments is not null)
        {
            TRow.AddWidened(sum, moments);
            TRow.AddWidened(square, moments + Width);
        }
    }

    /// <summary>Spreads gradients of first-layer values to segments (as target and as source) and to the table. The blends of the same
    /// links must be there, as <see cref="LinkRows"/> leaves them.</summary>
    public static void SpreadLinkRows(int begin, int end, int segment, in MessageGraph<T> graph, T* gradients, T* target, T* source,
        T* table)
    {
        T* from = gradients;
        T* blend = graph.Blends;
        int* nodes = graph.Node;
        for (int link = begin; link < end;)
        {
            segment = graph.SegmentOf(link, segment);
            int last = Math.Min(end, graph.LinkOffsets[segment + 1]);
            nint next = (nint)graph.ShallowerEnd(link, segment) * Width;
            TRow own = TRow.Load(target + ((long)segment * Width));
            TRow sent = TRow.Load(source + ((long)segment * Width));
            for (; link < last; link++, next += Width, from += 2 * Width, blend++)
            {
                TRow down = TRow.Load(from);
                TRow up = TRow.Load(from + Width);
                own += down;
                sent += up;
                RowKernels<TRow, T>.Accumulate(source + next, down);
                RowKernels<TRow, T>.Accumulate(target + next, up);
                AngleKernels<TRow, T>.SpreadInterpolation(table + ((nint)nodes[link] * 2 * Width), blend, down + up);
            }

            TRow.Store(own, target + ((long)segment * Width));
            TRow.Store(sent, source + ((long)segment * Width));
        }
    }

    /// <summary>Takes messages into the largest of each segment, remembering which row it was (as a number of the row's type).</summary>
    public static void TakeLargest(int begin, int end, int segment, in MessageGraph<T> graph, T* messages, T* largest, T* winner)
    {
        TRow one = TRow.Broadcast(T.One);
        TRow number = TRow.Broadcast(T.CreateTruncating(2 * begin));
        T* from = messages;
        for (int link = begin; link < end;)
        {
            segment = graph.SegmentOf(link, segment);
            int last = Math.Min(end, graph.LinkOffsets[segment + 1]);
            nint next = (nint)graph.ShallowerEnd(link, segment) * Width;
            T* own = largest + ((long)segment * Width);
            TRow best = TRow.Load(own);
            if (winner is null)
            {
                for (; link < last; link++, next += Width, from += 2 * Width)
                {
                    best = TRow.Max(TRow.Load(from), best);
                    TRow.Store(TRow.Max(TRow.Load(from + Width), TRow.Load(largest + next)), largest + next);
                }

                TRow.Store(best, own);
                continue;
            }

            TRow which = TRow.Load(winner + ((long)segment * Width));
            for (; link < last; link++, next += Width, from += 2 * Width)
            {
                TRow down = TRow.Load(from);
                TRow up = TRow.Load(from + Width);
                TRow other = TRow.Load(largest + next);
                which = TRow.SelectLess(best, down, number, which);
                number += one;
                TRow.Store(TRow.SelectLess(other, up, number, TRow.Load(winner + next)), winner + next);
                number += one;
                best = TRow.Max(down, best);
                TRow.Store(TRow.Max(up, other), largest + next);
            }

            TRow.Store(best, own);
            TRow.Store(which, winner + ((long)segment * Width));
        }
    }
}
