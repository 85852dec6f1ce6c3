namespace Sagitta.Experiments.Export;

/// <summary>The network that scores hits in an ONNX graph. Attention is a softmax over the edges into each hit: a maximum, a sum and a
/// weighted sum by ScatterElements.</summary>
internal static class HitScorerOnnx
{
    /// <summary>Declares hits (hits x features), edges (edges x features), sources and targets (edges).</summary>
    public static void AddInputs(OnnxGraph graph)
    {
        graph.Input("hits", "hits", -1, HitGraph.HitFeatureCount);
        graph.Input("edges", "edges", -1, HitGraph.EdgeFeatureCount);
        graph.IndexInput("sources", "edges");
        graph.IndexInput("targets", "edges");
    }

    /// <summary>Declares logits and weight_logits (hits x 1), and separation where the network has it, and adds the network on the values
    /// "hits", "edges", "sources" and "targets".</summary>
    public static void Append(OnnxGraph graph, HitScorer scorer, ParameterVector<float> parameters)
    {
        OnnxLayers layers = new(graph, scorer.Layout, parameters);
        string x = Readout(graph, scorer.Options, layers, "");
        AddOutputs(graph, layers.Linear("score", x), layers.Linear("weight", x));
        if (scorer.Layout.Find("separation.weight") is { } separation)
        {
            graph.NodeTo(graph.Output("separation", "hits", -1, separation.Columns), "Identity", layers.Linear("separation", x));
        }
    }

    /// <summary>Declares logits and weight_logits (hits x 1).</summary>
    public static void AddOutputs(OnnxGraph graph, string logits, string weightLogits)
    {
        graph.NodeTo(graph.Output("logits", "hits", -1, 1), "Identity", logits);
        graph.NodeTo(graph.Output("weight_logits", "hits", -1, 1), "Identity", weightLogits);
    }

    /// <summary>The network on the values "hits", "edges", "sources" and "targets", each with an ending: logits and weight logits (hits x
    /// 1).</summary>
    public static (OnnxValue Score, OnnxValue Weight) Scores(OnnxGraph graph, HitScorer scorer, ParameterVector<float> parameters,
        string ending)
    {
        OnnxLayers layers = new(graph, scorer.Layout, parameters);
        string x = Readout(graph, scorer.Options, layers, ending);
        return (new(graph, layers.Linear("score", x)), new(graph, layers.Linear("weight", x)));
    }

    private static string Readout(OnnxGraph graph, HitScorerOptions shape, OnnxLayers layers, string ending)
    {
        GraphAttentionOptions attention = new() { Heads = shape.Heads, HeadWidth = shape.HeadWidth };
        string x = layers.Linear("embedding", "hits" + ending);
        for (int i = 0; i < shape.Layers; i++)
        {
            x = Attention(graph, layers, attention, $"attention.{i}", x, ending);
        }

        return graph.Node("Elu", [layers.Linear("readout", x)], ("alpha", 1f));
    }

    private static string Attention(OnnxGraph graph, OnnxLayers layers, GraphAttentionOptions options, string name, string x, string ending)
    {
        string hits = "hits" + ending, targets = "targets" + ending;
        int heads = options.Heads;
        string byHead = graph.Constant("shape.heads", -1, options.HeadWidth, heads);
        string flat = graph.Constant("shape.flat", -1, options.Width);
        string one = graph.Constant("axis.one", 1);
        string left = layers.Rows(layers.Linear(name + ".left", x), "sources" + ending);
        string right = layers.Rows(layers.Linear(name + ".right", x), targets);
        string sum = graph.Node("Add", [graph.Node("Add", [left, right]),
            graph.Node("MatMul", ["edges" + ending, layers.Weight(name + ".edge.weight")])]);
        string leaky = graph.Node("LeakyRelu", [sum], ("alpha", (float)options.ScoreSlope));

        // Column c belongs to head c mod heads, so the sum of a head is over the middle axis of edges x columns of a head x heads.
        string scores = graph.Node("ReduceSum", [graph.Node(
            "Reshape", [graph.Node("Mul", [leaky, layers.Weight(name + ".attention")]), byHead]), one], ("keepdims", 0L));
        string largest = layers.Reduce(scores, targets, hits, "max", float.MinValue, heads);
        string powers = graph.Node("Exp", [graph.Node("Sub", [scores, layers.Rows(largest, targets)])]);
        string total = layers.Reduce(powers, targets, hits, "add", 0, heads);
        string weights = graph.Node("Div", [powers, layers.Rows(total, targets)]);
        string messages = graph.Node("Reshape", [graph.Node(
            "Mul", [graph.Node("Reshape", [left, byHead]), graph.Node("Unsqueeze", [weights, one])]), flat]);
        string y = graph.Node("Add", [layers.Reduce(messages, targets, hits, "add", 0, options.Width), x]);
        string normalised = graph.Node("LayerNormalization",
            [y, layers.Weight(name + ".normalisation.gain"), layers.Weight(name + ".normalisation.bias")],
            ("axis", -1L), ("epsilon", OnnxLayers.NormalisationEpsilon));
        return graph.Node("Elu", [normalised], ("alpha", 1f));
    }
}
