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

/// <summary>The gradient of the messages where it is not zero: in the rows that gave a segment its largest message in some column. One
/// entry for each of these, in the order of rows and then of columns; at most 16 a segment, a small part of all rows of links.</summary>
internal readonly unsafe ref struct WinnerRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Width = 16;

    // Entries whose rows are asked for before they are wanted: rows are in no cache and lie where hardware does not foresee them.
    private const int Ahead = 32;
    private readonly int* _begin;
    private readonly int* _row;
    private readonly int* _column;
    private readonly T* _gradient;

    /// <summary>Sorts entries by counting those of each row.</summary>
    /// <param name="tape">Gives memory.</param>
    /// <param name="winner">Row of each largest message, segments x 16, as a number of the rows' type; -1 for none.</param>
    /// <param name="gradient">Gradient of the largest messages, segments x 16.</param>
    /// <param name="segments">Segments.</param>
    /// <param name="rows">Rows of messages.</param>
    public WinnerRows(Tape<T> tape, T* winner, T* gradient, int segments, int rows)
    {
        // Entries of row r are counted at r + 2, so that filling moves the border at r + 1 to where it belongs.
        _begin = tape.ScratchPointer<int>(rows + 2);
        new Span<int>(_begin, rows + 2).Clear();
        for (int i = 0; i < segments * Width; i++)
        {
            int row = gradient[i] == T.Zero ? -1 : int.CreateTruncating(winner[i]);
            _begin[row + 2] += row < 0 ? 0 : 1;
        }

        for (int row = 1; row <= rows; row++)
        {
            _begin[row + 1] += _begin[row];
        }

        int count = _begin[rows + 1];
        _row = tape.ScratchPointer<int>(count + Ahead);
        new Span<int>(_row + count, Ahead).Clear();
        _column = tape.ScratchPointer<int>(count);
        _gradient = tape.ScratchPointer<T>(count);
        for (int i = 0; i < segments * Width; i++)
        {
            if (gradient[i] != T.Zero && winner[i] >= T.Zero)
            {
                int row = int.CreateTruncating(winner[i]);
                int entry = _begin[row + 1]++;
                (_row[entry], _column[entry], _gradient[entry]) = (row, i % Width, gradient[i]);
            }
        }
    }

    /// <summary>products[c] (a row) += the sum of normalised x times gradient over entries of column c in the rows from
    /// <paramref name="begin"/> to <paramref name="end"/>.</summary>
    public void Outer<TRow>(int begin, int end, T* x, TRow mean, TRow inverse, T* products)
        where TRow : unmanaged, ILanes<TRow, T>
    {
        int last = _begin[end];
        for (int entry = _begin[begin]; entry < last; entry++)
        {
            MatrixTiles<TRow, T>.Fetch((byte*)(x + ((nint)_row[entry + Ahead] * Width)), 64);
            TRow normalised = (TRow.Load(x + ((nint)_row[entry] * Width)) - mean) * inverse;
            T* to = products + (_column[entry] * Width);
            TRow.Store(TRow.FusedMultiplyAdd(_gradient + entry, normalised, TRow.Load(to)), to);
        }
    }

    /// <summary>y[r - begin] += gradient of message r times W, for r from <paramref name="begin"/> to <paramref name="end"/>.</summary>
    public void AddProduct<TRow>(int begin, int end, T* weights, T* y)
        where TRow : unmanaged, ILanes<TRow, T>
    {
        int last = _begin[end];
        for (int entry = _begin[begin]; entry < last; entry++)
        {
            T* to = y + ((nint)(_row[entry] - begin) * Width);
            TRow.Store(TRow.FusedMultiplyAdd(_gradient + entry, TRow.Load(weights + (_column[entry] * Width)), TRow.Load(to)), to);
        }
    }
}
