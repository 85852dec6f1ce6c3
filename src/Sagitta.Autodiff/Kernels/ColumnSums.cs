using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>sums[c] += sum over rows of x, in double.</summary>
internal readonly unsafe struct ColumnSums<T>(int rows, int columns, T* x, double* sums) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TWidth, TVector>()
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        T* line = x;
        for (int row = 0; row < rows; row++)
        {
            int c = 0;
            for (; c <= columns - TWidth.Lanes; c += TWidth.Lanes)
            {
                TWidth.AddWidened(TWidth.Load(line + c), sums + c);
            }

            for (; c < columns; c++)
            {
                sums[c] += double.CreateTruncating(line[c]);
            }

            line += columns;
        }
    }
}
