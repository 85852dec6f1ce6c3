namespace Sagitta.Autodiff.Tensors;

/// <summary>
/// Directed edges of a graph, ordered by target (compressed sparse rows), with the same edges ordered by source beside
/// them: a backward pass walks the second order, so that neither pass scatters. Reused from step to step; it grows when it must.
/// </summary>
public sealed class Adjacency
{
    private int[] _sources = [];
    private int[] _targets = [];
    private int[] _incoming = [0];
    private int[] _outgoing = [0];
    private int[] _outgoingEdges = [];

    /// <summary>Number of nodes.</summary>
    public int Nodes { get; private set; }

    /// <summary>Number of edges.</summary>
    public int Edges { get; private set; }

    /// <summary>Source node of each edge.</summary>
    public ReadOnlySpan<int> Sources => _sources.AsSpan(0, Edges);

    /// <summary>Target node of each edge, not decreasing.</summary>
    public ReadOnlySpan<int> Targets => _targets.AsSpan(0, Edges);

    /// <summary>Nodes + 1 borders: the edges into node i are <c>Incoming[i] .. Incoming[i + 1] - 1</c>.</summary>
    public ReadOnlySpan<int> Incoming => _incoming.AsSpan(0, Nodes + 1);

    /// <summary>Nodes + 1 borders into <see cref="OutgoingEdges"/>.</summary>
    public ReadOnlySpan<int> Outgoing => _outgoing.AsSpan(0, Nodes + 1);

    /// <summary>Edge numbers ordered by source, then by edge number.</summary>
    public ReadOnlySpan<int> OutgoingEdges => _outgoingEdges.AsSpan(0, Edges);

    /// <summary>
    /// Takes edges that are already ordered by target and builds both orders. Throws when a node is out of range or the
    /// targets decrease: sort the edges by target first.
    /// </summary>
    public void Set(int nodes, ReadOnlySpan<int> sources, ReadOnlySpan<int> targets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nodes);
        if (sources.Length != targets.Length)
        {
            throw new ArgumentException($"{sources.Length} sources but {targets.Length} targets.", nameof(targets));
        }

        Nodes = nodes;
        Edges = sources.Length;
        Grow(ref _sources, Edges, exact: false);
        Grow(ref _targets, Edges, exact: false);
        Grow(ref _outgoingEdges, Edges, exact: false);
        Grow(ref _incoming, nodes + 1, exact: false);
        Grow(ref _outgoing, nodes + 2, exact: false);
        sources.CopyTo(_sources);
        targets.CopyTo(_targets);
        Array.Clear(_outgoing, 0, nodes + 2);
        int border = 0;
        int previous = 0;
        for (int e = 0; e < sources.Length; e++)
        {
            int source = sources[e];
            int target = targets[e];
            if ((uint)source >= (uint)nodes || (uint)target >= (uint)nodes || target < previous)
            {
                throw new ArgumentException($"Edge {e} ({source} -> {target}) is out of range or out of order: nodes are 0 .. {nodes - 1}, targets must not decrease.", nameof(targets));
            }

            previous = target;
            for (; border <= target; border++)
            {
                _incoming[border] = e;
            }

            _outgoing[source + 2]++;
        }

        for (; border <= nodes; border++)
        {
            _incoming[border] = Edges;
        }

        for (int i = 0; i < nodes; i++)
        {
            _outgoing[i + 2] += _outgoing[i + 1];
        }

        // _outgoing is one place ahead: each placement moves a border to its final value.
        int[] order = _outgoingEdges;
        int[] next = _outgoing;
        for (int e = 0; e < sources.Length; e++)
        {
            order[next[sources[e] + 1]++] = e;
        }
    }

    /// <summary>Makes room ahead for that many nodes and edges; what is held stays.</summary>
    public void Reserve(int nodes, int edges)
    {
        Grow(ref _sources, edges, exact: true);
        Grow(ref _targets, edges, exact: true);
        Grow(ref _outgoingEdges, edges, exact: true);
        Grow(ref _incoming, nodes + 1, exact: true);
        Grow(ref _outgoing, nodes + 2, exact: true);
    }

    private static void Grow(ref int[] array, int length, bool exact)
    {
        if (array.Length < length)
        {
            Array.Resize(ref array, exact ? length : Math.Max(length, array.Length * 2));
        }
    }
}
