using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>sums[c] += sum over rows of (x - centre)^2, in double.</summary>
internal readonly unsafe struct ColumnSquares<T>(int rows, int columns, T* x, T* centre, double* sums) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        T* line = x;
        for (int row = 0; row < rows; row++)
        {
            int c = 0;
            for (; c <= columns - TLanes.Count; c += TLanes.Count)
            {
                TLanes residual = TLanes.Load(line + c) - TLanes.Load(centre + c);
                TLanes.AddWidened(residual * residual, sums + c);
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
