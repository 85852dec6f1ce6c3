using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>y = (x - mean) inverse gain + bias, moments by column.</summary>
internal readonly unsafe struct ColumnNormalisation<T>(int rows, int columns, T* x, T* mean, T* inverse, T* gain, T* bias, T* y)
    : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        T* line = x;
        T* target = y;
        for (int row = 0; row < rows; row++)
        {
            int c = 0;
            for (; c <= columns - TLanes.Count; c += TLanes.Count)
            {
                TLanes normal = (TLanes.Load(line + c) - TLanes.Load(mean + c)) * TLanes.Load(inverse + c);
                TLanes.Store(TLanes.MultiplyAdd(normal, TLanes.Load(gain + c), TLanes.Load(bias + c)), target + c);
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
