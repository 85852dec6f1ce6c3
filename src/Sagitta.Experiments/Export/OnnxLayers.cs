namespace Sagitta.Experiments.Export;

/// <summary>Layers of a trained network as operators of an ONNX graph, with the parameters of the network as constants.</summary>
internal sealed class OnnxLayers(OnnxGraph graph, ParameterLayout layout, ParameterVector<float> parameters)
{
    public const float NormalisationEpsilon = 1e-5f;

    /// <summary>x times weights plus bias.</summary>
    public string Linear(string name, string x) =>
        graph.Node("Add", [graph.Node("MatMul", [x, Weight(name + ".weight")]), Weight(name + ".bias")]);

    public string Rows(string array, string numbers) => graph.Node("Gather", [array, numbers], ("axis", 0L));

    /// <summary>Arrays of as many rows, side by side.</summary>
    public string Columns(params IReadOnlyList<string> arrays) => graph.Node("Concat", arrays, ("axis", 1L));

    /// <summary>Rows reduced ("add" or "max") into one row for each row of <paramref name="nodes"/>, by the numbers of <paramref
    /// name="targets"/>; where nothing comes, <paramref name="start"/> stays.</summary>
    public string Reduce(string rows, string targets, string nodes, string reduction, float start, int columns)
    {
        string count = graph.Node("Shape", [nodes], ("start", 0L), ("end", 1L));
        string shape = graph.Node("Concat", [count, graph.Constant($"columns.{columns}", columns)], ("axis", 0L));
        string empty = graph.Node("Expand", [graph.Constant(start == 0 ? "zero" : "lowest", [start], 1, 1), shape]);
        string places = graph.Node("Expand", [
            graph.Node("Unsqueeze", [targets, graph.Constant("axis.one", 1)]), graph.Node("Shape", [rows])]);
        return graph.Node("ScatterElements", [empty, places, rows], ("axis", 0L), ("reduction", reduction));
    }

    /// <summary>The largest row for each node, 0 where none comes.</summary>
    public string Largest(string rows, string targets, string nodes, int columns)
    {
        string ones = graph.Node("Expand", [graph.Constant("one", [1f], 1, 1), graph.Node("Shape", [rows])]);
        return graph.Node("Mul", [
            Reduce(rows, targets, nodes, "max", float.MinValue, columns), Reduce(ones, targets, nodes, "max", 0, columns)]);
    }

    /// <summary>A perceptron of linear layers with batch normalisation before each and a leaky rectifier after each but the last, or, with
    /// a normalised output, a rectifier and a normalisation behind the last too. Running averages normalise.</summary>
    public string Perceptron(string name, string x, int layers, bool normalisedOutput)
    {
        for (int i = 0; i < layers; i++)
        {
            x = Linear($"{name}.linear.{i}", Normalised($"{name}.normalisation.{i}", x));
            x = i + 1 < layers || normalisedOutput ? graph.Node("LeakyRelu", [x], ("alpha", 0.01f)) : x;
        }

        return normalisedOutput ? Normalised($"{name}.normalisation.{layers}", x) : x;
    }

    /// <summary>A parameter as a constant. Vectors of one row lose it: biases add to every row, gains have the shape that normalisation
    /// wants.</summary>
    public string Weight(string name)
    {
        Parameter parameter = Find(name);
        return parameter.Rows == 1
            ? graph.Constant(name, parameters.Slice(parameter), parameter.Columns)
            : graph.Constant(name, parameters.Slice(parameter), parameter.Rows, parameter.Columns);
    }

    // (x - mean) / sqrt(variance + epsilon) gain + bias, as one product and one sum.
    private string Normalised(string name, string x)
    {
        Span<float> gain = parameters.Slice(Find(name + ".gain")), bias = parameters.Slice(Find(name + ".bias"));
        Span<float> mean = parameters.Slice(Find(name + ".running_mean")), variance = parameters.Slice(Find(name + ".running_variance"));
        float[] scale = new float[gain.Length], shift = new float[gain.Length];
        for (int c = 0; c < scale.Length; c++)
        {
            double factor = gain[c] / Math.Sqrt(variance[c] + (double)NormalisationEpsilon);
            scale[c] = (float)factor;
            shift[c] = (float)(bias[c] - (mean[c] * factor));
        }

        string product = graph.Node("Mul", [x, graph.Constant(name + ".scale", scale, scale.Length)]);
        return graph.Node("Add", [product, graph.Constant(name + ".shift", shift, shift.Length)]);
    }

    private Parameter Find(string name) => layout.Find(name)
        ?? throw new InvalidOperationException($"The network has no parameter '{name}': the export does not know this shape of network.");
}
