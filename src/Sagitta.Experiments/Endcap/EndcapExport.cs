namespace Sagitta.Experiments.Endcap;

/// <summary>"export" for endcaps without its command line.</summary>
internal static class EndcapExport
{
    /// <summary>A model for other tools: .onnx for its network, .npz for its weights; returns a line for the user.</summary>
    public static string Model(string modelFile, string file)
    {
        using EndcapNetwork model = EndcapNetwork.Read(modelFile);
        string experiment = ConfigurationFile.Write(model.Experiment);
        ModelExport.Write(file, path =>
        {
            OnnxGraph graph = new("sagitta-hit-scores");
            HitScorerOnnx.AddInputs(graph);
            HitScorerOnnx.Append(graph, model.Network, model.Parameters);
            graph.Metadata("method", model.Method);
            graph.Metadata("experiment", experiment);
            graph.Write(path, "sagitta", RunSummary.Version,
                "Logits of hits of an endcap; features as 'sagitta export graphs endcap' writes them.");
        }, model.Network.Layout, model.Parameters, ("method", model.Method), ("experiment", experiment));
        return $"{file}: {model.Method}";
    }

    /// <summary>The graphs of all events as a model's network takes them; returns a line for the user.</summary>
    public static string Graphs(string modelFile, EndcapInput input, string file)
    {
        TableFile.CheckName(file);
        using EndcapNetwork model = EndcapNetwork.Read(modelFile);
        EndcapEvents events = input.Read(out EndcapDetector detector);
        GraphOutput.Write(file, path => WriteGraphs(path, new(detector, model.Experiment.Search), model, events));
        return string.Create(CultureInfo.InvariantCulture, $"{file}: graphs of {events.Count} events, {events.U.Length} hits");
    }

    private static void WriteGraphs(string file, EndcapReconstruction chain, EndcapNetwork model, EndcapEvents events)
    {
        EndcapTracker tracker = new(chain);
        using EndcapScores scores = new(chain, model);
        using NpzWriter writer = new(file);
        writer.AddText("format", "sagitta-graphs-1");
        writer.AddText("detector", chain.Geometry.Detector.Name);
        using NpzColumn<float> hits = writer.AddColumn<float>("hits", HitGraph.HitFeatureCount);
        using NpzColumn<float> edges = writer.AddColumn<float>("edges", HitGraph.EdgeFeatureCount);
        using NpzColumn<long> sources = writer.AddColumn<long>("sources");
        using NpzColumn<long> targets = writer.AddColumn<long>("targets");
        List<long> edgeOffsets = [0];
        for (int e = 0; e < events.Count; e++)
        {
            HitGraph graph = scores.Graph(tracker, events, e);
            hits.Append(graph.HitFeatures);
            edges.Append(graph.EdgeFeatures);
            foreach (int source in graph.Adjacency.Sources)
            {
                sources.Append((long)events.Offsets[e] + source);
            }

            foreach (int target in graph.Adjacency.Targets)
            {
                targets.Append((long)events.Offsets[e] + target);
            }

            edgeOffsets.Add(edgeOffsets[^1] + graph.Edges);
        }

        writer.Add<long>("edge_offsets", [.. edgeOffsets]);
        writer.Add<long>("hit_offsets", [.. events.Offsets.Select(o => (long)o)]);
        writer.Add<long>("event_number", events.Number);
        writer.Commit();
    }
}
