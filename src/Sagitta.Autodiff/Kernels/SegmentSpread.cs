using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Every row of x (rows of all groups x columns) += its group's row of source times a share: 1, or 1 / rows of the
/// group.</summary>
internal readonly unsafe struct SegmentSpread<T>(int groups, int columns, int* offsets, T* source, T* x, bool mean) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TWidth, TVector>()
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        for (int group = 0; group < groups; group++)
        {
            T* line = source + ((nint)group * columns);
            int begin = offsets[group];
            int end = offsets[group + 1];
            T share = mean && end > begin ? T.One / T.CreateTruncating(end - begin) : T.One;
            int column = 0;
            for (; column <= columns - TWidth.Lanes; column += TWidth.Lanes)
            {
                TVector value = TWidth.Multiply(TWidth.Load(line + column), TWidth.Create(share));
                T* target = x + ((nint)begin * columns) + column;
                for (int row = begin; row < end; row++)
                {
                    TWidth.Store(TWidth.Add(TWidth.Load(target), value), target);
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
