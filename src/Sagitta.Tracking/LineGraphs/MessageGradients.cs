using System.Numerics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>Gradients of the message perceptron's parameters from sums over rows.</summary>
internal static unsafe class MessageGradients<TRow, T>
    where TRow : unmanaged, ILanes<TRow, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Width = 16;

    /// <summary>From sums of normalised input times output gradient (by input) and of output gradients to the gradients of weights, bias,
    /// gain and shift; leaves the means that the normalisation's own gradient needs.</summary>
    public static void Layer(in RecordedStep<T> step, int layer, double* sums, double share, T* means)
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

    /// <summary>The same for the first layer, whose inputs fall into features of both ends and the table of angles.</summary>
    public static void Input(in RecordedStep<T> step, SegmentInput input, T* mean0, T* inverse0, T* target, T* source, T* table)
    {
        double[] sums = new double[(MessageStatistics<T>.Inputs + 1) * Width];
        T* features = TapePointers<T>.Features(step.Tape, input);
        T* centred = TapePointers<T>.Scratch(step.Tape, 64 * SegmentNetwork.Features);
        T* tile = TapePointers<T>.Scratch(step.Tape, SegmentNetwork.Features * Width);
        new Span<T>(tile, SegmentNetwork.Features * Width).Clear();
        fixed (double* products = sums)
        {
            double* output = products + (MessageStatistics<T>.Inputs * Width);
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
                    RowKernels<TRow, T>.Outer(centred, SegmentNetwork.Features, SegmentNetwork.Features, gradients, count, tile);
                    RowKernels<TRow, T>.Take(tile, SegmentNetwork.Features, products + (first * Width));
                }

                RowKernels<TRow, T>.ColumnSums(target + ((long)begin * Width), count, output);
            }

            fixed (T* encodings = AngleTable<T>.Values)
            {
                AngleKernels<TRow, T>.TableGradient(encodings, input.NodesUsed, mean0 + (2 * SegmentNetwork.Features), table,
                    products + (2 * SegmentNetwork.Features * Width));
            }

            ReadOnlySpan<T> weight = step.Input(MessageParameters.Weight(0)).Values;
            ReadOnlySpan<T> gain = step.Input(MessageParameters.Gain(0)).Values;
            ReadOnlySpan<T> shift = step.Input(MessageParameters.Shift(0)).Values;
            for (int k = 0; k < MessageStatistics<T>.Inputs; k++)
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

    private static void AddTo(Tensor<T> parameter, int index, double value)
    {
        Span<T> gradient = parameter.Gradient;
        if (!gradient.IsEmpty)
        {
            gradient[index] += T.CreateTruncating(value);
        }
    }
}
