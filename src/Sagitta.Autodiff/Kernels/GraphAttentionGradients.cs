using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

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
