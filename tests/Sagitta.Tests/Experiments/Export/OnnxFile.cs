using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Sagitta.Tests.Experiments.Export;

/// <summary>
/// Reads an ONNX file field by field and runs its operators one number at a time: a second reading of the standard, apart from the
/// writer's. Arrays of whole numbers are kept as doubles too.
/// </summary>
internal sealed class OnnxFile
{
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
    private readonly List<Node> _nodes = [];

    public OnnxFile(byte[] bytes)
    {
        foreach ((int field, ulong number, byte[] data) in Fields(bytes))
        {
            switch (field)
            {
                case 1:
                    IrVersion = (long)number;
                    break;
                case 7:
                    ReadGraph(data);
                    break;
                case 8:
                    OperatorSet = (long)Fields(data).Single(f => f.Field == 2).Number;
                    break;
                case 14:
                    (int, ulong, byte[] Data)[] pair = [.. Fields(data)];
                    Metadata[Encoding.UTF8.GetString(pair[0].Data)] = Encoding.UTF8.GetString(pair[1].Data);
                    break;
            }
        }
    }

    public long IrVersion { get; }

    public long OperatorSet { get; }

    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public double[][] Run(params (string Name, int[] Shape, double[] Data)[] inputs)
    {
        foreach ((string name, int[] shape, double[] data) in inputs)
        {
            _values[name] = new(shape, data);
        }

        foreach (Node node in _nodes)
        {
            _values[node.Output] = Evaluate(node);
        }

        return [.. Outputs.Select(output => _values[output].Data)];
    }

    private Value Evaluate(Node node)
    {
        Value At(int i) => _values[node.Inputs[i]];
        double Attribute(string name) => node.Attributes[name].Number;
        switch (node.Type)
        {
            case "Identity":
                return At(0);
            case "Add":
                return Broadcast(At(0), At(1), (a, b) => a + b);
            case "Sub":
                return Broadcast(At(0), At(1), (a, b) => a - b);
            case "Mul":
                return Broadcast(At(0), At(1), (a, b) => a * b);
            case "Div":
                return Broadcast(At(0), At(1), (a, b) => a / b);
            case "Exp":
                return new(At(0).Shape, [.. At(0).Data.Select(Math.Exp)]);
            case "Elu":
                return new(At(0).Shape, [.. At(0).Data.Select(x => x > 0 ? x : Attribute("alpha") * (Math.Exp(x) - 1))]);
            case "LeakyRelu":
                return new(At(0).Shape, [.. At(0).Data.Select(x => x >= 0 ? x : Attribute("alpha") * x)]);
            case "MatMul":
                return MatMul(At(0), At(1));
            case "Gather":
                Assert.Equal(0, Attribute("axis"));
                int width = At(0).Shape.Skip(1).Aggregate(1, (a, b) => a * b);
                return new([.. At(1).Shape, .. At(0).Shape.Skip(1)],
                    [.. At(1).Data.SelectMany(i => At(0).Data.Skip((int)i * width).Take(width))]);
            case "Shape":
                int end = node.Attributes.TryGetValue("end", out var last) ? (int)last.Number : At(0).Shape.Length;
                double[] extents = [.. At(0).Shape[..end].Select(x => (double)x)];
                return new([extents.Length], extents);
            case "Concat":
                return Attribute("axis") == 0 ? new([At(0).Shape[0] + At(1).Shape[0]], [.. At(0).Data, .. At(1).Data])
                    : Columns([.. node.Inputs.Select((_, i) => At(i))]);
            case "Sigmoid":
                return new(At(0).Shape, [.. At(0).Data.Select(x => 1 / (1 + Math.Exp(-x)))]);
            case "Reshape":
                int[] shape = [.. At(1).Data.Select(x => (int)x)];
                int known = shape.Where(x => x > 0).Aggregate(1, (a, b) => a * b);
                return new([.. shape.Select(x => x < 0 ? At(0).Data.Length / known : x)], At(0).Data);
            case "Unsqueeze":
                List<int> longer = [.. At(0).Shape];
                longer.Insert((int)At(1).Data.Single(), 1);
                return new([.. longer], At(0).Data);
            case "Expand":
                int[] wanted = [.. At(1).Data.Select(x => (int)x)];
                return Broadcast(At(0), new(wanted, new double[wanted.Aggregate(1, (a, b) => a * b)]), (a, _) => a);
            case "ReduceSum":
                Assert.Equal(0, Attribute("keepdims"));
                Assert.Equal(1, At(1).Data.Single());
                return SumOfMiddle(At(0));
            case "ScatterElements":
                Assert.Equal(0, Attribute("axis"));
                return Scatter(At(0), At(1), At(2), node.Attributes["reduction"].Text);
            case "LayerNormalization":
                return Normalise(At(0), At(1), At(2), Attribute("epsilon"));
            default:
                throw new InvalidOperationException($"The operator {node.Type} is not known here.");
        }
    }

