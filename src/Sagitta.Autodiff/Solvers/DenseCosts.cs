using System.Numerics;
using System.Runtime.Intrinsics;

namespace Sagitta.Autodiff.Solvers;

/// <summary>The cost matrix of a <see cref="DenseAssignment"/> in its working form: double, padded, without infinities among its
/// entries.</summary>
internal static unsafe class DenseCosts
{
    /// <summary>Numbers of a vector; rows are padded to whole vectors.</summary>
    public const int Lanes = 8;

    /// <summary>
    /// Copies the costs so that rows are the shorter side and each row begins on a vector; forbidden entries become a cost that outweighs
    /// any rearrangement of allowed ones, which puts cardinality first. Padding is infinite and never chosen. Returns the cost of a
    /// forbidden entry.
    /// </summary>
    /// <param name="costs">The costs as given, row by row.</param>
    /// <param name="columns">Columns as given.</param>
    /// <param name="n">Rows here, the shorter side.</param>
    /// <param name="m">Columns here.</param>
    /// <param name="transposed">Whether rows here are columns as given.</param>
    /// <param name="target">n rows of <paramref name="stride"/> numbers.</param>
    /// <param name="stride">A multiple of <see cref="Lanes"/>, at least m.</param>
    public static double Load<T>(ReadOnlySpan<T> costs, int columns, int n, int m, bool transposed, double* target, int stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double largest = 0;
        bool any = false;
        for (int i = 0; i < n; i++)
        {
            double* row = target + (i * stride);
            if (transposed)
            {
                for (int j = 0; j < m; j++)
                {
                    row[j] = double.CreateTruncating(costs[(j * columns) + i]);
                }
            }
            else if (typeof(T) == typeof(double))
            {
                costs.Slice(i * columns, m).CopyTo(new Span<T>(row, m));
            }
            else
            {
                ReadOnlySpan<T> source = costs.Slice(i * columns, m);
                for (int j = 0; j < source.Length; j++)
                {
                    row[j] = double.CreateTruncating(source[j]);
                }
            }

            new Span<double>(row + m, stride - m).Fill(double.PositiveInfinity);
            any |= LargestFinite(row, m, ref largest);
        }

        double forbidden = (((2.0 * n) + 1) * largest) + 1;
        if (any)
        {
            for (int i = 0; i < n; i++)
            {
                double* row = target + (i * stride);
                for (int j = 0; j < m; j++)
                {
                    if (!(row[j] < double.PositiveInfinity))
                    {
                        row[j] = forbidden;
                    }
                }
            }
        }

        return forbidden;
    }

    private static bool LargestFinite(double* row, int m, ref double largest)
    {
        Vector512<double> best = Vector512<double>.Zero;
        Vector512<double> finite = Vector512<double>.AllBitsSet;
        int j = 0;
        for (; j + Lanes <= m; j += Lanes)
        {
            Vector512<double> size = Vector512.Abs(Vector512.Load(row + j));
            Vector512<double> allowed = Vector512.LessThan(size, Vector512.Create(double.PositiveInfinity));
            best = Vector512.Max(best, size & allowed);
            finite &= allowed;
        }

        bool any = finite.ExtractMostSignificantBits() != 0xFF;
        double most = AssignmentScan.Smallest(Vector512<double>.Zero - best);
        largest = Math.Max(largest, -most);
        for (; j < m; j++)
        {
            if (double.IsFinite(row[j]))
            {
                largest = Math.Max(largest, Math.Abs(row[j]));
            }
            else
            {
                any = true;
            }
        }

        if (any && new ReadOnlySpan<double>(row, m).Contains(double.NegativeInfinity))
        {
            throw new ArgumentException("A cost is negative infinity: only positive infinity has a meaning, a forbidden entry.");
        }

        return any;
    }
}
