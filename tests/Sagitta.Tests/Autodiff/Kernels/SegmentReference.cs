using System.Numerics;

namespace Sagitta.Tests.Autodiff.Kernels;

/// <summary>What the segment kernels mean, one number at a time.</summary>
internal static unsafe class SegmentReference
{
    /// <summary>y (groups x columns) = sums or means of the rows of x; zeros for an empty group.</summary>
    internal static void Sum<T>(int groups, int columns, int* offsets, T* x, T* y, bool mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int group = 0; group < groups; group++)
        {
            T* target = y + ((nint)group * columns);
            new Span<T>(target, columns).Clear();
            for (int row = offsets[group]; row < offsets[group + 1]; row++)
            {
                for (int c = 0; c < columns; c++)
                {
                    target[c] += x[((nint)row * columns) + c];
                }
            }

            int count = offsets[group + 1] - offsets[group];
            if (mean && count > 1)
            {
                T divisor = T.CreateTruncating(count);
                for (int c = 0; c < columns; c++)
                {
                    target[c] /= divisor;
                }
            }
        }
    }

    /// <summary>dx += the gradient of <see cref="Sum"/>.</summary>
    internal static void SpreadSum<T>(int groups, int columns, int* offsets, T* dy, T* dx, bool mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int group = 0; group < groups; group++)
        {
            T* source = dy + ((nint)group * columns);
            T divisor = mean ? T.CreateTruncating(offsets[group + 1] - offsets[group]) : T.One;
            for (int row = offsets[group]; row < offsets[group + 1]; row++)
            {
                for (int c = 0; c < columns; c++)
                {
                    dx[((nint)row * columns) + c] += source[c] / divisor;
                }
            }
        }
    }

    /// <summary>y (groups x columns) = the largest of the rows of x; zeros for an empty group, NaN where there is one.</summary>
    internal static void Max<T>(int groups, int columns, int* offsets, T* x, T* y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int group = 0; group < groups; group++)
        {
            T* target = y + ((nint)group * columns);
            int first = offsets[group];
            if (first == offsets[group + 1])
            {
                new Span<T>(target, columns).Clear();
                continue;
            }

            for (int c = 0; c < columns; c++)
            {
                T largest = x[((nint)first * columns) + c];
                for (int row = first + 1; row < offsets[group + 1]; row++)
                {
                    largest = T.Max(largest, x[((nint)row * columns) + c]);
                }

                target[c] = largest;
            }
        }
    }

    /// <summary>dx += the gradient of <see cref="Max"/>, split equally among equal largest rows.</summary>
    internal static void SpreadMax<T>(int groups, int columns, int* offsets, T* x, T* y, T* dy, T* dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int group = 0; group < groups; group++)
        {
            for (int c = 0; c < columns; c++)
            {
                T largest = y[((nint)group * columns) + c];
                int ties = 0;
                for (int row = offsets[group]; row < offsets[group + 1]; row++)
                {
                    ties += x[((nint)row * columns) + c] == largest ? 1 : 0;
                }

                if (ties == 0)
                {
                    continue;
                }

                T share = dy[((nint)group * columns) + c] / T.CreateTruncating(ties);
                for (int row = offsets[group]; row < offsets[group + 1]; row++)
                {
                    if (x[((nint)row * columns) + c] == largest)
                    {
                        dx[((nint)row * columns) + c] += share;
                    }
                }
            }
        }
    }

    /// <summary>sums (groups x columns) += rows of x in the given order (null: as they lie).</summary>
    internal static void AddOrdered<T>(int groups, int columns, int* offsets, int* order, T* x, T* sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int group = 0; group < groups; group++)
        {
            T* target = sums + ((nint)group * columns);
            for (int place = offsets[group]; place < offsets[group + 1]; place++)
            {
                T* source = x + ((nint)(order is null ? place : order[place]) * columns);
                for (int c = 0; c < columns; c++)
                {
                    target[c] += source[c];
                }
            }
        }
    }
}
