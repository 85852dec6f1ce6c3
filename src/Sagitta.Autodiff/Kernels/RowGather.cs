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

/// <summary>sums (groups x columns) += rows of x, group by group, in the given order (null: as they lie). Row order is the order of every
/// sum.</summary>
internal readonly unsafe struct OrderedRowSum<T>(int groups, int columns, int* offsets, int* order, T* x, T* sums) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        for (int group = 0; group < groups; group++)
        {
            T* target = sums + ((nint)group * columns);
            int begin = offsets[group];
            int end = offsets[group + 1];
            int column = 0;
            for (; column <= columns - TLanes.Count; column += TLanes.Count)
            {
                TLanes sum = TLanes.Load(target + column);
                for (int place = begin; place < end; place++)
                {
                    nint row = order is null ? place : order[place];
                    sum += TLanes.Load(x + (row * columns) + column);
                }

                TLanes.Store(sum, target + column);
            }

            for (; column < columns; column++)
            {
                T sum = target[column];
                for (int place = begin; place < end; place++)
                {
                    nint row = order is null ? place : order[place];
                    sum += x[(row * columns) + column];
                }

                target[column] = sum;
            }
        }
    }
}
