using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// Softmax of consecutive rows, group by group and column by column, and its gradient. Scalar: attention, where speed counts, has its own.
/// </summary>
internal static unsafe class SegmentNormalisation
{
    /// <summary>y = exp(x) over its sum within each group, column by column.</summary>
    internal static void Softmax<T>(int groups, int columns, int* offsets, T* x, T* y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int group = 0; group < groups; group++)
        {
            for (int c = 0; c < columns; c++)
            {
                T largest = T.NegativeInfinity;
                for (int row = offsets[group]; row < offsets[group + 1]; row++)
                {
                    largest = T.Max(largest, x[((nint)row * columns) + c]);
                }

                T sum = T.Zero;
                for (int row = offsets[group]; row < offsets[group + 1]; row++)
                {
                    T value = T.Exp(x[((nint)row * columns) + c] - largest);
                    y[((nint)row * columns) + c] = value;
                    sum += value;
                }

                for (int row = offsets[group]; row < offsets[group + 1]; row++)
                {
                    y[((nint)row * columns) + c] /= sum;
                }
            }
        }
    }

    /// <summary>dx += the gradient of <see cref="Softmax"/> from its value y.</summary>
    internal static void SpreadSoftmax<T>(int groups, int columns, int* offsets, T* y, T* dy, T* dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int group = 0; group < groups; group++)
        {
            for (int c = 0; c < columns; c++)
            {
                T mean = T.Zero;
                for (int row = offsets[group]; row < offsets[group + 1]; row++)
                {
                    mean += y[((nint)row * columns) + c] * dy[((nint)row * columns) + c];
                }

                for (int row = offsets[group]; row < offsets[group + 1]; row++)
                {
                    dx[((nint)row * columns) + c] += y[((nint)row * columns) + c] * (dy[((nint)row * columns) + c] - mean);
                }
            }
        }
    }
}
