namespace Sagitta.Experiments.Calorimeter.Exporting;

/// <summary>
/// The network of a calorimeter model as an ONNX file. Line graph: segments (segments x 8), encoding (links x 128), sources and targets
/// (links) in. Hit graph: hits (hits x 4), shapes (segments x 3), sources and targets (segments) in. Out: logits (segments x 1). The arrays
/// are those of an exported graph.
/// </summary>
internal static class CalorimeterOnnx
{
    /// <summary>Writes the model.</summary>
    public static void Write(string path, CalorimeterModel model)
    {
        OnnxGraph graph = new("sagitta-segment-scores");
        OnnxLayers layers = new(graph, model.Network.Layout, model.Parameters);
        SegmentNetworkOptions options = model.Network.Options;
        if (options.Aggregation != SegmentAggregation.Max)
        {
            throw new BadInputException(
                "the model", $"its messages are joined by {options.Aggregation}",
                    "export a model whose messages are joined by their maximum");
        }

        string logits = options.Graph == ScoredGraph.Hit ? HitGraph(graph, layers, options.Hidden)
            : LineGraph(graph, layers, options.Hidden);
        graph.Output("logits", "segments", -1, 1);
        graph.NodeTo("logits", options.DoubleSigmoid ? "Sigmoid" : "Identity", logits);
        graph.Metadata("method", ConfigurationFile.Write(model.Method));
        graph.Metadata("experiment", ConfigurationFile.Write(model.Experiment));
        graph.Write(path, "sagitta", RunSummary.Version,
            "Logits of segments of a tracking calorimeter; arrays as 'sagitta export graphs' writes them.");
    }

    private static string LineGraph(OnnxGraph graph, OnnxLayers layers, int hidden)
    {
        string segments = graph.Input("segments", "segments", -1, SegmentNetwork.Features);
        string encoding = graph.Input("encoding", "links", -1, AngleEncoding.Width);
        string sources = graph.IndexInput("sources", "links"), targets = graph.IndexInput("targets", "links");
        string pairs = layers.Columns(layers.Rows(segments, targets), layers.Rows(segments, sources), encoding);
        string joined = layers.Largest(layers.Perceptron("message", pairs, 3, normalisedOutput: false), targets, segments, hidden);
        string updated = layers.Perceptron("update", layers.Columns(segments, joined), 3, normalisedOutput: true);
        return layers.Perceptron("score", updated, 3, normalisedOutput: false);
    }

    private static string HitGraph(OnnxGraph graph, OnnxLayers layers, int hidden)
    {
        string hits = graph.Input("hits", "hits", -1, HitNetwork.HitFeatures);
        string shapes = graph.Input("shapes", "segments", -1, HitNetwork.SegmentFeatures);
        string sources = graph.IndexInput("sources", "segments"), targets = graph.IndexInput("targets", "segments");
        string pairs = layers.Columns(layers.Rows(hits, targets), layers.Rows(hits, sources), shapes);
        string messages = layers.Perceptron("message", pairs, 3, normalisedOutput: false);
        string updated = layers.Perceptron(
            "update", layers.Columns(hits, layers.Largest(messages, targets, hits, hidden)), 3, normalisedOutput: true);
        string ends = layers.Columns(layers.Rows(updated, targets), layers.Rows(updated, sources), messages);
        return layers.Perceptron("score", ends, 3, normalisedOutput: false);
    }
}
