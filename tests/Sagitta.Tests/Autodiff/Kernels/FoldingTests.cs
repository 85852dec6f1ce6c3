using System.Numerics;

namespace Sagitta.Tests.Autodiff.Kernels;

/// <summary>Sums and maxima over lanes, at every width and number of heads, against one lane after another.</summary>
public sealed unsafe class FoldingTests
{
    [Fact]
    public void Lanes_of_equal_remainder_are_folded()
    {
        Check<Lanes512<float>, float>();
        Check<Lanes256<float>, float>();
        Check<Lanes128<float>, float>();
        Check<Lanes512<double>, double>();
        Check<Lanes256<double>, double>();
        Check<Lanes128<double>, double>();
    }

    private static void Check<TLanes, T>()
        where TLanes : unmanaged, IHeadLanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = TLanes.Count;
        using AlignedBuffer<T> numbers = new(4 * lanes);
        using AlignedBuffer<T> stored = new(4 * lanes);
        using AlignedBuffer<T> repeated = new(lanes);
        for (int i = 0; i < numbers.Length; i++)
        {
            // Whole numbers, so that every order gives the same sum.
            numbers.Values[i] = T.CreateChecked((i * 37 % 101) - 53);
        }

        TLanes a = TLanes.Load(numbers.Pointer);
        for (int heads = 1; heads <= lanes; heads *= 2)
        {
            T[] sums = new T[4 * heads];
            T[] largest = Enumerable.Repeat(T.NegativeInfinity, heads).ToArray();
            for (int i = 0; i < numbers.Length; i++)
            {
                sums[(i / lanes * heads) + (i % heads)] += numbers.Values[i];
                largest[i % heads] = i < lanes ? T.Max(largest[i % heads], numbers.Values[i]) : largest[i % heads];
            }

            TLanes.StoreFolded(
                a,
                TLanes.Load(numbers.Pointer + lanes),
                TLanes.Load(numbers.Pointer + (2 * lanes)),
                TLanes.Load(numbers.Pointer + (3 * lanes)),
                stored.Pointer,
                heads,
                accumulate: false);
            Assert.Equal(sums, stored.Values[..(4 * heads)].ToArray());
            TLanes.StoreFolded(a, a, a, a, stored.Pointer, heads, accumulate: true);
            Assert.Equal(sums[heads] + sums[0], stored.Values[heads]);

            TLanes.Store(TLanes.Folded(a, heads), repeated.Pointer);
            Assert.Equal(Enumerable.Range(0, lanes).Select(i => sums[i % heads]), repeated.Values.ToArray());
            TLanes.Store(TLanes.FoldedMax(a, heads), repeated.Pointer);
            Assert.Equal(Enumerable.Range(0, lanes).Select(i => largest[i % heads]), repeated.Values.ToArray());
        }
    }
}
