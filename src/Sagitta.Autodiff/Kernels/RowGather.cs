using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Row r of target is row indices[r] of source (null: row r), each with its own stride.</summary>
internal readonly unsafe struct RowGather<T>(int rows, int columns, int* indices, T* source, nint sourceStride, T* target,
    nint targetStride) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        T* to = target;
        for (int row = 0; row < rows; row++)
        {
            T* from = source + ((indices is null ? row : indices[row]) * sourceStride);
            int column = 0;
            for (; column <= columns - TLanes.Count; column += TLanes.Count)
            {
                TLanes.Store(TLanes.Load(from + column), to + column);
            }

            for (; column < columns; column++)
            {
                to[column] = from[column];
            }

            to += targetStride;
        }
    }
}
