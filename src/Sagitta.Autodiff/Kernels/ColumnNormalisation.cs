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
        TLanes* gradients = stackalloc TLanes[ColumnSums<T>.TileRows];
        TLanes* weighted = stackalloc TLanes[ColumnSums<T>.TileRows];
        for (int first = 0; first < rows; first += ColumnSums<T>.TileRows)
        {
            int count = Math.Min(ColumnSums<T>.TileRows, rows - first);
            T* tile = x + ((nint)first * columns);
            T* upstream = dy + ((nint)first * columns);
            int c = 0;
            for (; c <= columns - TLanes.Count; c += TLanes.Count)
            {
                TLanes centre = TLanes.Load(mean + c);
                TLanes scale = TLanes.Load(inverse + c);
                for (nint row = 0; row < count; row++)
                {
                    TLanes value = TLanes.Load(upstream + (row * columns) + c);
                    gradients[row] = value;
                    weighted[row] = value * ((TLanes.Load(tile + (row * columns) + c) - centre) * scale);
                }

                TLanes.AddWidened(gradients, count, sums + c);
                TLanes.AddWidened(weighted, count, products + c);
            }

            for (; c < columns; c++)
            {
                for (nint row = 0; row < count; row++)
                {
                    T value = upstream[(row * columns) + c];
                    sums[c] += double.CreateTruncating(value);
                    products[c] += double.CreateTruncating(value * ((tile[(row * columns) + c] - mean[c]) * inverse[c]));
                }
            }
        }
    }
}

/// <summary>sums[c] += sum over rows of x, in double. A tile of rows at a time, so that sums stay in registers.</summary>
internal readonly unsafe struct ColumnSums<T>(int rows, int columns, T* x, double* sums) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of a tile.</summary>
    internal const int TileRows = 64;

    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        TLanes* values = stackalloc TLanes[TileRows];
        for (int first = 0; first < rows; first += TileRows)
        {
            int count = Math.Min(TileRows, rows - first);
            T* tile = x + ((nint)first * columns);
            int c = 0;
            for (; c <= columns - TLanes.Count; c += TLanes.Count)
            {
                for (nint row = 0; row < count; row++)
                {
                    values[row] = TLanes.Load(tile + (row * columns) + c);
                }

                TLanes.AddWidened(values, count, sums + c);
            }

            for (; c < columns; c++)
            {
                for (nint row = 0; row < count; row++)
                {
                    sums[c] += double.CreateTruncating(tile[(row * columns) + c]);
                }
            }
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
        TLanes* squares = stackalloc TLanes[ColumnSums<T>.TileRows];
        for (int first = 0; first < rows; first += ColumnSums<T>.TileRows)
        {
            int count = Math.Min(ColumnSums<T>.TileRows, rows - first);
            T* tile = x + ((nint)first * columns);
            int c = 0;
            for (; c <= columns - TLanes.Count; c += TLanes.Count)
            {
                TLanes mean = TLanes.Load(centre + c);
                for (nint row = 0; row < count; row++)
                {
                    TLanes residual = TLanes.Load(tile + (row * columns) + c) - mean;
                    squares[row] = residual * residual;
                }

                TLanes.AddWidened(squares, count, sums + c);
            }

            for (; c < columns; c++)
            {
                for (nint row = 0; row < count; row++)
                {
                    T residual = tile[(row * columns) + c] - centre[c];
                    sums[c] += double.CreateTruncating(residual * residual);
                }
            }
        }
    }
}
