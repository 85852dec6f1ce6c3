using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>y (groups x columns) = means of the rows of x, group by group; zeros for an empty group.</summary>
internal readonly unsafe struct SegmentAverage<T>(int groups, int columns, int* offsets, T* x, T* y) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        for (int group = 0; group < groups; group++)
        {
            T* target = y + ((nint)group * columns);
            int begin = offsets[group];
            int end = offsets[group + 1];
            T share = end > begin ? T.One / T.CreateTruncating(end - begin) : T.Zero;
            int column = 0;
            for (; column <= columns - TLanes.Count; column += TLanes.Count)
            {
                TLanes sum = default;
                for (int row = begin; row < end; row++)
                {
                    sum += TLanes.Load(x + ((nint)row * columns) + column);
                }

                TLanes.Store(sum * TLanes.Broadcast(share), target + column);
            }

            for (; column < columns; column++)
            {
                T sum = T.Zero;
                for (int row = begin; row < end; row++)
                {
                    sum += x[((nint)row * columns) + column];
                }

                target[column] = sum * share;
            }
        }
    }
}

/// <summary>Every row of x (rows of all groups x columns) += its group's row of source times a share: 1, or 1 / rows of the
/// group.</summary>
internal readonly unsafe struct SegmentSpread<T>(int groups, int columns, int* offsets, T* source, T* x, bool mean) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        for (int group = 0; group < groups; group++)
        {
            T* line = source + ((nint)group * columns);
            int begin = offsets[group];
            int end = offsets[group + 1];
            T share = mean && end > begin ? T.One / T.CreateTruncating(end - begin) : T.One;
            int column = 0;
            for (; column <= columns - TLanes.Count; column += TLanes.Count)
            {
                TLanes value = TLanes.Load(line + column) * TLanes.Broadcast(share);
                T* target = x + ((nint)begin * columns) + column;
                for (int row = begin; row < end; row++)
                {
                    TLanes.Store(TLanes.Load(target) + value, target);
                    target += columns;
                }
            }

            for (; column < columns; column++)
            {
                T value = line[column] * share;
                for (int row = begin; row < end; row++)
                {
                    x[((nint)row * columns) + column] += value;
                }
            }
        }
    }
}
