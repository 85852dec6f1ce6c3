using System.Numerics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>
/// <see cref="SegmentMessages{T}"/> over one kind of row. Inference takes a tile of links through all layers and keeps nothing. Training
/// keeps the second layer's rectified values only, one row for each direction of a link: the first layer's are cheaper to compute again
/// than to fetch. The gradient of messages is zero in all rows that are no segment's largest, so it is kept as a list.
/// </summary>
internal sealed unsafe class MessageOperation<TRow, T> : SegmentMessages<T>
    where TRow : unmanaged, ILanes<TRow, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Width = 16;
    private const int Inputs = MessageStatistics<T>.Inputs;
    private const int TileLinks = AngleKernels<TRow, T>.Links;

    public override Tensor<T> Apply(Tape<T> tape, SegmentInput input, MessageParameters parameters, BatchMoments[]? moments, double epsilon)
    {
        Span<Tensor<T>> p = new Tensor<T>[MessageParameters.Count];
        bool needsGradient = parameters.Use(tape, p);
        int segments = input.Graph.Count;
        int links = input.Graph.Links;
        Tensor<T> statistics = tape.Allocate(1, 2 * (Inputs + (2 * Width)));
        Tensor<T> ends = tape.Allocate(2 * segments, Width);
        bool inUse = moments is null && !(tape.Recording && needsGradient);
        Tensor<T> angles = tape.Allocate(inUse ? 0 : 2 * input.NodesUsed, Width);
        AngleRows<T>? kept = inUse ? input.AngleRows as AngleRows<T> ?? new() : null;
        input.AngleRows = kept;
        T* mean0 = TapePointers<T>.Of(statistics);
        T* mean1 = mean0 + (2 * Inputs);
        T* mean2 = mean1 + (2 * Width);
        if (moments is not null)
        {
            moments[0].Set(2 * links, input.InputMean, input.InputVariance);
        }

        MessageStatistics<T>.Load(moments?[0], tape, parameters, 0, epsilon, mean0, mean0 + Inputs, Inputs);
        T* table = kept is null ? TapePointers<T>.Of(angles) : kept.Pointer;
        FirstLayer(tape, input, p, mean0, TapePointers<T>.Of(ends), table, kept);
        Tensor<T> largest = tape.Allocate(segments, Width, needsGradient);
        T* result = TapePointers<T>.Of(largest);
        new Span<T>(result, segments * Width).Fill(T.NegativeInfinity);
        fixed (int* linkOffsets = input.Graph.LinkOffsets, offsets = input.Graph.Offsets, shallower = input.Graph.Shallower,
            node = input.Node)
        fixed (float* offset = input.Offset)
        {
            MessageGraph<T> graph = Graph(tape, linkOffsets, offsets, shallower, node, offset, ends, table, segments);
            if (inUse)
            {
                MessageStatistics<T>.Load(null, tape, parameters, 1, epsilon, mean1, mean1 + Width, Width);
                MessageStatistics<T>.Load(null, tape, parameters, 2, epsilon, mean2, mean2 + Width, Width);
                Infer(tape, p, links, graph, mean1, mean2, result);
            }
            else
            {
                RequireRowNumbers(links);
                Tensor<T> second = tape.Allocate(2 * links, Width);
                Tensor<T> winner = tape.Allocate(segments, Width);
                winner.Values.Fill(T.NegativeOne);
                FirstMoments(tape, links, graph, moments?[1]);
                MessageStatistics<T>.Load(moments?[1], tape, parameters, 1, epsilon, mean1, mean1 + Width, Width);
                SecondLayer(tape, p, links, graph, mean1, TapePointers<T>.Of(second), moments?[2]);
                MessageStatistics<T>.Load(moments?[2], tape, parameters, 2, epsilon, mean2, mean2 + Width, Width);
                ThirdLayer(tape, p, links, graph, mean2, TapePointers<T>.Of(second), result, TapePointers<T>.Of(winner));
                tape.Record(this, p, [largest], [second, winner, statistics, ends, angles], input, moments is null ? 0 : 1);
            }
        }

        // Segments without links get zeros.
        TRow none = TRow.Broadcast(T.NegativeInfinity);
        for (int i = 0; i < segments * Width; i += Width)
        {
            TRow value = TRow.Load(result + i);
            TRow.Store(TRow.SelectLess(none, value, value, default), result + i);
        }

        return largest;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        SegmentInput input = step.Context<SegmentInput>();
        Tape<T> tape = step.Tape;
        int segments = input.Graph.Count;
        int links = input.Graph.Links;
        if (links == 0)
        {
            return;
        }

        double share = step.Number > 0 ? 1.0 / (2.0 * links) : 0;
        T* second = TapePointers<T>.Of(step.Saved(0));
        T* winner = TapePointers<T>.Of(step.Saved(1));
        T* largest = TapePointers<T>.OfGradient(step.Output());
        WinnerRows<T> winners = new(tape, winner, largest, segments, 2 * links);
        T* mean0 = TapePointers<T>.Of(step.Saved(2));
        T* mean1 = mean0 + (2 * Inputs);
        T* mean2 = mean1 + (2 * Width);
        double* sums = stackalloc double[(Width + 1) * Width];
        T* means2 = stackalloc T[2 * Width];
        T* scale2 = stackalloc T[Width];
        T* means1 = stackalloc T[2 * Width];
        T* scale1 = stackalloc T[Width];
        T* transposed1 = MessageFolding<T>.Transposed(tape, step.Input(MessageParameters.Weight(1)));
        T* transposed2 = MessageFolding<T>.Transposed(tape, step.Input(MessageParameters.Weight(2)));
        T* target = TapePointers<T>.Scratch(tape, segments * Width);
        T* source = TapePointers<T>.Scratch(tape, segments * Width);
        T* table = TapePointers<T>.Scratch(tape, 2 * input.NodesUsed * Width);
        T* rows = TapePointers<T>.Scratch(tape, 2 * TileLinks * Width);
        T* tile = TapePointers<T>.Scratch(tape, 2 * TileLinks * Width);
        T* products = TapePointers<T>.Scratch(tape, Width * Width);
        new Span<T>(products, Width * Width).Clear();
        new Span<T>(target, segments * Width).Clear();
        new Span<T>(source, segments * Width).Clear();
        new Span<T>(table, 2 * input.NodesUsed * Width).Clear();
        fixed (int* linkOffsets = input.Graph.LinkOffsets, offsets = input.Graph.Offsets, shallower = input.Graph.Shallower,
            node = input.Node)
        fixed (float* offset = input.Offset)
        {
            MessageGraph<T> graph = Graph(tape, linkOffsets, offsets, shallower, node, offset, step.Saved(3),
                TapePointers<T>.Of(step.Saved(4)),
                segments);
            new Span<double>(sums, (Width + 1) * Width).Clear();
            WinnerSums(links, winners, second, mean2, products, sums);
            for (int i = 0; i < segments * Width; i += Width)
            {
                TRow none = TRow.LessThan(TRow.Load(winner + i), default);
                TRow.AddWidened(TRow.Select(none, default, TRow.Load(largest + i)), sums + (Width * Width));
            }

            MessageGradients<TRow, T>.Layer(step, 2, sums, share, means2);
            MessageFolding<T>.Scales(step, 2, mean2, scale2);

            // The gradient of the second layer takes the place of its values, which nobody reads again.
            new Span<double>(sums, (Width + 1) * Width).Clear();
            for (int begin = 0, segment = 0; begin < links; begin += TileLinks)
            {
                int end = Math.Min(links, begin + TileLinks);
                int count = 2 * (end - begin);
                segment = graph.SegmentOf(begin, segment);
                T* gradient = second + (2L * begin * Width);
                RowKernels<TRow, T>.NormalisationMeans(gradient, count, TRow.Load(mean2), TRow.Load(mean2 + Width), TRow.Load(means2),
                    TRow.Load(means2 + Width), rows);
                winners.AddProduct<TRow>(2 * begin, 2 * end, transposed2, rows);
                RowKernels<TRow, T>.RectifierGradient(gradient, count, TRow.Load(scale2), rows, sums + (Width * Width));
                LinkKernels<TRow, T>.LinkRows(begin, end, segment, graph, rows);
                RowKernels<TRow, T>.Normalise(rows, count, TRow.Load(mean1), TRow.Load(mean1 + Width), rows);
                RowKernels<TRow, T>.Outer(rows, Width, Width, gradient, count, products);
                RowKernels<TRow, T>.Take(products, Width, sums);
            }

            MessageGradients<TRow, T>.Layer(step, 1, sums, share, means1);
            MessageFolding<T>.Scales(step, 1, mean1, scale1);
            for (int begin = 0, segment = 0; begin < links; begin += TileLinks)
            {
                int end = Math.Min(links, begin + TileLinks);
                int count = 2 * (end - begin);
                segment = graph.SegmentOf(begin, segment);
                T* gradient = second + (2L * begin * Width);
                RowKernels<TRow, T>.Product(gradient, transposed1, null, tile, count, stream: gradient);
                LinkKernels<TRow, T>.LinkRows(begin, end, segment, graph, rows);
                RowKernels<TRow, T>.NormalisationGradient(rows, count, TRow.Load(mean1), TRow.Load(mean1 + Width), TRow.Load(scale1),
                    TRow.Load(means1), TRow.Load(means1 + Width), tile);
                LinkKernels<TRow, T>.SpreadLinkRows(begin, end, segment, graph, tile, target, source, table);
            }
        }

        MessageGradients<TRow, T>.Input(step, input, mean0, mean0 + Inputs, target, source, table);
    }

    private static MessageGraph<T> Graph(Tape<T> tape, int* linkOffsets, int* offsets, int* shallower, int* node, float* offset,
        Tensor<T> ends, T* table, int segments) => new()
        {
            LinkOffsets = linkOffsets,
            Offsets = offsets,
            Shallower = shallower,
            Node = node,
            Offset = offset,
            Target = TapePointers<T>.Of(ends),
            Source = TapePointers<T>.Of(ends) + ((long)segments * Width),
            Table = table,
            Blends = TapePointers<T>.Scratch(tape, 4 * TileLinks),
        };

    // The parts of the first layer: each segment as target, then as source, and the table of angles.
    private static void FirstLayer(Tape<T> tape, SegmentInput input, ReadOnlySpan<Tensor<T>> p, T* mean, T* ends, T* angles,
        AngleRows<T>? kept)
    {
        int segments = input.Graph.Count;
        T* weights = TapePointers<T>.Scratch(tape, Inputs * Width);
        T* bias = TapePointers<T>.Scratch(tape, Width);
        MessageFolding<T>.FoldInput(p, mean + Inputs, weights, bias);
        T* features = TapePointers<T>.Features(tape, input);
        RowKernels<TRow, T>.NodeRows(features, segments, SegmentNetwork.Features, mean, weights, TRow.Load(bias), ends);
        RowKernels<TRow, T>.NodeRows(features, segments, SegmentNetwork.Features, mean + SegmentNetwork.Features,
            weights + (SegmentNetwork.Features * Width), default, ends + ((long)segments * Width));
        mean += 2 * SegmentNetwork.Features;
        weights += 2 * SegmentNetwork.Features * Width;
        if (kept?.Holds(input.NodesUsed, new(mean, AngleEncoding.Width), new(weights, AngleEncoding.Width * Width)) != true)
        {
            fixed (T* encodings = AngleTable<T>.Values)
            {
                AngleKernels<TRow, T>.TableRows(encodings, input.NodesUsed, mean, weights, angles);
            }
        }
    }

    private static void FirstMoments(Tape<T> tape, int links, in MessageGraph<T> graph, BatchMoments? moments)
    {
        if (moments is null)
        {
            return;
        }

        T* rows = TapePointers<T>.Scratch(tape, 2 * TileLinks * Width);
        double* sums = stackalloc double[2 * Width];
        new Span<double>(sums, 2 * Width).Clear();
        for (int begin = 0, segment = 0; begin < links; begin += TileLinks)
        {
            int end = Math.Min(links, begin + TileLinks);
            segment = graph.SegmentOf(begin, segment);
            LinkKernels<TRow, T>.LinkRows(begin, end, segment, graph, rows, sums);
        }

        MessageStatistics<T>.Take(moments, 2 * links, sums);
    }

    private static void SecondLayer(Tape<T> tape, ReadOnlySpan<Tensor<T>> p, int links, in MessageGraph<T> graph, T* mean, T* second,
        BatchMoments? moments)
    {
        T* weights = TapePointers<T>.Scratch(tape, (Width + 1) * Width);
        T* first = TapePointers<T>.Scratch(tape, 2 * TileLinks * Width);
        double* sums = stackalloc double[2 * Width];
        new Span<double>(sums, 2 * Width).Clear();
        MessageFolding<T>.Fold(p, 1, mean, weights, weights + (Width * Width));
        for (int begin = 0, segment = 0; begin < links; begin += TileLinks)
        {
            int end = Math.Min(links, begin + TileLinks);
            segment = graph.SegmentOf(begin, segment);
            T* rows = second + (2L * begin * Width);
            LinkKernels<TRow, T>.LinkRows(begin, end, segment, graph, first);
            RowKernels<TRow, T>.Product(first, weights, weights + (Width * Width), rows, 2 * (end - begin), rectified: true, sums, rows);
        }

        MessageStatistics<T>.Take(moments, 2 * links, sums);
    }

    private static void ThirdLayer(Tape<T> tape, ReadOnlySpan<Tensor<T>> p, int links, in MessageGraph<T> graph, T* mean, T* second,
        T* result, T* winner)
    {
        T* weights = TapePointers<T>.Scratch(tape, (Width + 1) * Width);
        T* messages = TapePointers<T>.Scratch(tape, 2 * TileLinks * Width);
        MessageFolding<T>.Fold(p, 2, mean, weights, weights + (Width * Width));
        for (int begin = 0, segment = 0; begin < links; begin += TileLinks)
        {
            int end = Math.Min(links, begin + TileLinks);
            segment = graph.SegmentOf(begin, segment);
            T* rows = second + (2L * begin * Width);
            RowKernels<TRow, T>.Product(rows, weights, weights + (Width * Width), messages, 2 * (end - begin), stream: rows);
            LinkKernels<TRow, T>.TakeLargest(begin, end, segment, graph, messages, result, winner);
        }
    }

    // Messages of a whole frame from running statistics: a tile of links goes through all three layers before the next one begins.
    private static void Infer(Tape<T> tape, ReadOnlySpan<Tensor<T>> p, int links, in MessageGraph<T> graph, T* mean1, T* mean2, T* result)
    {
        T* first = TapePointers<T>.Scratch(tape, (Width + 1) * Width);
        T* second = TapePointers<T>.Scratch(tape, (Width + 1) * Width);
        MessageFolding<T>.Fold(p, 1, mean1, first, first + (Width * Width));
        MessageFolding<T>.Fold(p, 2, mean2, second, second + (Width * Width));
        T* rows = TapePointers<T>.Scratch(tape, 2 * TileLinks * Width);
        for (int begin = 0, segment = 0; begin < links; begin += TileLinks)
        {
            int end = Math.Min(links, begin + TileLinks);
            segment = graph.SegmentOf(begin, segment);
            LinkKernels<TRow, T>.LinkRows(begin, end, segment, graph, rows);
            RowKernels<TRow, T>.Product(rows, first, first + (Width * Width), rows, 2 * (end - begin), rectified: true);
            RowKernels<TRow, T>.Product(rows, second, second + (Width * Width), rows, 2 * (end - begin));
            LinkKernels<TRow, T>.TakeLargest(begin, end, segment, graph, rows, result, null);
        }
    }

    // The sums over rows of the third layer's normalised input times the gradient of the messages, by input.
    private static void WinnerSums(int links, in WinnerRows<T> winners, T* second, T* mean, T* products, double* sums)
    {
        const int BlockLinks = 32 * TileLinks;
        double* byOutput = stackalloc double[Width * Width];
        new Span<double>(byOutput, Width * Width).Clear();
        for (int begin = 0; begin < links; begin += BlockLinks)
        {
            winners.Outer(2 * begin, 2 * Math.Min(links, begin + BlockLinks), second, TRow.Load(mean), TRow.Load(mean + Width), products);
            RowKernels<TRow, T>.Take(products, Width, byOutput);
        }

        for (int i = 0; i < Width * Width; i++)
        {
            sums[i] = byOutput[(i % Width * Width) + (i / Width)];
        }
    }

    // The numbers of winning rows are kept in the rows' own type.
    private static void RequireRowNumbers(int links)
    {
        if (typeof(T) == typeof(float) && links >= 1 << 23)
        {
            throw new InvalidOperationException(
                $"A frame of {links} links is too large to train on in float, which counts rows up to 2^24: use fewer protons a frame.");
        }
    }
}
