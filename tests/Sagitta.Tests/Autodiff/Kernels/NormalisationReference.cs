using System.Numerics;

namespace Sagitta.Tests.Autodiff.Kernels;

/// <summary>What the normalisation kernels mean, one number at a time.</summary>
internal static unsafe class NormalisationReference
{
    /// <summary>Each row to mean 0 and variance 1, then gain and bias; moments receives mean and 1 / deviation of each row.</summary>
    internal static void Rows<T>(int rows, int columns, T* x, T* gain, T* bias, T epsilon, T* y, T* moments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T count = T.CreateTruncating(columns);
        for (int row = 0; row < rows; row++)
        {
            T* line = x + ((nint)row * columns);
            T mean = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                mean += line[c];
            }

            mean /= count;
            T variance = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                variance += (line[c] - mean) * (line[c] - mean);
            }

            T inverse = T.One / T.Sqrt((variance / count) + epsilon);
            moments[2 * row] = mean;
            moments[(2 * row) + 1] = inverse;
            for (int c = 0; c < columns; c++)
            {
                y[((nint)row * columns) + c] = ((line[c] - mean) * inverse * gain[c]) + bias[c];
            }
        }
    }

    /// <summary>Adds the gradients of <see cref="Rows"/>; a null gradient is not wanted.</summary>
    internal static void RowsGradient<T>(int rows, int columns, T* x, T* gain, T* moments, T* dy, T* dx, T* dGain, T* dBias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T count = T.CreateTruncating(columns);
        for (int row = 0; row < rows; row++)
        {
            T* line = x + ((nint)row * columns);
            T* upstream = dy + ((nint)row * columns);
            T mean = moments[2 * row];
            T inverse = moments[(2 * row) + 1];
            T sum = T.Zero;
            T sumProduct = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T normal = (line[c] - mean) * inverse;
                sum += upstream[c] * gain[c];
                sumProduct += upstream[c] * gain[c] * normal;
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

            for (int c = 0; c < columns; c++)
            {
                T normal = (line[c] - mean) * inverse;
                dx[((nint)row * columns) + c] += inverse * ((upstream[c] * gain[c]) - (sum / count) - (normal * sumProduct / count));
            }
        }
    }
}
