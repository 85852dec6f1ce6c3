namespace Sagitta.Experiments.Muon.Exporting;

/// <summary>Graphs of events as NPZ, the input of an exported network: features of hits and edges, who is joined to whom, borders of
/// events.</summary>
internal static class MuonGraphFile
{
    private const int ChunkSize = 64;

    /// <summary>Writes the graphs of all events. Nodes are the sample's hits in their order.</summary>
    public static void Write(string path, MuonChain chain, EventSet events)
    {
        using NpzWriter writer = new(path);
        writer.AddText("format", "sagitta-graphs-1");
        writer.AddText("detector", chain.Detector.Name);
        using NpzColumn<float> hits = writer.AddColumn<float>("hits", HitGraph.HitFeatureCount);
        using NpzColumn<float> edges = writer.AddColumn<float>("edges", HitGraph.EdgeFeatureCount);
        using NpzColumn<long> sources = writer.AddColumn<long>("sources");
        using NpzColumn<long> targets = writer.AddColumn<long>("targets");
        using NpzColumn<long> edgeOffsets = writer.AddColumn<long>("edge_offsets");
        HitGraph graph = new();
        long edgesBefore = 0;
        edgeOffsets.Append(0L);
        foreach (int[] selection in Enumerable.Range(0, events.Count).Chunk(ChunkSize))
        {
            int first = selection[0];
            chain.Graphs.Build(events.Hits, selection, graph);
            hits.Append(graph.HitFeatures);
            edges.Append(graph.EdgeFeatures);
            Adjacency adjacency = graph.Adjacency;
            foreach (int source in adjacency.Sources)
            {
                sources.Append((long)events.HitOffsets[first] + source);
            }

            foreach (int target in adjacency.Targets)
            {
                targets.Append((long)events.HitOffsets[first] + target);
            }

            foreach (int e in selection)
            {
                edgeOffsets.Append(edgesBefore + adjacency.Incoming[events.HitOffsets[e + 1] - events.HitOffsets[first]]);
            }

            edgesBefore += adjacency.Edges;
        }

        writer.Add<long>("hit_offsets", [.. events.HitOffsets.Select(o => (long)o)]);
        writer.Add<long>("event_number", events.EventNumber);
        if (events.HasTruth)
        {
            writer.Add<byte>("label_hit", events.LabelHit);
        }

        writer.Commit();
    }
}
