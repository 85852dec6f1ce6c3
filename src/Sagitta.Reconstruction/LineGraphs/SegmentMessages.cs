using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sagitta.Autodiff.Operations;
using Sagitta.Autodiff.Tensors;

namespace Sagitta.Reconstruction.LineGraphs;

/// <summary>
/// Fused messages of a <see cref="SegmentNetwork"/> with hidden width 16 and maximum: from a prepared frame to the largest message of each
/// segment (segments x 16), without any array of links x 144. The first layer falls into a part of each end, computed once for each segment, and
/// a part of the angle, interpolated in a table; the first normalisation folds into its weights. Among equal largest messages the first gets the gradient.
/// </summary>
internal abstract class SegmentMessages<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The operation in this precision.</summary>
    public static SegmentMessages<T> Instance { get; } = Create();

    /// <inheritdoc />
    public override string Name => "segment messages";

    /// <summary>Largest messages. With moments, the frame's own normalise and are left there; without, the running ones do.</summary>
    public abstract Tensor<T> Apply(Tape<T> tape, SegmentInput input, MessageParameters parameters, BatchMoments[]? moments, double epsilon);

    private static SegmentMessages<T> Create() => typeof(T) == typeof(float)
        ? (SegmentMessages<T>)(object)new SegmentMessages<FloatRow, float>()
        : typeof(T) == typeof(double)
            ? (SegmentMessages<T>)(object)new SegmentMessages<DoubleRow, double>()
            : throw new NotSupportedException("Segment networks run in float or double.");
}

