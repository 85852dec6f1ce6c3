using System.Numerics;

namespace Sagitta.Tests.Autodiff.Kernels;

/// <summary>The arithmetic of every kind of lanes, against that of the numbers in them.</summary>
public sealed unsafe class LaneArithmeticTests
{
    [Fact]
    public void Every_lane_is_a_number()
    {
        Check<Lanes512<float>, float>();
        Check<Lanes256<float>, float>();
        Check<Lanes128<float>, float>();
        Check<SingleLane<float>, float>();
        Check<Lanes512<double>, double>();
        Check<Lanes256<double>, double>();
        Check<Lanes128<double>, double>();
        Check<SingleLane<double>, double>();
        Check<LanePair<Lanes256<double>, double>, double>();
    }

    private static void Check<TLanes, T>()
        where TLanes : unmanaged, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = TLanes.Count;
        using AlignedBuffer<T> numbers = new(3 * lanes);
        using AlignedBuffer<T> result = new(lanes);
        double* sums = stackalloc double[lanes];
        for (int round = 0; round < 8; round++)
        {
            // Small whole numbers of both signs, some of them equal: exact in every operation but the quotient.
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers.Values[i] = T.CreateChecked(((((i + 5) * 7) + (round * 3)) % 9) - 4);
            }

            T[] a = numbers.Values[..lanes].ToArray();
            T[] b = numbers.Values[lanes..(2 * lanes)].ToArray();
            T[] c = numbers.Values[(2 * lanes)..].ToArray();
            TLanes x = TLanes.Load(numbers.Pointer);
            TLanes y = TLanes.Load(numbers.Pointer + lanes);
            TLanes z = TLanes.Load(numbers.Pointer + (2 * lanes));
            TLanes zero = TLanes.Broadcast(T.Zero);
            TLanes one = TLanes.Broadcast(T.One);
            void Is(TLanes found, Func<T, T, T, T> expected)
            {
                TLanes.Store(found, result.Pointer);
                Assert.Equal(Enumerable.Range(0, lanes).Select(i => expected(a[i], b[i], c[i])), result.Values.ToArray());
            }

            Is(x + y, (p, q, _) => p + q);
            Is(x - y, (p, q, _) => p - q);
            Is(x * y, (p, q, _) => p * q);
            Is(x / (y * y + one), (p, q, _) => p / ((q * q) + T.One));
            Is(TLanes.MultiplyAdd(x, y, z), (p, q, r) => (p * q) + r);
            Is(TLanes.FusedMultiplyAdd(x, y, z), (p, q, r) => (p * q) + r);
            Is(TLanes.Max(x, y), (p, q, _) => T.Max(p, q));
            Is(TLanes.MaxOrNaN(x, y), (p, q, _) => T.Max(p, q));
            Is(TLanes.Min(x, y), (p, q, _) => T.Min(p, q));
            Is(TLanes.Abs(x), (p, _, _) => T.Abs(p));
            Is(TLanes.Sqrt(x * x), (p, _, _) => T.Abs(p));
            Is(TLanes.Select(TLanes.Positive(x), y, z), (p, q, r) => p > T.Zero ? q : r);
            Is(TLanes.Select(TLanes.LessThan(x, y), y, z), (p, q, r) => p < q ? q : r);
            Is(TLanes.Select(TLanes.LessOrEqual(x, y), y, z), (p, q, r) => p <= q ? q : r);
            Is(TLanes.Select(TLanes.Equal(x, y), x, z), (p, q, r) => p == q ? p : r);
            Is(TLanes.Select(TLanes.And(TLanes.LessThan(x, y), TLanes.LessThan(y, z)), one, zero),
                (p, q, r) => p < q && q < r ? T.One : T.Zero);
            Is(TLanes.Select(TLanes.Or(TLanes.LessThan(x, y), TLanes.LessThan(y, z)), one, zero),
                (p, q, r) => p < q || q < r ? T.One : T.Zero);
            Is(TLanes.Select(TLanes.AndNot(TLanes.LessThan(x, y), TLanes.LessThan(y, z)), one, zero),
                (p, q, r) => p < q && !(q < r) ? T.One : T.Zero);
            Is(TLanes.SelectLess(x, y, y, z), (p, q, r) => p < q ? q : r);
            Is(TLanes.FusedMultiplyAdd(numbers.Pointer, y, z), (_, q, r) => (a[0] * q) + r);
            Assert.Equal(a.Select((p, i) => p > T.Zero ? 1u << i : 0).Aggregate(0u, (bits, bit) => bits | bit), TLanes.PositiveBits(x));
            new Span<double>(sums, lanes).Fill(0.5);
            TLanes.AddWidened(x, sums);
            Assert.Equal(a.Select(p => 0.5 + double.CreateChecked(p)), new Span<double>(sums, lanes).ToArray());

            // The third of the numbers again, as the integers in whose low bits powers of two stand.
            for (int i = 0; i < lanes; i++)
            {
                int power = int.CreateChecked(c[i]);
                numbers.Values[i] = typeof(T) == typeof(float) ? T.CreateChecked(BitConverter.Int32BitsToSingle(power & 511))
                    : T.CreateChecked(BitConverter.Int64BitsToDouble(power & 4095));
            }

            Is(TLanes.AddToExponent((x * x) + one, TLanes.Load(numbers.Pointer)),
                (p, _, r) => T.ScaleB((p * p) + T.One, int.CreateChecked(r)));
            Assert.Equal(a.Zip(b, (p, q) => p < q).Any(less => less), TLanes.Any(TLanes.LessThan(x, y)));
            Assert.Equal(a.Select((p, i) => p < b[i] ? 1u << i : 0).Aggregate(0u, (bits, bit) => bits | bit),
                TLanes.Bits(TLanes.LessThan(x, y)));
            Assert.Equal(a.Aggregate(T.Zero, (sum, p) => sum + p), TLanes.Sum(x));
        }
    }
}
