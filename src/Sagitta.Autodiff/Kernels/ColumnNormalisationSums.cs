using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>sums[c] += sum over rows of dy, products[c] += sum of dy (x - mean) inverse, in double: the gradients of bias and
/// gain.</summary>
internal readonly unsafe struct ColumnNormalisationSums<T>(
    int rows, int columns, T* x, T* mean, T* inverse, T* dy, double* sums, double* products) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TWidth, TVector>()
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        T* line = x;
        T* upstream = dy;
        for (int row = 0; row < rows; row++)
        {
            int c = 0;
            for (; c <= columns - TWidth.Lanes; c += TWidth.Lanes)
            {
                TVector normal = TWidth.Multiply(TWidth.Subtract(TWidth.Load(line + c), TWidth.Load(mean + c)), TWidth.Load(inverse + c));
                TVector value = TWidth.Load(upstream + c);
                TWidth.AddWidened(value, sums + c);
                TWidth.AddWidened(TWidth.Multiply(value, normal), products + c);
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
