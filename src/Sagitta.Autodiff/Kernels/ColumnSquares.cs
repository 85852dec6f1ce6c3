using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>sums[c] += sum over rows of (x - centre)^2, in double.</summary>
internal readonly unsafe struct ColumnSquares<T>(int rows, int columns, T* x, T* centre, double* sums) : IKernel<T>
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
                TVector residual = TWidth.Subtract(TWidth.Load(line + c), TWidth.Load(centre + c));
                TWidth.AddWidened(TWidth.Multiply(residual, residual), sums + c);
            }

            for (; c < columns; c++)
            {
                T residual = line[c] - centre[c];
                sums[c] += double.CreateTruncating(residual * residual);
            }

            line += columns;
        }
    }
}
