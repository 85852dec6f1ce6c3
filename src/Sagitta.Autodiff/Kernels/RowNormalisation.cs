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
