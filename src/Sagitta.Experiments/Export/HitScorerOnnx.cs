namespace Sagitta.Experiments.Export;

/// <summary>The network that scores hits as an ONNX file: hits (hits x features), edges (edges x features), sources and targets (edges) in;
/// logits and weight_logits (hits x 1) out, and where it tells tracks apart separation (hits x columns). Attention is a softmax over the
/// edges into each hit: a maximum, a sum and a weighted sum by ScatterElements.</summary>
internal static class HitScorerOnnx
{
    /// <summary>Writes a network with its parameters, and texts that travel with it.</summary>
    public static void Write(string path, HitScorer scorer, ParameterVector<float> parameters, string description,
        params ReadOnlySpan<(string Name, string Text)> texts)
    {
        HitScorerOptions shape = scorer.Options;
        OnnxGraph graph = new("sagitta-hit-scores");
        OnnxLayers layers = new(graph, scorer.Layout, parameters);
        GraphAttentionOptions attention = new() { Heads = shape.Heads, HeadWidth = shape.HeadWidth };
        graph.Input("hits", "hits", -1, HitGraph.HitFeatureCount);
        graph.Input("edges", "edges", -1, HitGraph.EdgeFeatureCount);
        graph.IndexInput("sources", "edges");
        graph.IndexInput("targets", "edges");
        List<(string Name, string Layer, int Columns)> outputs = [("logits", "score", 1), ("weight_logits", "weight", 1)];
        if (scorer.Layout.Find("separation.bias") is { } separation)
        {
            outputs.Add(("separation", "separation", separation.Columns));
        }

        foreach ((string name, _, int columns) in outputs)
        {
            graph.Output(name, "hits", -1, columns);
        }

        string x = layers.Linear("embedding", "hits");
        for (int i = 0; i < shape.Layers; i++)
        {
            x = Attention(graph, layers, attention, $"attention.{i}", x);
        }

        x = graph.Node("Elu", [layers.Linear("readout", x)], ("alpha", 1f));
        foreach ((string name, string layer, _) in outputs)
        {
            graph.NodeTo(name, "Identity", layers.Linear(layer, x));
        }

        foreach ((string name, string text) in texts)
        {
            graph.Metadata(name, text);
        }

        graph.Write(path, "sagitta", RunSummary.Version, description);
    }

    private static string Attention(OnnxGraph graph, OnnxLayers layers, GraphAttentionOptions options, string name, string x)
    {
        int heads = options.Heads;
        string byHead = graph.Constant("shape.heads", -1, options.HeadWidth, heads);
        string flat = graph.Constant("shape.flat", -1, options.Width);
        string one = graph.Constant("axis.one", 1);
        string left = layers.Rows(layers.Linear(name + ".left", x), "sources");
        string right = layers.Rows(layers.Linear(name + ".right", x), "targets");
        string sum = graph.Node("Add", [graph.Node("Add", [left, right]),
            graph.Node("MatMul", ["edges", layers.Weight(name + ".edge.weight")])]);
        string leaky = graph.Node("LeakyRelu", [sum], ("alpha", (float)options.ScoreSlope));

        // Column c belongs to head c mod heads, so the sum of a head is over the middle axis of edges x columns of a head x heads.
        string scores = graph.Node("ReduceSum", [graph.Node(
            "Reshape", [graph.Node("Mul", [leaky, layers.Weight(name + ".attention")]), byHead]), one], ("keepdims", 0L));
        string largest = layers.Reduce(scores, "targets", "hits", "max", float.MinValue, heads);
        string powers = graph.Node("Exp", [graph.Node("Sub", [scores, layers.Rows(largest, "targets")])]);
        string total = layers.Reduce(powers, "targets", "hits", "add", 0, heads);
        string weights = graph.Node("Div", [powers, layers.Rows(total, "targets")]);
        string messages = graph.Node("Reshape", [graph.Node(
            "Mul", [graph.Node("Reshape", [left, byHead]), graph.Node("Unsqueeze", [weights, one])]), flat]);
        string y = graph.Node("Add", [layers.Reduce(messages, "targets", "hits", "add", 0, options.Width), x]);
        string normalised = graph.Node("LayerNormalization",
            [y, layers.Weight(name + ".normalisation.gain"), layers.Weight(name + ".normalisation.bias")],
            ("axis", -1L), ("epsilon", OnnxLayers.NormalisationEpsilon));
        return graph.Node("Elu", [normalised], ("alpha", 1f));
    }
}
