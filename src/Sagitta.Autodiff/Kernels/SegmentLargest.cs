using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>y (groups x columns) = the largest of the rows of x; zeros for an empty group, NaN where there is one.</summary>
internal readonly unsafe struct SegmentLargest<T>(int groups, int columns, int* offsets, T* x, T* y) : IKernel<T>
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
            if (begin == end)
            {
                new Span<T>(target, columns).Clear();
                continue;
            }

            T* first = x + ((nint)begin * columns);
            int column = 0;
            for (; column <= columns - TLanes.Count; column += TLanes.Count)
            {
                T* line = first + column;
                TLanes largest = TLanes.Load(line);
                for (int row = begin + 1; row < end; row++)
                {
                    line += columns;
                    largest = TLanes.MaxOrNaN(largest, TLanes.Load(line));
                }

                TLanes.Store(largest, target + column);
            }

            for (; column < columns; column++)
            {
                T largest = first[column];
                for (int row = begin + 1; row < end; row++)
                {
                    largest = T.Max(largest, x[((nint)row * columns) + column]);
                }

                target[column] = largest;
            }
        }
    }
}
