namespace Sagitta.Tracking.LineGraphs;

/// <summary>The line graph written out: both directions of each link, ordered by target and then by source.</summary>
internal static class DirectedLinks
{
    /// <summary>The directed links of a frame's segments.</summary>
    /// <param name="graph">Segments and links.</param>
    /// <param name="roots">Square root of the angle of each directed link.</param>
    public static Adjacency Of(SegmentGraph graph, out float[] roots)
    {
        int[] sources = new int[2 * graph.Links];
        int[] targets = new int[2 * graph.Links];
        roots = new float[2 * graph.Links];

        // Segments that a segment receives from: deeper ones, which come earlier, then shallower ones, which come later.
        int at = 0;
        for (int e = 0; e < graph.Count; e++)
        {
            int deeper = graph.Deeper[e];
            for (int k = graph.IncomingOffsets[deeper]; k < graph.IncomingOffsets[deeper + 1]; k++)
            {
                int before = graph.Incoming[k];
                (sources[at], targets[at]) = (before, e);
                roots[at++] = graph.RootAngles[graph.LinkOffsets[before] + e - graph.Offsets[deeper]];
            }

            int shallower = graph.Shallower[e];
            for (int link = graph.LinkOffsets[e]; link < graph.LinkOffsets[e + 1]; link++)
            {
                (sources[at], targets[at]) = (graph.Offsets[shallower] + link - graph.LinkOffsets[e], e);
                roots[at++] = graph.RootAngles[link];
            }
        }

        Adjacency links = new();
        links.Set(graph.Count, sources, targets);
        return links;
    }
}