/// <summary>The operation over one kind of row.</summary>
internal sealed unsafe class SegmentMessages<TRow, T> : SegmentMessages<T>
    where TRow : unmanaged, IHiddenRow<TRow, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Width = 16;
    private const int Inputs = (2 * SegmentNetwork.Features) + AngleEncoding.Width;
    private const int TileLinks = 64;

    /// <inheritdoc />
    public override Tensor<T> Apply(Tape<T> tape, SegmentInput input, MessageParameters parameters, BatchMoments[]? moments, double epsilon)
    {
        Span<Tensor<T>> p = new Tensor<T>[MessageParameters.Count];
        bool needsGradient = parameters.Use(tape, p);
        int segments = input.Graph.Count;
        int links = input.Graph.Links;
        Tensor<T> statistics = tape.Allocate(1, 2 * (Inputs + (2 * Width)));
        T* mean0 = Pointer(statistics);
        T* inverse0 = mean0 + Inputs;
        T* mean1 = inverse0 + Inputs;
        if (moments is not null)
        {
            moments[0].Set(2 * links, input.InputMean, input.InputVariance);
        }

        Statistics(moments?[0], tape, parameters, 0, epsilon, mean0, inverse0, Inputs);
        T* weights = Scratch(tape, Inputs * Width);
        T* bias = Scratch(tape, Width);
        FoldInput(p, inverse0, weights, bias);
        T* target = Scratch(tape, segments * Width);
        T* source = Scratch(tape, segments * Width);
        T* features = FeatureValues(tape, input);
        MessageKernels<TRow, T>.NodeRows(features, segments, SegmentNetwork.Features, mean0, weights, TRow.Load(bias), target);
        MessageKernels<TRow, T>.NodeRows(features, segments, SegmentNetwork.Features, mean0 + SegmentNetwork.Features, weights + (SegmentNetwork.Features * Width), TRow.Zero, source);
        T* table = Scratch(tape, 2 * AngleTable.Nodes * Width);
        fixed (T* encodings = AngleTable<T>.Values)
        {
            MessageKernels<TRow, T>.TableRows(encodings, input.NodesUsed, mean0 + (2 * SegmentNetwork.Features), weights + (2 * SegmentNetwork.Features * Width), table);
        }

        Tensor<T> largest = tape.Allocate(segments, Width, needsGradient);
        T* result = Pointer(largest);
        new Span<T>(result, segments * Width).Fill(T.NegativeInfinity);
        bool keep = tape.Recording && needsGradient;
        fixed (int* linkOffsets = input.Graph.LinkOffsets, offsets = input.Graph.Offsets, shallower = input.Graph.Shallower, node = input.Node)
        fixed (float* offset = input.Offset)
        {
            MessageGraph<T> graph = new() { LinkOffsets = linkOffsets, Offsets = offsets, Shallower = shallower, Node = node, Offset = offset, Target = target, Source = source, Table = table };
            T* mean2 = mean1 + (2 * Width);
            if (moments is null && !keep)
            {
                Statistics(null, tape, parameters, 1, epsilon, mean1, mean1 + Width, Width);
                Statistics(null, tape, parameters, 2, epsilon, mean2, mean2 + Width, Width);
                Infer(tape, p, links, graph, mean1, mean2, result);
            }
            else
            {
                Tensor<T> first = tape.Allocate(2 * links, Width);
                Tensor<T> second = tape.Allocate(2 * links, Width);
                Tensor<T> winner = tape.Allocate(segments, Width);
                T* w = Scratch(tape, (Width + 1) * Width);
                double* sums = stackalloc double[2 * Width];
                Clear(sums, 2 * Width);
                for (int begin = 0, segment = 0; begin < links; begin += TileLinks)
                {
                    int end = Math.Min(links, begin + TileLinks);
                    segment = Advance(linkOffsets, segment, begin);
                    T* rows = Pointer(first) + (2L * begin * Width);
                    MessageKernels<TRow, T>.LinkRows(begin, end, segment, graph, rows);
                    MessageKernels<TRow, T>.Moments(rows, 2 * (end - begin), sums, sums + Width);
                }

                Absorb(moments?[1], 2 * links, sums);
                Statistics(moments?[1], tape, parameters, 1, epsilon, mean1, mean1 + Width, Width);
                Fold(p, 1, mean1, w, w + (Width * Width));
                Clear(sums, 2 * Width);
                for (int begin = 0; begin < 2 * links; begin += 2 * TileLinks)
                {
                    int count = Math.Min(2 * links, begin + (2 * TileLinks)) - begin;
                    T* rows = Pointer(second) + ((long)begin * Width);
                    MessageKernels<TRow, T>.Product(Pointer(first) + ((long)begin * Width), w, w + (Width * Width), rows, count, rectified: true);
                    MessageKernels<TRow, T>.Moments(rows, count, sums, sums + Width);
                }

                Absorb(moments?[2], 2 * links, sums);
                Statistics(moments?[2], tape, parameters, 2, epsilon, mean2, mean2 + Width, Width);
                Fold(p, 2, mean2, w, w + (Width * Width));
                winner.Values.Fill(T.NegativeOne);
                T* messages = Scratch(tape, 2 * TileLinks * Width);
                for (int begin = 0, segment = 0; begin < links; begin += TileLinks)
                {
                    int end = Math.Min(links, begin + TileLinks);
                    segment = Advance(linkOffsets, segment, begin);
                    MessageKernels<TRow, T>.Product(Pointer(second) + (2L * begin * Width), w, w + (Width * Width), messages, 2 * (end - begin), rectified: true);
                    MessageKernels<TRow, T>.TakeLargest(begin, end, segment, graph, messages, result, Pointer(winner));
                }

                tape.Record(this, p, [largest], [first, second, winner, statistics], input, moments is null ? 0 : 1);
            }
        }

        foreach (ref T value in largest.Values)
        {
            value = value == T.NegativeInfinity ? T.Zero : value;
        }

        return largest;
    }

    /// <inheritdoc />
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

        bool moving = step.Number > 0;
        double share = moving ? 1.0 / (2.0 * links) : 0;
        T* z1 = Pointer(step.Saved(0));
        T* z2 = Pointer(step.Saved(1));
        T* mean0 = Pointer(step.Saved(3));
        T* inverse0 = mean0 + Inputs;
        T* mean1 = inverse0 + Inputs;
        T* mean2 = mean1 + (2 * Width);
        T* dy = Scratch(tape, 2 * links * Width);
        new Span<T>(dy, 2 * links * Width).Clear();
        double* sums = stackalloc double[(Width + 1) * Width];
        T* row = stackalloc T[4 * Width];

        // Third layer: only the rows that won a maximum have a gradient.
        Clear(sums, (Width + 1) * Width);
        SpreadWinners(step, z2, mean2, segments, dy, sums);
        LayerGradient(step, 2, sums, share, row);
        Scales(step, 2, mean2, row + (2 * Width));
        T* tile = Scratch(tape, 2 * TileLinks * Width);
        Clear(sums, (Width + 1) * Width);
        for (int begin = 0; begin < 2 * links; begin += 2 * TileLinks)
        {
            int count = Math.Min(2 * links, begin + (2 * TileLinks)) - begin;
            T* x = z2 + ((long)begin * Width);
            T* gradient = dy + ((long)begin * Width);
            MessageKernels<TRow, T>.Normalise(x, count, TRow.Load(mean2), TRow.Load(mean2 + Width), tile);
            MessageKernels<TRow, T>.NormalisationGradient(x, tile, count, TRow.Load(row + (2 * Width)), TRow.Load(row), TRow.Load(row + Width), gradient);
            MessageKernels<TRow, T>.Normalise(z1 + ((long)begin * Width), count, TRow.Load(mean1), TRow.Load(mean1 + Width), tile);
            MessageKernels<TRow, T>.Outer(tile, Width, Width, gradient, count, sums);
            MessageKernels<TRow, T>.ColumnSums(gradient, count, sums + (Width * Width));
        }

        LayerGradient(step, 1, sums, share, row);
        Scales(step, 1, mean1, row + (2 * Width));
        T* transposed = Transposed(tape, step.Input(MessageParameters.Weight(1)));
        T* target = Scratch(tape, segments * Width);
        T* source = Scratch(tape, segments * Width);
        T* table = Scratch(tape, 2 * AngleTable.Nodes * Width);
        new Span<T>(target, segments * Width).Clear();
        new Span<T>(source, segments * Width).Clear();
        new Span<T>(table, 2 * input.NodesUsed * Width).Clear();
        fixed (int* linkOffsets = input.Graph.LinkOffsets, offsets = input.Graph.Offsets, shallower = input.Graph.Shallower, node = input.Node)
        fixed (float* offset = input.Offset)
        {
            MessageGraph<T> graph = new() { LinkOffsets = linkOffsets, Offsets = offsets, Shallower = shallower, Node = node, Offset = offset, Target = null, Source = null, Table = null };
            for (int begin = 0, segment = 0; begin < links; begin += TileLinks)
            {
                int end = Math.Min(links, begin + TileLinks);
                int count = 2 * (end - begin);
                segment = Advance(linkOffsets, segment, begin);
                T* x = z1 + (2L * begin * Width);
                T* gradient = dy + (2L * begin * Width);
                MessageKernels<TRow, T>.Product(gradient, transposed, null, gradient, count, rectified: false);
                MessageKernels<TRow, T>.Normalise(x, count, TRow.Load(mean1), TRow.Load(mean1 + Width), tile);
                MessageKernels<TRow, T>.NormalisationGradient(x, tile, count, TRow.Load(row + (2 * Width)), TRow.Load(row), TRow.Load(row + Width), gradient);
                MessageKernels<TRow, T>.SpreadLinkRows(begin, end, segment, graph, gradient, target, source, table);
            }
        }

        InputGradient(step, input, mean0, inverse0, target, source, table);
    }

    // Messages of a whole frame from running statistics: a tile of links goes through all three layers before the next one begins.
    private static void Infer(Tape<T> tape, ReadOnlySpan<Tensor<T>> p, int links, in MessageGraph<T> graph, T* mean1, T* mean2, T* result)
    {
        T* first = Scratch(tape, (Width + 1) * Width);
        T* second = Scratch(tape, (Width + 1) * Width);
        Fold(p, 1, mean1, first, first + (Width * Width));
        Fold(p, 2, mean2, second, second + (Width * Width));
        T* rows = Scratch(tape, 2 * TileLinks * Width);
        for (int begin = 0, segment = 0; begin < links; begin += TileLinks)
        {
            int end = Math.Min(links, begin + TileLinks);
            segment = Advance(graph.LinkOffsets, segment, begin);
            MessageKernels<TRow, T>.LinkRows(begin, end, segment, graph, rows);
            MessageKernels<TRow, T>.Product(rows, first, first + (Width * Width), rows, 2 * (end - begin), rectified: true);
            MessageKernels<TRow, T>.Product(rows, second, second + (Width * Width), rows, 2 * (end - begin), rectified: true);
            MessageKernels<TRow, T>.TakeLargest(begin, end, segment, graph, rows, result, null);
        }
    }

    private static void SpreadWinners(in RecordedStep<T> step, T* z2, T* mean2, int segments, T* dy, double* sums)
    {
        T* winner = Pointer(step.Saved(2));
        ReadOnlySpan<T> upstream = step.Output().Gradient;
        T* transposed = Transposed(step.Tape, step.Input(MessageParameters.Weight(2)));
        T* products = stackalloc T[Width * Width];
        double* bias = sums + (Width * Width);
        TRow mean = TRow.Load(mean2);
        TRow inverse = TRow.Load(mean2 + Width);
        const int Block = 256;
        for (int block = 0; block < segments; block += Block)
        {
            new Span<T>(products, Width * Width).Clear();
            int end = Math.Min(segments, block + Block) * Width;
            for (int i = block * Width; i < end; i++)
            {
                T gradient = upstream[i];
                if (winner[i] < T.Zero || gradient == T.Zero)
                {
                    continue;
                }

                int column = i % Width;
                long k = (long)int.CreateTruncating(winner[i]) * Width;
                TRow normalised = (TRow.Leaky(TRow.Load(z2 + k)) - mean) * inverse;
                TRow d = TRow.Broadcast(gradient);
                T* product = products + (column * Width);
                TRow.Store(TRow.MultiplyAdd(d, normalised, TRow.Load(product)), product);
                TRow.Store(TRow.MultiplyAdd(d, TRow.Load(transposed + (column * Width)), TRow.Load(dy + k)), dy + k);
                bias[column] += double.CreateTruncating(gradient);
            }

            // Kept by output here, by input in the sums.
            for (int o = 0; o < Width; o++)
            {
                for (int k = 0; k < Width; k++)
                {
                    sums[(k * Width) + o] += double.CreateTruncating(products[(o * Width) + k]);
                }
            }
        }
    }

    // From sums of normalised input times output gradient (by input) and of output gradients to the gradients of weights, bias, gain and shift;
    // leaves the means that the normalisation's own gradient needs.
    private static void LayerGradient(in RecordedStep<T> step, int layer, double* sums, double share, T* means)
    {
        ReadOnlySpan<T> weight = step.Input(MessageParameters.Weight(layer)).Values;
        ReadOnlySpan<T> gain = step.Input(MessageParameters.Gain(layer)).Values;
        ReadOnlySpan<T> shift = step.Input(MessageParameters.Shift(layer)).Values;
        double* output = sums + (Width * Width);
        for (int k = 0; k < Width; k++)
        {
            double g = double.CreateTruncating(gain[k]);
            double s = double.CreateTruncating(shift[k]);
            double toGain = 0;
            double toShift = 0;
            for (int o = 0; o < Width; o++)
            {
                double w = double.CreateTruncating(weight[(k * Width) + o]);
                double product = sums[(k * Width) + o];
                toGain += w * product;
                toShift += w * output[o];
                AddTo(step.Input(MessageParameters.Weight(layer)), (k * Width) + o, (g * product) + (s * output[o]));
            }

            AddTo(step.Input(MessageParameters.Gain(layer)), k, toGain);
            AddTo(step.Input(MessageParameters.Shift(layer)), k, toShift);
            AddTo(step.Input(MessageParameters.Bias(layer)), k, output[k]);
            means[k] = T.CreateTruncating(toShift * share);
            means[Width + k] = T.CreateTruncating(toGain * share);
        }
    }

    private static void InputGradient(in RecordedStep<T> step, SegmentInput input, T* mean0, T* inverse0, T* target, T* source, T* table)
    {
        double[] sums = new double[(Inputs + 1) * Width];
        T* features = FeatureValues(step.Tape, input);
        T* centred = Scratch(step.Tape, 64 * SegmentNetwork.Features);
        fixed (double* products = sums)
        {
            double* output = products + (Inputs * Width);
            for (int begin = 0; begin < input.Graph.Count; begin += 64)
            {
                int count = Math.Min(64, input.Graph.Count - begin);
                for (int end = 0; end < 2; end++)
                {
                    // The two ends have means of their own: equal in training, not quite so in running averages.
                    int first = end * SegmentNetwork.Features;
                    for (int i = 0; i < count * SegmentNetwork.Features; i++)
                    {
                        centred[i] = features[(begin * SegmentNetwork.Features) + i] - mean0[first + (i % SegmentNetwork.Features)];
                    }

                    T* gradients = (end == 0 ? target : source) + ((long)begin * Width);
                    MessageKernels<TRow, T>.Outer(centred, SegmentNetwork.Features, SegmentNetwork.Features, gradients, count, products + (first * Width));
                }

                MessageKernels<TRow, T>.ColumnSums(target + ((long)begin * Width), count, output);
            }

            fixed (T* encodings = AngleTable<T>.Values)
            {
                MessageKernels<TRow, T>.TableGradient(encodings, input.NodesUsed, mean0 + (2 * SegmentNetwork.Features), table, products + (2 * SegmentNetwork.Features * Width));
            }

            ReadOnlySpan<T> weight = step.Input(MessageParameters.Weight(0)).Values;
            ReadOnlySpan<T> gain = step.Input(MessageParameters.Gain(0)).Values;
            ReadOnlySpan<T> shift = step.Input(MessageParameters.Shift(0)).Values;
            for (int k = 0; k < Inputs; k++)
            {
                double inverse = double.CreateTruncating(inverse0[k]);
                double g = double.CreateTruncating(gain[k]);
                double s = double.CreateTruncating(shift[k]);
                double toGain = 0;
                double toShift = 0;
                for (int o = 0; o < Width; o++)
                {
                    double product = products[(k * Width) + o] * inverse;
                    double w = double.CreateTruncating(weight[(k * Width) + o]);
                    toGain += w * product;
                    toShift += w * output[o];
                    AddTo(step.Input(MessageParameters.Weight(0)), (k * Width) + o, (g * product) + (s * output[o]));
                }

                AddTo(step.Input(MessageParameters.Gain(0)), k, toGain);
                AddTo(step.Input(MessageParameters.Shift(0)), k, toShift);
            }

            for (int o = 0; o < Width; o++)
            {
                AddTo(step.Input(MessageParameters.Bias(0)), o, output[o]);
            }
        }
    }

    private static void FoldInput(ReadOnlySpan<Tensor<T>> p, T* inverse, T* weights, T* bias)
    {
        ReadOnlySpan<T> weight = p[MessageParameters.Weight(0)].Values;
        ReadOnlySpan<T> gain = p[MessageParameters.Gain(0)].Values;
        ReadOnlySpan<T> shift = p[MessageParameters.Shift(0)].Values;
        p[MessageParameters.Bias(0)].Values.CopyTo(new Span<T>(bias, Width));
        for (int k = 0; k < Inputs; k++)
        {
            T scale = gain[k] * inverse[k];
            for (int o = 0; o < Width; o++)
            {
                weights[(k * Width) + o] = scale * weight[(k * Width) + o];
                bias[o] += shift[k] * weight[(k * Width) + o];
            }
        }
    }

    // Normalisation before a layer folds into the layer: leaky(x) W' + b'.
    private static void Fold(ReadOnlySpan<Tensor<T>> p, int layer, T* mean, T* weights, T* bias)
    {
        ReadOnlySpan<T> weight = p[MessageParameters.Weight(layer)].Values;
        ReadOnlySpan<T> gain = p[MessageParameters.Gain(layer)].Values;
        ReadOnlySpan<T> shift = p[MessageParameters.Shift(layer)].Values;
        p[MessageParameters.Bias(layer)].Values.CopyTo(new Span<T>(bias, Width));
        for (int k = 0; k < Width; k++)
        {
            T scale = gain[k] * mean[Width + k];
            T constant = shift[k] - (scale * mean[k]);
            for (int o = 0; o < Width; o++)
            {
                weights[(k * Width) + o] = scale * weight[(k * Width) + o];
                bias[o] += constant * weight[(k * Width) + o];
            }
        }
    }

    private static void Statistics(BatchMoments? moments, Tape<T> tape, MessageParameters parameters, int layer, double epsilon, T* mean, T* inverse, int columns)
    {
        ReadOnlySpan<T> runningMean = default;
        ReadOnlySpan<T> runningVariance = default;
        if (moments is null)
        {
            runningMean = tape.Use(parameters.RunningMean(layer)).Values;
            runningVariance = tape.Use(parameters.RunningVariance(layer)).Values;
        }

        for (int c = 0; c < columns; c++)
        {
            double centre = moments is null ? double.CreateTruncating(runningMean[c]) : moments.Mean[c];
            double variance = moments is null ? double.CreateTruncating(runningVariance[c]) : moments.Variance[c];
            mean[c] = T.CreateTruncating(centre);
            inverse[c] = T.CreateTruncating(1 / Math.Sqrt(variance + epsilon));
        }
    }

    private static void Absorb(BatchMoments? moments, int rows, double* sums)
    {
        if (moments is null)
        {
            return;
        }

        Span<double> mean = stackalloc double[Width];
        Span<double> variance = stackalloc double[Width];
        for (int c = 0; c < Width; c++)
        {
            mean[c] = rows == 0 ? 0 : sums[c] / rows;
            variance[c] = rows == 0 ? 0 : Math.Max(0, (sums[Width + c] / rows) - (mean[c] * mean[c]));
        }

        moments.Set(rows, mean, variance);
    }

    private static void Scales(in RecordedStep<T> step, int layer, T* mean, T* scales)
    {
        ReadOnlySpan<T> gain = step.Input(MessageParameters.Gain(layer)).Values;
        for (int c = 0; c < Width; c++)
        {
            scales[c] = gain[c] * mean[Width + c];
        }
    }

    private static T* Transposed(Tape<T> tape, Tensor<T> weight)
    {
        T* transposed = Scratch(tape, Width * Width);
        ReadOnlySpan<T> values = weight.Values;
        for (int i = 0; i < values.Length; i++)
        {
            transposed[((i % Width) * Width) + (i / Width)] = values[i];
        }

        return transposed;
    }

    private static T* FeatureValues(Tape<T> tape, SegmentInput input)
    {
        ReadOnlySpan<float> features = input.Features;
        T* values = Scratch(tape, features.Length);
        for (int i = 0; i < features.Length; i++)
        {
            values[i] = T.CreateTruncating(features[i]);
        }

        return values;
    }

    private static int Advance(int* linkOffsets, int segment, int link)
    {
        while (linkOffsets[segment + 1] <= link)
        {
            segment++;
        }

        return segment;
    }

    private static void AddTo(Tensor<T> parameter, int index, double value)
    {
        Span<T> gradient = parameter.Gradient;
        if (!gradient.IsEmpty)
        {
            gradient[index] += T.CreateTruncating(value);
        }
    }

    private static void Clear(double* values, int count) => new Span<double>(values, count).Clear();

    // Memory of a tape lies outside the managed heap and does not move.
    private static T* Pointer(Tensor<T> tensor) => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.Values));

    private static T* Scratch(Tape<T> tape, int length) => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tape.Scratch<T>(length)));
}
