namespace Sagitta.Tests.Autodiff.Operations;

/// <summary>Graphs for tests.</summary>
internal static class Graphs
{
    /// <summary>Five nodes: one without edges in, one with a single one, a double edge, an edge to itself, one without edges out.</summary>
    internal static Adjacency Small()
    {
        Adjacency edges = new();
        edges.Set(5, [1, 1, 3, 0, 2, 3, 4], [0, 0, 0, 1, 2, 2, 2]);
        return edges;
    }

    /// <summary>Edges between random nodes.</summary>
    internal static Adjacency Random(int nodes, int count, ulong seed)
    {
        RandomDraws draws = RandomKey.FromSeed(seed).Draws();
        int[] sources = new int[count];
        int[] targets = new int[count];
        for (int i = 0; i < count; i++)
        {
            sources[i] = draws.NextIndex(nodes);
            targets[i] = draws.NextIndex(nodes);
        }

        Array.Sort(targets);
        Adjacency edges = new();
        edges.Set(nodes, sources, targets);
        return edges;
    }
}
