using System.Numerics;

namespace Sagitta.Tests.Autodiff.Kernels;

/// <summary>What the column normalisation kernels mean, one number at a time.</summary>
internal static unsafe class ColumnNormalisationReference
{
    /// <summary>Mean and biased variance of each column, in two passes; zeros without rows.</summary>
    internal static void Moments<T>(int rows, int columns, T* x, Span<double> mean, Span<double> variance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        mean.Clear();
        variance.Clear();
        if (rows == 0)
        {
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            T* line = x + ((nint)row * columns);
            for (int c = 0; c < columns; c++)
            {
                mean[c] += double.CreateTruncating(line[c]);
            }
        }

        for (int c = 0; c < columns; c++)
        {
            mean[c] /= rows;
        }

        for (int row = 0; row < rows; row++)
        {
            T* line = x + ((nint)row * columns);
            for (int c = 0; c < columns; c++)
            {
                double residual = double.CreateTruncating(line[c]) - mean[c];
                variance[c] += residual * residual;
            }
        }

        for (int c = 0; c < columns; c++)
        {
            variance[c] /= rows;
        }
    }

    /// <summary>y = (x - mean) inverse gain + bias.</summary>
    internal static void Apply<T>(int rows, int columns, T* x, T* mean, T* inverse, T* gain, T* bias, T* y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0; row < rows; row++)
        {
            for (int c = 0; c < columns; c++)
            {
                y[c] = ((x[c] - mean[c]) * inverse[c] * gain[c]) + bias[c];
            }

            x += columns;
            y += columns;
        }
    }

    /// <summary>
    /// sums[c] = sum of dy, products[c] = sum of dy (x - mean) inverse: the gradients of bias and gain, and what the gradient of x needs.
    /// </summary>
    internal static void GradientSums<T>(int rows, int columns, T* x, T* mean, T* inverse, T* dy, Span<double> sums, Span<double> products)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        sums.Clear();
        products.Clear();
        for (int row = 0; row < rows; row++)
        {
            for (int c = 0; c < columns; c++)
            {
                double upstream = double.CreateTruncating(dy[c]);
                sums[c] += upstream;
                products[c] += upstream * double.CreateTruncating((x[c] - mean[c]) * inverse[c]);
            }

            x += columns;
            dy += columns;
        }
    }

    /// <summary>dx += inverse gain (dy - meanGradient - normal meanProduct), normal = (x - mean) inverse.</summary>
    internal static void InputGradient<T>(
        int rows, int columns, T* x, T* mean, T* inverse, T* gain, T* meanGradient, T* meanProduct, T* dy, T* dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0; row < rows; row++)
        {
            for (int c = 0; c < columns; c++)
            {
                T normal = (x[c] - mean[c]) * inverse[c];
                dx[c] += inverse[c] * gain[c] * (dy[c] - meanGradient[c] - (normal * meanProduct[c]));
            }

            x += columns;
            dy += columns;
            dx += columns;
        }
    }
}
