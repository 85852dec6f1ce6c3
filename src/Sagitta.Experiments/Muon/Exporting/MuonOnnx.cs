namespace Sagitta.Experiments.Muon.Exporting;

/// <summary>
/// The network of a model as an ONNX file: hits (hits x features), edges (edges x features), sources and targets (edges) in, logits and
/// weight_logits (hits x 1) out. Features are those of an exported graph. Attention is a softmax over the edges into each hit: a maximum, a
/// sum and a weighted sum by ScatterElements.
/// </summary>
internal static class MuonOnnx
{
    private const float NormalisationEpsilon = 1e-5f;

    /// <summary>Writes the model.</summary>
    public static void Write(string path, MuonModel model)
    {
        HitScorerOptions shape = model.Experiment.Network;
        HitScorer scorer = new(shape);
        GraphAttentionOptions attention = new() { Heads = shape.Heads, HeadWidth = shape.HeadWidth };
        OnnxGraph graph = new("sagitta-hit-scores");
        Builder builder = new(graph, scorer.Layout, model.Parameters, attention);
        graph.Input("hits", "hits", -1, HitGraph.HitFeatureCount);
        graph.Input("edges", "edges", -1, HitGraph.EdgeFeatureCount);
        graph.IndexInput("sources", "edges");
        graph.IndexInput("targets", "edges");
        graph.Output("logits", "hits", -1, 1);
        graph.Output("weight_logits", "hits", -1, 1);
        string x = builder.Linear("embedding", "hits");
        for (int i = 0; i < shape.Layers; i++)
        {
            x = builder.Attention($"attention.{i}", x);
        }

        x = graph.Node("Elu", [builder.Linear("readout", x)], ("alpha", 1f));
        graph.NodeTo("logits", "Identity", builder.Linear("score", x));
        graph.NodeTo("weight_logits", "Identity", builder.Linear("weight", x));
        graph.Metadata("method", model.Method.Name);
        graph.Metadata("reading", MuonModelFile.Describe(model.Reading));
        graph.Metadata("experiment", ConfigurationFile.Write(model.Experiment));
        graph.Write(path, "sagitta", RunSummary.Version,
            "Logits of hits of a muon spectrometer; features as 'sagitta export graphs' writes them.");
    }

    private sealed class Builder(OnnxGraph graph, ParameterLayout layout, ParameterVector<float> parameters, GraphAttentionOptions options)
    {
        public string Linear(string name, string x) =>
            graph.Node("Add", [graph.Node("MatMul", [x, Weight(name + ".weight")]), Weight(name + ".bias")]);

        public string Attention(string name, string x)
        {
            int heads = options.Heads;
            string byHead = graph.Constant("shape.heads", -1, options.HeadWidth, heads);
            string flat = graph.Constant("shape.flat", -1, options.Width);
            string one = graph.Constant("axis.one", 1);
            string left = graph.Node("Gather", [Linear(name + ".left", x), "sources"], ("axis", 0L));
            string right = graph.Node("Gather", [Linear(name + ".right", x), "targets"], ("axis", 0L));
            string sum = graph.Node("Add", [graph.Node("Add", [left, right]),
                graph.Node("MatMul", ["edges", Weight(name + ".edge.weight")])]);
            string leaky = graph.Node("LeakyRelu", [sum], ("alpha", (float)options.ScoreSlope));

            // Column c belongs to head c mod heads, so the sum of a head is over the middle axis of edges x columns of a head x heads.
            string scores = graph.Node("ReduceSum", [graph.Node(
                "Reshape", [graph.Node("Mul", [leaky, Weight(name + ".attention")]), byHead]), one], ("keepdims", 0L));
            string largest = Scatter(scores, "max", float.MinValue, heads);
            string powers = graph.Node("Exp", [graph.Node("Sub", [scores, graph.Node("Gather", [largest, "targets"], ("axis", 0L))])]);
            string total = Scatter(powers, "add", 0, heads);
            string weights = graph.Node("Div", [powers, graph.Node("Gather", [total, "targets"], ("axis", 0L))]);
            string messages = graph.Node("Reshape", [graph.Node(
                "Mul", [graph.Node("Reshape", [left, byHead]), graph.Node("Unsqueeze", [weights, one])]), flat]);
            string y = graph.Node("Add", [Scatter(messages, "add", 0, options.Width), x]);
            string normalised = graph.Node(
                "LayerNormalization",
                [y, Weight(name + ".normalisation.gain"), Weight(name + ".normalisation.bias")],
                ("axis", -1L),
                ("epsilon", NormalisationEpsilon));
            return graph.Node("Elu", [normalised], ("alpha", 1f));
        }

        // Rows of edges into rows of hits, by target.
        private string Scatter(string rows, string reduction, float start, int columns)
        {
            string hits = graph.Node("Shape", ["hits"], ("start", 0L), ("end", 1L));
            string shape = graph.Node("Concat", [hits, graph.Constant($"columns.{columns}", columns)], ("axis", 0L));
            string empty = graph.Node("Expand", [graph.Constant(start == 0 ? "zero" : "lowest", [start], 1, 1), shape]);
            string targets = graph.Node("Expand", [graph.Node("Unsqueeze", ["targets", graph.Constant("axis.one", 1)]),
                graph.Node("Shape", [rows])]);
            return graph.Node("ScatterElements", [empty, targets, rows], ("axis", 0L), ("reduction", reduction));
        }

        // Vectors of one row lose it: biases add to every row, gains have the shape that normalisation wants.
        private string Weight(string name)
        {
            Parameter parameter = layout.Find(name) ?? throw new InvalidOperationException(
                $"The network has no parameter '{name}': the export does not know this shape of network.");
            return parameter.Rows == 1
                ? graph.Constant(name, parameters.Slice(parameter), parameter.Columns)
                : graph.Constant(name, parameters.Slice(parameter), parameter.Rows, parameter.Columns);
        }
    }
}