    private static Value Broadcast(Value a, Value b, Func<double, double, double> combine)
    {
        int rank = Math.Max(a.Shape.Length, b.Shape.Length);
        int[] left = [.. Enumerable.Repeat(1, rank - a.Shape.Length), .. a.Shape];
        int[] right = [.. Enumerable.Repeat(1, rank - b.Shape.Length), .. b.Shape];
        int[] shape = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            Assert.True(left[i] == right[i] || left[i] == 1 || right[i] == 1, "shapes do not broadcast");
            shape[i] = left[i] == 1 ? right[i] : left[i];
        }

        double[] data = new double[shape.Aggregate(1, (x, y) => x * y)];
        for (int k = 0; k < data.Length; k++)
        {
            data[k] = combine(a.Data[Place(k, left)], b.Data[Place(k, right)]);
        }

        return new(shape, data);

        int Place(int k, int[] own)
        {
            int place = 0;
            int stride = 1;
            for (int i = rank - 1; i >= 0; i--)
            {
                place += own[i] == 1 ? 0 : k % shape[i] * stride;
                stride *= own[i];
                k /= shape[i];
            }

            return place;
        }
    }

    private static Value Columns(Value[] parts)
    {
        int rows = parts[0].Shape[0];
        Assert.All(parts, part => Assert.Equal([rows, part.Data.Length / rows], part.Shape));
        return new([rows, parts.Sum(part => part.Shape[1])], [.. Enumerable.Range(0, rows).SelectMany(
            row => parts.SelectMany(part => part.Data.Skip(row * part.Shape[1]).Take(part.Shape[1])))]);
    }

    private static Value MatMul(Value a, Value b)
    {
        (int rows, int inner, int columns) = (a.Shape[0], a.Shape[1], b.Shape[1]);
        double[] data = new double[rows * columns];
        for (int r = 0; r < rows; r++)
        {
            for (int i = 0; i < inner; i++)
            {
                for (int c = 0; c < columns; c++)
                {
                    data[(r * columns) + c] += a.Data[(r * inner) + i] * b.Data[(i * columns) + c];
                }
            }
        }

        return new([rows, columns], data);
    }

    private static Value SumOfMiddle(Value x)
    {
        (int first, int middle, int last) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        double[] data = new double[first * last];
        for (int k = 0; k < x.Data.Length; k++)
        {
            data[(k / (middle * last) * last) + (k % last)] += x.Data[k];
        }

        return new([first, last], data);
    }

    private static Value Scatter(Value start, Value indices, Value updates, string reduction)
    {
        Assert.Equal(indices.Shape, updates.Shape);
        int columns = start.Shape[1];
        double[] data = [.. start.Data];
        for (int k = 0; k < updates.Data.Length; k++)
        {
            int place = ((int)indices.Data[k] * columns) + (k % columns);
            data[place] = reduction == "max" ? Math.Max(data[place], updates.Data[k]) : data[place] + updates.Data[k];
        }

        return new(start.Shape, data);
    }

    private static Value Normalise(Value x, Value gain, Value bias, double epsilon)
    {
        int columns = x.Shape[1];
        double[] data = new double[x.Data.Length];
        for (int first = 0; first < data.Length; first += columns)
        {
            double[] row = x.Data[first..(first + columns)];
            double mean = row.Average();
            double deviation = Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + epsilon);
            for (int c = 0; c < columns; c++)
            {
                data[first + c] = ((row[c] - mean) / deviation * gain.Data[c]) + bias.Data[c];
            }
        }

        return new(x.Shape, data);
    }

    private void ReadGraph(byte[] bytes)
    {
        foreach ((int field, _, byte[] data) in Fields(bytes))
        {
            switch (field)
            {
                case 1:
                    _nodes.Add(ReadNode(data));
                    break;
                case 5:
                    ReadTensor(data);
                    break;
                case 11:
                    Inputs.Add(Encoding.UTF8.GetString(Fields(data).First(f => f.Field == 1).Data));
                    break;
                case 12:
                    Outputs.Add(Encoding.UTF8.GetString(Fields(data).First(f => f.Field == 1).Data));
                    break;
            }
        }
    }

    private void ReadTensor(byte[] bytes)
    {
        List<int> shape = [];
        ulong element = 0;
        string name = "";
        byte[] raw = [];
        foreach ((int field, ulong number, byte[] data) in Fields(bytes))
        {
            switch (field)
            {
                case 1:
                    shape.Add((int)number);
                    break;
                case 2:
                    element = number;
                    break;
                case 8:
                    name = Encoding.UTF8.GetString(data);
                    break;
                case 9:
                    raw = data;
                    break;
            }
        }

        double[] values = element == 1
            ? [.. MemoryMarshal.Cast<byte, float>(raw).ToArray().Select(x => (double)x)]
            : [.. MemoryMarshal.Cast<byte, long>(raw).ToArray().Select(x => (double)x)];
        Assert.Equal(shape.Aggregate(1, (a, b) => a * b), values.Length);
        _values[name] = new([.. shape], values);
    }

    private static Node ReadNode(byte[] bytes)
    {
        List<string> inputs = [];
        string output = "";
        string type = "";
        Dictionary<string, (double Number, string Text)> attributes = new(StringComparer.Ordinal);
        foreach ((int field, _, byte[] data) in Fields(bytes))
        {
            switch (field)
            {
                case 1:
                    inputs.Add(Encoding.UTF8.GetString(data));
                    break;
                case 2:
                    output = Encoding.UTF8.GetString(data);
                    break;
                case 4:
                    type = Encoding.UTF8.GetString(data);
                    break;
                case 5:
                    (int Field, ulong Number, byte[] Data)[] parts = [.. Fields(data)];
                    (int Field, ulong Number, byte[] Data) value = parts[1];
                    attributes[Encoding.UTF8.GetString(parts[0].Data)] =
                        (value.Field == 2 ? BitConverter.UInt32BitsToSingle((uint)value.Number) : (long)value.Number, value.Field == 4
                            ? Encoding.UTF8.GetString(value.Data) : "");
                    break;
            }
        }

        return new(type, inputs, output, attributes);
    }

    private static IEnumerable<(int Field, ulong Number, byte[] Data)> Fields(byte[] bytes)
    {
        int place = 0;
        while (place < bytes.Length)
        {
            ulong tag = Varint(bytes, ref place);
            int field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return (field, Varint(bytes, ref place), []);
                    break;
                case 2:
                    int length = (int)Varint(bytes, ref place);
                    yield return (field, 0, bytes[place..(place + length)]);
                    place += length;
                    break;
                case 5:
                    yield return (field, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(place)), []);
                    place += 4;
                    break;
                default:
                    throw new InvalidOperationException($"Wire type {tag & 7} at {place}.");
            }
        }
    }

    private static ulong Varint(byte[] bytes, ref int place)
    {
        ulong value = 0;
        int shift = 0;
        byte part;
        do
        {
            part = bytes[place++];
            value |= (ulong)(part & 0x7F) << shift;
            shift += 7;
        }
        while ((part & 0x80) != 0);

        return value;
    }

    private sealed record Value(int[] Shape, double[] Data);

    private sealed record Node(string Type, List<string> Inputs, string Output,
        Dictionary<string, (double Number, string Text)> Attributes);
}
