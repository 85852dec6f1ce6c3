using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>y = (x - mean) / sqrt(variance + epsilon) gain + bias, moments by row; moments receives mean and inverse deviation of each
/// row.</summary>
internal readonly unsafe struct RowNormalisation<T>(int rows, int columns, T* x, T* gain, T* bias, T epsilon, T* y, T* moments) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        T count = T.CreateTruncating(columns);
        int vectors = columns - (columns % TLanes.Count);
        for (int row = 0; row < rows; row++)
        {
            T* line = x + ((nint)row * columns);
            T* target = y + ((nint)row * columns);
            TLanes sums = default;
            for (int c = 0; c < vectors; c += TLanes.Count)
            {
                sums += TLanes.Load(line + c);
            }

            T mean = TLanes.Sum(sums);
            for (int c = vectors; c < columns; c++)
            {
                mean += line[c];
            }

            mean /= count;
            TLanes centre = TLanes.Broadcast(mean);
            TLanes squares = default;
            for (int c = 0; c < vectors; c += TLanes.Count)
            {
                TLanes residual = TLanes.Load(line + c) - centre;
                squares = TLanes.MultiplyAdd(residual, residual, squares);
            }

            T variance = TLanes.Sum(squares);
            for (int c = vectors; c < columns; c++)
            {
                variance += (line[c] - mean) * (line[c] - mean);
            }

            T inverse = T.One / T.Sqrt((variance / count) + epsilon);
            moments[2 * row] = mean;
            moments[(2 * row) + 1] = inverse;
            TLanes scale = TLanes.Broadcast(inverse);
            for (int c = 0; c < vectors; c += TLanes.Count)
            {
                TLanes normal = (TLanes.Load(line + c) - centre) * scale;
                TLanes.Store(TLanes.MultiplyAdd(normal, TLanes.Load(gain + c), TLanes.Load(bias + c)), target + c);
            }

            for (int c = vectors; c < columns; c++)
            {
                target[c] = ((line[c] - mean) * inverse * gain[c]) + bias[c];
            }
        }
    }
}

/// <summary>Adds the gradients of <see cref="RowNormalisation{T}"/>; a null gradient is not wanted.</summary>
internal readonly unsafe struct RowNormalisationGradient<T>(
    int rows, int columns, T* x, T* gain, T* moments, T* dy, T* dx, T* dGain, T* dBias) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        int vectors = columns - (columns % TLanes.Count);
        T share = T.One / T.CreateTruncating(columns);
        for (int row = 0; row < rows; row++)
        {
            T* line = x + ((nint)row * columns);
            T* upstream = dy + ((nint)row * columns);
            T mean = moments[2 * row];
            T inverse = moments[(2 * row) + 1];
            TLanes centre = TLanes.Broadcast(mean);
            TLanes scale = TLanes.Broadcast(inverse);
            TLanes sums = default;
            TLanes products = default;
            for (int c = 0; c < vectors; c += TLanes.Count)
            {
                TLanes normal = (TLanes.Load(line + c) - centre) * scale;
                TLanes value = TLanes.Load(upstream + c);
                TLanes weighted = value * TLanes.Load(gain + c);
                sums += weighted;
                products = TLanes.MultiplyAdd(weighted, normal, products);
                if (dGain is not null)
                {
                    TLanes.Store(TLanes.MultiplyAdd(value, normal, TLanes.Load(dGain + c)), dGain + c);
                }

                if (dBias is not null)
                {
                    TLanes.Store(TLanes.Load(dBias + c) + value, dBias + c);
                }
            }

            T sum = TLanes.Sum(sums);
            T product = TLanes.Sum(products);
            for (int c = vectors; c < columns; c++)
            {
                T normal = (line[c] - mean) * inverse;
                sum += upstream[c] * gain[c];
                product += upstream[c] * gain[c] * normal;
                if (dGain is not null)
                {
                    dGain[c] += upstream[c] * normal;
                }

                if (dBias is not null)
                {
                    dBias[c] += upstream[c];
                }
            }

            if (dx is null)
            {
                continue;
            }

            T* target = dx + ((nint)row * columns);
            sum *= share;
            product *= share;
            TLanes meanSum = TLanes.Broadcast(sum);
            TLanes meanProduct = TLanes.Broadcast(product);
            for (int c = 0; c < vectors; c += TLanes.Count)
            {
                TLanes normal = (TLanes.Load(line + c) - centre) * scale;
                TLanes weighted = TLanes.Load(upstream + c) * TLanes.Load(gain + c);
                TLanes inner = (weighted - meanSum) - (normal * meanProduct);
                TLanes.Store(TLanes.MultiplyAdd(inner, scale, TLanes.Load(target + c)), target + c);
            }

            for (int c = vectors; c < columns; c++)
            {
                T normal = (line[c] - mean) * inverse;
                target[c] += inverse * ((upstream[c] * gain[c]) - sum - (normal * product));
            }
        }
    }
}
