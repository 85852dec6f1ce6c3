using System.Numerics;
using System.Runtime.CompilerServices;
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

/// <summary>
/// The row scans of <see cref="DenseAssignment"/>, eight doubles at a time. Vector512 falls back to halves and quarters where the
/// machine lacks it, with the same lanes, so answers do not depend on the width. Lengths are multiples of eight.
/// </summary>
internal static unsafe class AssignmentScan
{
    private const int Lanes = 8;

    private static Vector512<double> LaneNumbers
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0.0, 1, 2, 3, 4, 5, 6, 7);
    }

    /// <summary>The smallest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Smallest(Vector512<double> values)
    {
        Vector256<double> four = Vector256.MinNative(values.GetLower(), values.GetUpper());
        Vector128<double> two = Vector128.MinNative(four.GetLower(), four.GetUpper());
        double a = two.GetElement(0);
        double b = two.GetElement(1);
        return b < a ? b : a;
    }

    /// <summary>The smallest of cost - price.</summary>
    public static double Smallest(double* cost, double* price, int length)
    {
        Vector512<double> best = Vector512.Create(double.PositiveInfinity);
        for (int j = 0; j < length; j += Lanes)
        {
            best = Vector512.MinNative(best, Vector512.Load(cost + j) - Vector512.Load(price + j));
        }

        return Smallest(best);
    }

    /// <summary>Smallest entry and its row in each column.</summary>
    public static void ColumnMinima(double* cost, int rows, int stride, double* minima, double* rowOfMinimum)
    {
        for (int j = 0; j < stride; j += Lanes)
        {
            Vector512<double> best = Vector512.Load(cost + j);
            Vector512<double> where = Vector512<double>.Zero;
            double* entry = cost + j;
            for (int i = 1; i < rows; i++)
            {
                entry += stride;
                Vector512<double> value = Vector512.Load(entry);
                where = Vector512.ConditionalSelect(Vector512.LessThan(value, best), Vector512.Create((double)i), where);
                best = Vector512.MinNative(value, best);
            }

            // Padding columns are infinite throughout; a finite price keeps infinity minus price infinite.
            Vector512.ConditionalSelect(Vector512.LessThan(best, Vector512.Create(double.PositiveInfinity)), best, Vector512<double>.Zero)
                .Store(minima + j);
            where.Store(rowOfMinimum + j);
        }
    }

    /// <summary>The smallest and second smallest of cost - price, and where the smallest is (the first of equal lanes).</summary>
    public static void TwoSmallest(double* cost, double* price, int length, out double first, out double second, out int column)
    {
        Vector512<double> infinity = Vector512.Create(double.PositiveInfinity);
        Vector512<double> one = infinity;
        Vector512<double> two = infinity;
        Vector512<double> where = Vector512<double>.Zero;
        Vector512<double> number = LaneNumbers;
        Vector512<double> step = Vector512.Create((double)Lanes);
        for (int j = 0; j < length; j += Lanes)
        {
            Vector512<double> value = Vector512.Load(cost + j) - Vector512.Load(price + j);
            Vector512<double> less = Vector512.LessThan(value, one);
            two = Vector512.MinNative(two, Vector512.MaxNative(one, value));
            one = Vector512.MinNative(value, one);
            where = Vector512.ConditionalSelect(less, number, where);
            number += step;
        }

        first = Smallest(one);
        int lane = BitOperations.TrailingZeroCount(Vector512.Equals(one, Vector512.Create(first)).ExtractMostSignificantBits());
        column = (int)where.GetElement(lane);
        Vector512<double> others = Vector512.ConditionalSelect(
            Vector512.Equals(LaneNumbers, Vector512.Create((double)lane)), infinity, one);
        second = Smallest(Vector512.MinNative(others, two));
    }

    /// <summary>Another column than <paramref name="except"/> at which cost - price has exactly the given value.</summary>
    public static bool OtherAt(double* cost, double* price, int length, double value, int except, out int column)
    {
        for (int j = 0; j < length; j++)
        {
            if (cost[j] - price[j] == value && j != except)
            {
                column = j;
                return true;
            }
        }

        column = -1;
        return false;
    }

    /// <summary>
    /// Lowers the distances that a row improves, remembers the row there, and finds the nearest column of those not settled.
    /// </summary>
    public static void Relax(double* cost, double* shift, double* distance, double* predecessor, int length, double offset, int row,
        out double nearest, out int column)
    {
        Vector512<double> best = Vector512.Create(double.PositiveInfinity);
        Vector512<double> where = Vector512<double>.Zero;
        Vector512<double> number = LaneNumbers;
        Vector512<double> step = Vector512.Create((double)Lanes);
        Vector512<double> plus = Vector512.Create(offset);
        Vector512<double> source = Vector512.Create((double)row);
        for (int j = 0; j < length; j += Lanes)
        {
            Vector512<double> old = Vector512.Load(distance + j);
            Vector512<double> value = Vector512.Load(cost + j) - Vector512.Load(shift + j) + plus;
            Vector512<double> less = Vector512.LessThan(value, old);
            value = Vector512.MinNative(value, old);
            value.Store(distance + j);
            Vector512.ConditionalSelect(less, source, Vector512.Load(predecessor + j)).Store(predecessor + j);
            Vector512<double> nearer = Vector512.LessThan(value, best);
            best = Vector512.MinNative(value, best);
            where = Vector512.ConditionalSelect(nearer, number, where);
            number += step;
        }

        nearest = Smallest(best);
        int lane = BitOperations.TrailingZeroCount(Vector512.Equals(best, Vector512.Create(nearest)).ExtractMostSignificantBits());
        column = (int)where.GetElement(lane);
    }
}
