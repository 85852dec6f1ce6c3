using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>y = (x - mean) inverse gain + bias, moments by column.</summary>
internal readonly unsafe struct ColumnNormalisation<T>(int rows, int columns, T* x, T* mean, T* inverse, T* gain, T* bias, T* y)
    : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TWidth, TVector>()
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        T* line = x;
        T* target = y;
        for (int row = 0; row < rows; row++)
        {
            int c = 0;
            for (; c <= columns - TWidth.Lanes; c += TWidth.Lanes)
            {
                TVector normal = TWidth.Multiply(TWidth.Subtract(TWidth.Load(line + c), TWidth.Load(mean + c)), TWidth.Load(inverse + c));
                TWidth.Store(TWidth.MultiplyAdd(normal, TWidth.Load(gain + c), TWidth.Load(bias + c)), target + c);
            }

            for (; c < columns; c++)
            {
                target[c] = ((line[c] - mean[c]) * inverse[c] * gain[c]) + bias[c];
            }

            line += columns;
            target += columns;
        }
    }
}
