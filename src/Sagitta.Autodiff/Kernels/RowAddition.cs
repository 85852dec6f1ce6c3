using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>target += source, row by row, each with its own stride.</summary>
internal readonly unsafe struct RowAddition<T>(int rows, int columns, T* source, nint sourceStride, T* target, nint targetStride)
    : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        T* from = source;
        T* to = target;
        for (int row = 0; row < rows; row++)
        {
            int column = 0;
            for (; column <= columns - TLanes.Count; column += TLanes.Count)
            {
                TLanes.Store(TLanes.Load(to + column) + TLanes.Load(from + column), to + column);
            }

            for (; column < columns; column++)
            {
                to[column] += from[column];
            }

            from += sourceStride;
            to += targetStride;
        }
    }
}
