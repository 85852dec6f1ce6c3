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

/// <summary>dx += the gradient of <see cref="SegmentLargest{T}"/>: split equally among the rows that equal the largest; none where it is
/// NaN.</summary>
internal readonly unsafe struct SegmentLargestGradient<T>(int groups, int columns, int* offsets, T* x, T* y, T* dy, T* dx) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        for (int group = 0; group < groups; group++)
        {
            nint target = (nint)group * columns;
            nint first = (nint)offsets[group] * columns;
            int count = offsets[group + 1] - offsets[group];
            int column = 0;
            for (; column <= columns - TLanes.Count; column += TLanes.Count)
            {
                TLanes largest = TLanes.Load(y + target + column);
                TLanes ties = default;
                nint line = first + column;
                for (int row = 0; row < count; row++)
                {
                    ties += TLanes.Select(TLanes.Equal(TLanes.Load(x + line), largest), TLanes.Broadcast(T.One), default);
                    line += columns;
                }

                TLanes share = TLanes.Load(dy + target + column) / ties;
                line = first + column;
                for (int row = 0; row < count; row++)
                {
                    TLanes part = TLanes.Select(TLanes.Equal(TLanes.Load(x + line), largest), share, default);
                    TLanes.Store(TLanes.Load(dx + line) + part, dx + line);
                    line += columns;
                }
            }

            for (; column < columns; column++)
            {
                T largest = y[target + column];
                T ties = T.Zero;
                nint line = first + column;
                for (int row = 0; row < count; row++)
                {
                    ties += x[line] == largest ? T.One : T.Zero;
                    line += columns;
                }

                T share = dy[target + column] / ties;
                line = first + column;
                for (int row = 0; row < count; row++)
                {
                    dx[line] += x[line] == largest ? share : T.Zero;
                    line += columns;
                }
            }
        }
    }
}
