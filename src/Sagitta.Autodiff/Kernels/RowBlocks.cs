using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Copies and sums of row-major blocks.</summary>
internal static unsafe class RowBlocks
{
    /// <summary>target += source, row by row, each with its own stride.</summary>
    internal static void Add<T>(int rows, int columns, T* source, int sourceStride, T* target, int targetStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                target[column] += source[column];
            }

            source += sourceStride;
            target += targetStride;
        }
    }

    /// <summary>Row r of target is row indices[r] of source.</summary>
    internal static void Gather<T>(int rows, int columns, int* indices, T* source, T* target)
        where T : unmanaged
    {
        for (int row = 0; row < rows; row++)
        {
            new ReadOnlySpan<T>(source + ((nint)indices[row] * columns), columns).CopyTo(new(target, columns));
            target += columns;
        }
    }
}
