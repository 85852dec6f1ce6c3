using System.Runtime.InteropServices;

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
    private const int ElementBool = 9;
    private const int ElementDouble = 11;

    private readonly WireMessage _graph = new();
    private readonly WireMessage _metadata = new();
    private readonly HashSet<string> _initializers = new(StringComparer.Ordinal);
    private readonly string _prefix;
    private int _serial;

    /// <summary>A graph; as the body of a loop it needs a prefix, since its names must not be those of the graph around it.</summary>
    public OnnxGraph(string name, string prefix = "")
    {
        _graph.Text(2, name);
        _prefix = prefix;
    }

    /// <summary>Declares an input of numbers; a negative extent is a free one, called by <paramref name="free"/>.</summary>
    public string Input(string name, string free, params ReadOnlySpan<int> shape) => Value(11, name, ElementFloat, free, shape);

    /// <summary>Declares an input of whole numbers.</summary>
    public string IndexInput(string name, string free) => Value(11, name, ElementInt64, free, [-1]);

    /// <summary>Declares what goes round in the body of a loop: its number, whether it goes on, and numbers in double precision.</summary>
    public void LoopInputs(params ReadOnlySpan<(string Name, int[] Shape)> carried)
    {
        Value(11, _prefix + "iteration", ElementInt64, "", []);
        Value(11, _prefix + "before", ElementBool, "", []);
        foreach ((string name, int[] shape) in carried)
        {
            Value(11, name, ElementDouble, "", shape);
        }
    }

    /// <summary>Declares the output that tells whether a loop goes on.</summary>
    public string ConditionOutput(string name) => Value(12, name, ElementBool, "", []);

    /// <summary>Declares an output of numbers in double precision.</summary>
    public string PreciseOutput(string name, string free, params ReadOnlySpan<int> shape) => Value(12, name, ElementDouble, free, shape);

    /// <summary>Declares an output of numbers.</summary>
    public string Output(string name, string free, params ReadOnlySpan<int> shape) => Value(12, name, ElementFloat, free, shape);

    /// <summary>Adds a constant array of numbers once; returns its name.</summary>
    public string Constant(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        if (_initializers.Add(name))
        {
            _graph.Message(5, Tensor(_prefix + name, ElementFloat, MemoryMarshal.AsBytes(values), shape));
        }

        return _prefix + name;
    }

    /// <summary>Adds a constant list of whole numbers once; returns its name.</summary>
    public string Constant(string name, params ReadOnlySpan<long> values)
    {
        if (_initializers.Add(name))
        {
            _graph.Message(5, Tensor(_prefix + name, ElementInt64, MemoryMarshal.AsBytes(values), [values.Length]));
        }

        return _prefix + name;
    }

    /// <summary>Adds a constant array in double precision once; without a shape it is a single number.</summary>
    public OnnxValue Precise(string name, ReadOnlySpan<double> values, params ReadOnlySpan<long> shape)
    {
        if (_initializers.Add(name))
        {
            _graph.Message(5, Tensor(_prefix + name, ElementDouble, MemoryMarshal.AsBytes(values), shape));
        }

        return new(this, _prefix + name);
    }

    /// <summary>A number in double precision.</summary>
    public OnnxValue Number(double value) => Precise(string.Create(CultureInfo.InvariantCulture, $"number {value:R}"), [value]);

    /// <summary>The whole number 0 or above, as an array without axes.</summary>
    public string Index(long value)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{_prefix}index {value}");
        if (_initializers.Add(name))
        {
            _graph.Message(5, Tensor(name, ElementInt64, MemoryMarshal.AsBytes([value]), []));
        }

        return name;
    }

    /// <summary>Adds a node of an operator with one output and returns the output's name; attributes are float, long, text or a
    /// graph.</summary>
    public string Node(string type, IReadOnlyList<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Add(type, inputs, [$"{_prefix}{type}_{_serial++}"], attributes);

    /// <summary>Adds a node whose output has a given name.</summary>
    public string NodeTo(string output, string type, params IReadOnlyList<string> inputs) => Add(type, inputs, [output], []);

    /// <summary>Adds a node of several outputs.</summary>
    public void NodeTo(IReadOnlyList<string> outputs, string type, IReadOnlyList<string> inputs,
        params ReadOnlySpan<(string Name, object Value)> attributes) => Add(type, inputs, outputs, attributes);

    /// <summary>A text that travels with the model.</summary>
    public void Metadata(string key, string value) => _metadata.Message(14, new WireMessage().Text(1, key).Text(2, value));

    /// <summary>Writes the model file, whole or not at all.</summary>
    public void Write(string path, string producer, string version, string description) => AtomicFile.Write(path, stream =>
    {
        WireMessage model = new WireMessage()
            .Number(1, IrVersion)
            .Text(2, producer)
            .Text(3, version)
            .Text(6, description)
            .Message(7, _graph)
            .Message(8, new WireMessage().Text(1, "").Number(2, OperatorSet));
        stream.Write(model.Bytes);
        stream.Write(_metadata.Bytes);
    });

    private string Add(string type, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs,
        ReadOnlySpan<(string Name, object Value)> attributes)
    {
        WireMessage node = new();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        foreach (string output in outputs)
        {
            node.Text(2, output);
        }

        node.Text(3, outputs[0]).Text(4, type);
        foreach ((string name, object value) in attributes)
        {
            WireMessage attribute = new WireMessage().Text(1, name);
            node.Message(5, value switch
            {
                float number => attribute.Float(2, number).Number(20, 1),
                long whole => attribute.Number(3, whole).Number(20, 2),
                string text => attribute.Text(4, text).Number(20, 3),
                OnnxGraph body => attribute.Message(6, body._graph).Number(20, 5),
                _ => throw new ArgumentException($"Attribute '{name}' is a {value.GetType().Name}: give float, long, string or a graph.",
                    nameof(attributes)),
            });
        }

        _graph.Message(1, node);
        return outputs[0];
    }

    private string Value(int field, string name, int element, string free, ReadOnlySpan<int> shape)
    {
        WireMessage dimensions = new();
        foreach (int extent in shape)
        {
            dimensions.Message(1, extent < 0 ? new WireMessage().Text(2, free) : new WireMessage().Number(1, extent));
        }

        WireMessage type = new WireMessage().Message(1, new WireMessage().Number(1, element).Message(2, dimensions));
        _graph.Message(field, new WireMessage().Text(1, name).Message(2, type));
        return name;
    }

    private static WireMessage Tensor(string name, int element, ReadOnlySpan<byte> values, ReadOnlySpan<long> shape)
    {
        WireMessage tensor = new();
        foreach (long extent in shape)
        {
            tensor.Number(1, extent);
        }

        return tensor.Number(2, element).Text(8, name).Raw(9, values);
    }
}
