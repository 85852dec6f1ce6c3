using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Sagitta.Autodiff.Tensors;

/// <summary>
/// Directed edges of a graph, ordered by target (compressed sparse rows), with the same edges ordered by source beside
/// them: a backward pass walks the second order, so that neither pass scatters. Targets and the second order are made when first asked for,
/// since inference never does. Reused from step to step; it grows when it must. Not thread-safe.
/// </summary>
internal sealed class Adjacency
{
    private int[] _sources = [];
    private int[] _targets = [];
    private int[] _incoming = [0];
    private int[] _outgoing = [0];
    private int[] _outgoingEdges = [];
    private bool _ordered = true;

    /// <summary>Number of nodes.</summary>
    public int Nodes { get; private set; }

    /// <summary>Number of edges.</summary>
    public int Edges { get; private set; }

    /// <summary>Source node of each edge.</summary>
    public ReadOnlySpan<int> Sources => _sources.AsSpan(0, Edges);

    /// <summary>Target node of each edge, not decreasing.</summary>
    public ReadOnlySpan<int> Targets
    {
        get
        {
            Order();
            return _targets.AsSpan(0, Edges);
        }
    }

    /// <summary>Nodes + 1 borders: the edges into node i are <c>Incoming[i] .. Incoming[i + 1] - 1</c>.</summary>
    public ReadOnlySpan<int> Incoming => _incoming.AsSpan(0, Nodes + 1);

    /// <summary>Nodes + 1 borders into <see cref="OutgoingEdges"/>.</summary>
    public ReadOnlySpan<int> Outgoing
    {
        get
        {
            Order();
            return _outgoing.AsSpan(0, Nodes + 1);
        }
    }

    /// <summary>Edge numbers ordered by source, then by edge number.</summary>
    public ReadOnlySpan<int> OutgoingEdges
    {
        get
        {
            Order();
            return _outgoingEdges.AsSpan(0, Edges);
        }
    }

    /// <summary>
    /// Takes edges that are already ordered by target. Throws when a node is out of range or the targets decrease: sort the edges by
    /// target first.
    /// </summary>
    public void Set(int nodes, ReadOnlySpan<int> sources, ReadOnlySpan<int> targets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nodes);
        if (sources.Length != targets.Length)
        {
            throw new ArgumentException($"{sources.Length} sources but {targets.Length} targets.", nameof(targets));
        }

        Grow(ref _incoming, nodes + 1, exact: false);
        int border = 0;
        int previous = 0;
        for (int e = 0; e < targets.Length; e++)
        {
            int target = targets[e];
            if ((uint)target >= (uint)nodes || target < previous)
            {
                throw new ArgumentException(
                    $"Edge {e} ({sources[e]} -> {target}) is out of range or out of order: nodes are 0 .. {nodes - 1}, targets must not "
                    + $"decrease.", nameof(targets));
            }

            previous = target;
            for (; border <= target; border++)
            {
                _incoming[border] = e;
            }
        }

        for (; border <= nodes; border++)
        {
            _incoming[border] = targets.Length;
        }

        Set(_incoming.AsSpan(0, nodes + 1), sources);
    }

    /// <summary>
    /// Takes edges by the borders of the nodes they lead to: those into node i come from <c>sources[incoming[i]] .. sources[incoming[i + 1]
    /// - 1]</c>. Throws when a source is out of range or the borders are none of <paramref name="sources"/>.
    /// </summary>
    public void Set(ReadOnlySpan<int> incoming, ReadOnlySpan<int> sources)
    {
        if (incoming.IsEmpty || incoming[0] != 0 || incoming[^1] != sources.Length)
        {
            throw new ArgumentException($"The borders of {sources.Length} edges begin with 0 and end with their number.", nameof(incoming));
        }

        int nodes = incoming.Length - 1;
        for (int i = 0; i < nodes; i++)
        {
            if (incoming[i + 1] < incoming[i])
            {
                throw new ArgumentException($"Borders must not decrease, but {incoming[i + 1]} follows {incoming[i]} at node {i}.",
                    nameof(incoming));
            }
        }

        // As unsigned numbers, negative ones are the largest.
        if (sources.Length > 0 && TensorPrimitives.Max(MemoryMarshal.Cast<int, uint>(sources)) >= (uint)nodes)
        {
            throw new ArgumentException($"A source is out of range: nodes are 0 .. {nodes - 1}.", nameof(sources));
        }

        Nodes = nodes;
        Edges = sources.Length;
        Grow(ref _sources, Edges, exact: false);
        Grow(ref _incoming, nodes + 1, exact: false);
        sources.CopyTo(_sources);
        incoming.CopyTo(_incoming);
        _ordered = false;
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

    private unsafe void Order()
    {
        if (_ordered)
        {
            return;
        }

        int nodes = Nodes;
        Grow(ref _targets, Edges, exact: false);
        Grow(ref _outgoingEdges, Edges, exact: false);
        Grow(ref _outgoing, nodes + 2, exact: false);
        Array.Clear(_outgoing, 0, nodes + 2);
        fixed (int* sources = _sources)
        fixed (int* order = _outgoingEdges)
        fixed (int* next = _outgoing)
        {
            // Sources were checked when they were set.
            for (nint e = 0; e < Edges; e++)
            {
                next[sources[e] + 2]++;
            }

            for (int i = 0; i < nodes; i++)
            {
                next[i + 2] += next[i + 1];
                _targets.AsSpan(_incoming[i], _incoming[i + 1] - _incoming[i]).Fill(i);
            }

            // The borders are one place ahead: each placement moves one to its final value.
            for (int e = 0; e < Edges; e++)
            {
                order[next[sources[e] + 1]++] = e;
            }
        }

        _ordered = true;
    }

    private static void Grow(ref int[] array, int length, bool exact)
    {
        if (array.Length < length)
        {
            Array.Resize(ref array, exact ? length : Math.Max(length, array.Length * 2));
        }
    }
}
