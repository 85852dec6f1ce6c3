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
