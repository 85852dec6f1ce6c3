using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

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
