namespace Sagitta.Experiments.Export;

/// <summary>A value of an ONNX graph in a formula: operators add nodes. Arrays follow NumPy's rules for shapes; numbers are in double
/// precision.</summary>
/// <param name="Graph">Where the nodes go.</param>
/// <param name="Name">Its name there.</param>
internal readonly record struct OnnxValue(OnnxGraph Graph, string Name)
{
    private const long Double = 11;
    private const long Float = 1;

    public static OnnxValue operator +(OnnxValue a, OnnxValue b) => a.With("Add", b);

    public static OnnxValue operator -(OnnxValue a, OnnxValue b) => a.With("Sub", b);

    public static OnnxValue operator *(OnnxValue a, OnnxValue b) => a.With("Mul", b);

    public static OnnxValue operator /(OnnxValue a, OnnxValue b) => a.With("Div", b);

    public static OnnxValue operator +(OnnxValue a, double b) => a + a.Graph.Number(b);

    public static OnnxValue operator -(OnnxValue a, double b) => a - a.Graph.Number(b);

    public static OnnxValue operator *(OnnxValue a, double b) => a * a.Graph.Number(b);

    public static OnnxValue operator /(OnnxValue a, double b) => a / a.Graph.Number(b);

    public static OnnxValue operator -(double a, OnnxValue b) => b.Graph.Number(a) - b;

    public static OnnxValue operator /(double a, OnnxValue b) => b.Graph.Number(a) / b;

    public static OnnxValue operator <(OnnxValue a, OnnxValue b) => a.With("Less", b);

    public static OnnxValue operator >(OnnxValue a, OnnxValue b) => a.With("Greater", b);

    public static OnnxValue operator <=(OnnxValue a, OnnxValue b) => a.With("LessOrEqual", b);

    public static OnnxValue operator >=(OnnxValue a, OnnxValue b) => a.With("GreaterOrEqual", b);

    public static OnnxValue operator &(OnnxValue a, OnnxValue b) => a.With("And", b);

    /// <summary>An operator of two inputs.</summary>
    public OnnxValue With(string type, OnnxValue other) => new(Graph, Graph.Node(type, [Name, other.Name]));

    /// <summary>An operator of one input.</summary>
    public OnnxValue Apply(string type) => new(Graph, Graph.Node(type, [Name]));

    /// <summary>Where this condition holds one value, elsewhere the other.</summary>
    public OnnxValue Choose(OnnxValue holds, OnnxValue fails) => new(Graph, Graph.Node("Where", [Name, holds.Name, fails.Name]));

    /// <summary>In double precision.</summary>
    public OnnxValue ToDouble() => new(Graph, Graph.Node("Cast", [Name], ("to", Double)));

    /// <summary>In single precision.</summary>
    public OnnxValue ToFloat() => new(Graph, Graph.Node("Cast", [Name], ("to", Float)));

    /// <summary>Elements along an axis, by their numbers.</summary>
    public OnnxValue At(string numbers, long axis = 0) => new(Graph, Graph.Node("Gather", [Name, numbers], ("axis", axis)));

    /// <summary>With a new axis of length 1.</summary>
    public OnnxValue Unsqueezed(long axis) => new(Graph, Graph.Node("Unsqueeze", [Name, Graph.Constant($"axis {axis}", axis)]));

    /// <summary>The sum over an axis, which goes.</summary>
    public OnnxValue Sum(long axis = 0) => Reduced("ReduceSum", axis);

    /// <summary>The largest along an axis, which goes.</summary>
    public OnnxValue Largest(long axis) => Reduced("ReduceMax", axis);

    /// <summary>The same value in the body of a loop: its nodes go there.</summary>
    public OnnxValue In(OnnxGraph body) => new(body, Name);

    private OnnxValue Reduced(string type, long axis) =>
        new(Graph, Graph.Node(type, [Name, Graph.Constant($"axis {axis}", axis)], ("keepdims", 0L)));
}
