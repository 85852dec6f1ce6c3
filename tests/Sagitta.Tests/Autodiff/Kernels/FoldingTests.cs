using System.Numerics;
using System.Runtime.Intrinsics;

namespace Sagitta.Tests.Autodiff.Kernels;

/// <summary>Sums and maxima over lanes, at every width and number of heads, against one lane after another.</summary>
public sealed unsafe class FoldingTests
{
    [Fact]
    public void Lanes_of_equal_remainder_are_folded()
    {
        Check<Width512<float>, Vector512<float>, float>();
        Check<Width256<float>, Vector256<float>, float>();
        Check<Width128<float>, Vector128<float>, float>();
        Check<Width512<double>, Vector512<double>, double>();
        Check<Width256<double>, Vector256<double>, double>();
        Check<Width128<double>, Vector128<double>, double>();
    }

    private static void Check<TWidth, TVector, T>()
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = TWidth.Lanes;
        using AlignedBuffer<T> numbers = new(4 * lanes);
        using AlignedBuffer<T> stored = new(4 * lanes);
        using AlignedBuffer<T> repeated = new(lanes);
        for (int i = 0; i < numbers.Length; i++)
        {
            // Whole numbers, so that every order gives the same sum.
            numbers.Values[i] = T.CreateChecked((i * 37 % 101) - 53);
        }

        TVector a = TWidth.Load(numbers.Pointer);
        for (int heads = 1; heads <= lanes; heads *= 2)
        {
            T[] sums = new T[4 * heads];
            T[] largest = Enumerable.Repeat(T.NegativeInfinity, heads).ToArray();
            for (int i = 0; i < numbers.Length; i++)
            {
                sums[(i / lanes * heads) + (i % heads)] += numbers.Values[i];
                largest[i % heads] = i < lanes ? T.Max(largest[i % heads], numbers.Values[i]) : largest[i % heads];
            }

            TWidth.StoreFolded(
                a,
                TWidth.Load(numbers.Pointer + lanes),
                TWidth.Load(numbers.Pointer + (2 * lanes)),
                TWidth.Load(numbers.Pointer + (3 * lanes)),
                stored.Pointer,
                heads,
                accumulate: false);
            Assert.Equal(sums, stored.Values[..(4 * heads)].ToArray());
            TWidth.StoreFolded(a, a, a, a, stored.Pointer, heads, accumulate: true);
            Assert.Equal(sums[heads] + sums[0], stored.Values[heads]);

            TWidth.Store(TWidth.Folded(a, heads), repeated.Pointer);
            Assert.Equal(Enumerable.Range(0, lanes).Select(i => sums[i % heads]), repeated.Values.ToArray());
            TWidth.Store(TWidth.FoldedMax(a, heads), repeated.Pointer);
            Assert.Equal(Enumerable.Range(0, lanes).Select(i => largest[i % heads]), repeated.Values.ToArray());
        }
    }
}
