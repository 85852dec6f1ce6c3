using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Sagitta.Experiments.Export;

/// <summary>A graph of operators in the wire format of ONNX (onnx.proto, IR version 8), built node by node. Field numbers stand beside what
/// they write.</summary>
internal sealed class OnnxGraph
{
    // LayerNormalization is of operator set 17, the reductions of ScatterElements that are used here of 18.
    private const int OperatorSet = 18;
    private const int IrVersion = 8;
    private const int ElementFloat = 1;
    private const int ElementInt64 = 7;

    private readonly OnnxMessage _graph = new();
    private readonly OnnxMessage _metadata = new();
    private readonly HashSet<string> _initializers = new(StringComparer.Ordinal);
    private int _serial;

    public OnnxGraph(string name) => _graph.Text(2, name);

    /// <summary>Declares an input of numbers; a negative extent is a free one, called by <paramref name="free"/>.</summary>
    public string Input(string name, string free, params ReadOnlySpan<int> shape) => Value(11, name, ElementFloat, free, shape);

    /// <summary>Declares an input of whole numbers.</summary>
    public string IndexInput(string name, string free) => Value(11, name, ElementInt64, free, [-1]);

    /// <summary>Declares an output of numbers.</summary>
    public string Output(string name, string free, params ReadOnlySpan<int> shape) => Value(12, name, ElementFloat, free, shape);

    /// <summary>Adds a constant array of numbers once; returns its name.</summary>
    public string Constant(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        if (_initializers.Add(name))
        {
            _graph.Message(5, Tensor(name, ElementFloat, MemoryMarshal.AsBytes(values), shape));
        }

        return name;
    }

    /// <summary>Adds a constant list of whole numbers once; returns its name.</summary>
    public string Constant(string name, params ReadOnlySpan<long> values)
    {
        if (_initializers.Add(name))
        {
            _graph.Message(5, Tensor(name, ElementInt64, MemoryMarshal.AsBytes(values), [values.Length]));
        }

        return name;
    }

    /// <summary>Adds a node of an operator with one output and returns the output's name; attributes are float, long or text.</summary>
    public string Node(string type, IReadOnlyList<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Add(type, inputs, $"{type}_{_serial++}", attributes);

    /// <summary>Adds a node whose output has a given name.</summary>
    public string NodeTo(string output, string type, params IReadOnlyList<string> inputs) => Add(type, inputs, output, []);

    /// <summary>A text that travels with the model.</summary>
    public void Metadata(string key, string value) => _metadata.Message(14, new OnnxMessage().Text(1, key).Text(2, value));

    /// <summary>Writes the model file, whole or not at all.</summary>
    public void Write(string path, string producer, string version, string description) => AtomicFile.Write(path, stream =>
    {
        OnnxMessage model = new OnnxMessage()
            .Number(1, IrVersion)
            .Text(2, producer)
            .Text(3, version)
            .Text(6, description)
            .Message(7, _graph)
            .Message(8, new OnnxMessage().Text(1, "").Number(2, OperatorSet));
        stream.Write(model.ToBytes());
        stream.Write(_metadata.ToBytes());
    });

    private string Add(string type, IReadOnlyList<string> inputs, string output, ReadOnlySpan<(string Name, object Value)> attributes)
    {
        OnnxMessage node = new();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(3, output).Text(4, type);
        foreach ((string name, object value) in attributes)
        {
            OnnxMessage attribute = new OnnxMessage().Text(1, name);
            node.Message(5, value switch
            {
                float number => attribute.Float(2, number).Number(20, 1),
                long whole => attribute.Number(3, whole).Number(20, 2),
                string text => attribute.Text(4, text).Number(20, 3),
                _ => throw new ArgumentException($"Attribute '{name}' is a {value.GetType().Name}: give float, long or string.",
                    nameof(attributes)),
            });
        }

        _graph.Message(1, node);
        return output;
    }

    private string Value(int field, string name, int element, string free, ReadOnlySpan<int> shape)
    {
        OnnxMessage dimensions = new();
        foreach (int extent in shape)
        {
            dimensions.Message(1, extent < 0 ? new OnnxMessage().Text(2, free) : new OnnxMessage().Number(1, extent));
        }

        OnnxMessage type = new OnnxMessage().Message(1, new OnnxMessage().Number(1, element).Message(2, dimensions));
        _graph.Message(field, new OnnxMessage().Text(1, name).Message(2, type));
        return name;
    }

    private static OnnxMessage Tensor(string name, int element, ReadOnlySpan<byte> values, ReadOnlySpan<long> shape)
    {
        OnnxMessage tensor = new();
        foreach (long extent in shape)
        {
            tensor.Number(1, extent);
        }

        return tensor.Number(2, element).Text(8, name).Bytes(9, ByteString.CopyFrom(values));
    }
}
