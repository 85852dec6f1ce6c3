using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>dx += the gradient of <see cref="SegmentLargest{T}"/>: split equally among the rows that equal the largest; none where it is
/// NaN.</summary>
internal readonly unsafe struct SegmentLargestGradient<T>(int groups, int columns, int* offsets, T* x, T* y, T* dy, T* dx) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TWidth, TVector>()
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        for (int group = 0; group < groups; group++)
        {
            nint target = (nint)group * columns;
            nint first = (nint)offsets[group] * columns;
            int count = offsets[group + 1] - offsets[group];
            int column = 0;
            for (; column <= columns - TWidth.Lanes; column += TWidth.Lanes)
            {
                TVector largest = TWidth.Load(y + target + column);
                TVector ties = default;
                nint line = first + column;
                for (int row = 0; row < count; row++)
                {
                    ties = TWidth.Add(ties, TWidth.SelectEqual(TWidth.Load(x + line), largest, TWidth.Create(T.One), default));
                    line += columns;
                }

                TVector share = TWidth.Divide(TWidth.Load(dy + target + column), ties);
                line = first + column;
                for (int row = 0; row < count; row++)
                {
                    TVector part = TWidth.SelectEqual(TWidth.Load(x + line), largest, share, default);
                    TWidth.Store(TWidth.Add(TWidth.Load(dx + line), part), dx + line);
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
