using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Sums over rows.</summary>
internal static unsafe class ColumnSum
{
    /// <summary>sums (columns) += sum over rows of x.</summary>
    internal static void Add<T>(int rows, int columns, T* x, T* sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                sums[column] += x[column];
            }

            x += columns;
        }
    }
}
