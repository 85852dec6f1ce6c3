using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>sums[c] += sum over rows of dy, products[c] += sum of dy (x - mean) inverse, in double: the gradients of bias and
/// gain.</summary>
internal readonly unsafe struct ColumnNormalisationSums<T>(
    int rows, int columns, T* x, T* mean, T* inverse, T* dy, double* sums, double* products) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        T* line = x;
        T* upstream = dy;
        for (int row = 0; row < rows; row++)
        {
            int c = 0;
            for (; c <= columns - TLanes.Count; c += TLanes.Count)
            {
                TLanes normal = (TLanes.Load(line + c) - TLanes.Load(mean + c)) * TLanes.Load(inverse + c);
                TLanes value = TLanes.Load(upstream + c);
                TLanes.AddWidened(value, sums + c);
                TLanes.AddWidened(value * normal, products + c);
            }

            for (; c < columns; c++)
            {
                sums[c] += double.CreateTruncating(upstream[c]);
                products[c] += double.CreateTruncating(upstream[c] * ((line[c] - mean[c]) * inverse[c]));
            }

            line += columns;
            upstream += columns;
        }
    }
}
