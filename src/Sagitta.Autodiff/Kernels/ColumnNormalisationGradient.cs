using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>dx += inverse gain (dy - meanGradient - normal meanProduct), normal = (x - mean) inverse.</summary>
internal readonly unsafe struct ColumnNormalisationGradient<T>(
    int rows, int columns, T* x, T* mean, T* inverse, T* gain, T* meanGradient, T* meanProduct, T* dy, T* dx) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        T* line = x;
        T* upstream = dy;
        T* target = dx;
        for (int row = 0; row < rows; row++)
        {
            int c = 0;
            for (; c <= columns - TLanes.Count; c += TLanes.Count)
            {
                TLanes scale = TLanes.Load(inverse + c);
                TLanes normal = (TLanes.Load(line + c) - TLanes.Load(mean + c)) * scale;
                TLanes inner = TLanes.Load(upstream + c) - TLanes.Load(meanGradient + c);
                inner -= normal * TLanes.Load(meanProduct + c);
                TLanes.Store(TLanes.MultiplyAdd(scale * TLanes.Load(gain + c), inner, TLanes.Load(target + c)), target + c);
            }

            for (; c < columns; c++)
            {
                T normal = (line[c] - mean[c]) * inverse[c];
                target[c] += inverse[c] * gain[c] * (upstream[c] - meanGradient[c] - (normal * meanProduct[c]));
            }

            line += columns;
            upstream += columns;
            target += columns;
        }
    }
}
