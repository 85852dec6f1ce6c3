using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>Checks of the shapes that operations are given.</summary>
internal static class Shapes
{
    internal static void Require<T>(bool holds, string rule, Tensor<T> given, Tensor<T> other)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!holds)
        {
            throw new ArgumentException($"{rule}, but it is {given.Rows} x {given.Columns} beside {other.Rows} x {other.Columns}.");
        }
    }

    internal static void RequireRows<T>(int rows, string operation, Tensor<T> given)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (given.Rows != rows)
        {
            throw new ArgumentException(
                $"{operation}: the structure describes {rows} rows, but the tensor is {given.Rows} x {given.Columns}.");
        }
    }

    /// <summary>The borders of groups, or of the edges into each node of a graph.</summary>
    internal static ReadOnlySpan<int> Offsets(object structure) => structure is Adjacency edges ? edges.Incoming
        : ((Segments)structure).Offsets;
}
