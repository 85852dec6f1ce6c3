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

    /// <summary>Room for what an operation makes of every number of a tensor: the tensor itself where the caller needs its numbers no more
    /// and nothing is remembered, else a new one.</summary>
    internal static Tensor<T> Like<T>(Tensor<T> x, bool inPlace, bool requiresGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        inPlace && !x.Tape.Recording ? x : x.Tape.Allocate(x.Rows, x.Columns, requiresGradient);

    /// <summary>The borders of groups, or of the edges into each node of a graph.</summary>
    internal static ReadOnlySpan<int> Offsets(object structure) => structure is Adjacency edges ? edges.Incoming
        : ((Segments)structure).Offsets;
}
