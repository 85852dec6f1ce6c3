using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>dx += inverse gain (dy - meanGradient - normal meanProduct), normal = (x - mean) inverse.</summary>
internal readonly unsafe struct ColumnNormalisationGradient<T>(
    int rows, int columns, T* x, T* mean, T* inverse, T* gain, T* meanGradient, T* meanProduct, T* dy, T* dx) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TWidth, TVector>()
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        T* line = x;
        T* upstream = dy;
        T* target = dx;
        for (int row = 0; row < rows; row++)
        {
            int c = 0;
            for (; c <= columns - TWidth.Lanes; c += TWidth.Lanes)
            {
                TVector scale = TWidth.Load(inverse + c);
                TVector normal = TWidth.Multiply(TWidth.Subtract(TWidth.Load(line + c), TWidth.Load(mean + c)), scale);
                TVector inner = TWidth.Subtract(TWidth.Load(upstream + c), TWidth.Load(meanGradient + c));
                inner = TWidth.Subtract(inner, TWidth.Multiply(normal, TWidth.Load(meanProduct + c)));
                TWidth.Store(TWidth.MultiplyAdd(TWidth.Multiply(scale, TWidth.Load(gain + c)), inner, TWidth.Load(target + c)), target + c);
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
