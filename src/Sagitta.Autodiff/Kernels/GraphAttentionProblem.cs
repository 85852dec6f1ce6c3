using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>The inputs of graph attention as bare memory. Head h owns the columns c with c mod Heads = h.</summary>
internal unsafe struct GraphAttentionProblem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Number of nodes.</summary>
    internal int Nodes;

    /// <summary>Number of edges.</summary>
    internal int Edges;

    /// <summary>Number of heads.</summary>
    internal int Heads;

    /// <summary>Heads times width of a head.</summary>
    internal int Columns;

    /// <summary>Features of an edge, 0 when there are none.</summary>
    internal int EdgeColumns;

    /// <summary>Slope of the leaky rectifier below zero.</summary>
    internal T Slope;

    /// <summary>Nodes + 1 borders of edges ordered by target.</summary>
    internal int* Incoming;

    /// <summary>Source of each edge.</summary>
    internal int* Sources;

    /// <summary>Target of each edge.</summary>
    internal int* Targets;

    /// <summary>Nodes + 1 borders of <see cref="OutgoingEdges"/>.</summary>
    internal int* Outgoing;

    /// <summary>Edges ordered by source.</summary>
    internal int* OutgoingEdges;

    /// <summary>Nodes x columns, of the source side.</summary>
    internal T* Left;

    /// <summary>Nodes x columns, of the target side.</summary>
    internal T* Right;

    /// <summary>Edges x edge columns.</summary>
    internal T* EdgeFeatures;

    /// <summary>Which features of each edge are not zero, as <see cref="GraphAttentionKernel.FindUse"/> finds them; null to look at
    /// all.</summary>
    internal byte* Use;

    /// <summary>Edge columns x columns.</summary>
    internal T* EdgeWeights;

    /// <summary>1 x columns.</summary>
    internal T* Attention;
}

/// <summary>Where the gradients of a <see cref="GraphAttentionProblem{T}"/> are added; null where none is wanted.</summary>
internal unsafe struct GraphAttentionGradients<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Nodes x columns.</summary>
    internal T* Left;

    /// <summary>Nodes x columns.</summary>
    internal T* Right;

    /// <summary>Edges x edge columns.</summary>
    internal T* EdgeFeatures;

    /// <summary>Edge columns x columns.</summary>
    internal T* EdgeWeights;

    /// <summary>1 x columns.</summary>
    internal T* Attention;
}
