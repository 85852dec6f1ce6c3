using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>sums[c] += sum over rows of x, in double.</summary>
internal readonly unsafe struct ColumnSums<T>(int rows, int columns, T* x, double* sums) : IKernel<T>
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
                TLanes.AddWidened(TLanes.Load(line + c), sums + c);
            }

            for (; c < columns; c++)
            {
                sums[c] += double.CreateTruncating(line[c]);
            }

            line += columns;
        }
    }
}
