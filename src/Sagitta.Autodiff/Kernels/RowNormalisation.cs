using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>y = (x - mean) / sqrt(variance + epsilon) gain + bias, moments by row; moments receives mean and inverse deviation of each
/// row.</summary>
internal readonly unsafe struct RowNormalisation<T>(int rows, int columns, T* x, T* gain, T* bias, T epsilon, T* y, T* moments) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TWidth, TVector>()
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        T count = T.CreateTruncating(columns);
        int vectors = columns - (columns % TWidth.Lanes);
        for (int row = 0; row < rows; row++)
        {
            T* line = x + ((nint)row * columns);
            T* target = y + ((nint)row * columns);
            TVector sums = default;
            for (int c = 0; c < vectors; c += TWidth.Lanes)
            {
                sums = TWidth.Add(sums, TWidth.Load(line + c));
            }

            T mean = TWidth.Sum(sums);
            for (int c = vectors; c < columns; c++)
            {
                mean += line[c];
            }

            mean /= count;
            TVector centre = TWidth.Create(mean);
            TVector squares = default;
            for (int c = 0; c < vectors; c += TWidth.Lanes)
            {
                TVector residual = TWidth.Subtract(TWidth.Load(line + c), centre);
                squares = TWidth.MultiplyAdd(residual, residual, squares);
            }

            T variance = TWidth.Sum(squares);
            for (int c = vectors; c < columns; c++)
            {
                variance += (line[c] - mean) * (line[c] - mean);
            }

            T inverse = T.One / T.Sqrt((variance / count) + epsilon);
            moments[2 * row] = mean;
            moments[(2 * row) + 1] = inverse;
            TVector scale = TWidth.Create(inverse);
            for (int c = 0; c < vectors; c += TWidth.Lanes)
            {
                TVector normal = TWidth.Multiply(TWidth.Subtract(TWidth.Load(line + c), centre), scale);
                TWidth.Store(TWidth.MultiplyAdd(normal, TWidth.Load(gain + c), TWidth.Load(bias + c)), target + c);
            }

            for (int c = vectors; c < columns; c++)
            {
                target[c] = ((line[c] - mean) * inverse * gain[c]) + bias[c];
            }
        }
    }
}
