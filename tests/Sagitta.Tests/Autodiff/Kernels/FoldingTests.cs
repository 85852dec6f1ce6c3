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

    [Fact]
    public void Operations_of_several_steps_are_what_their_steps_are()
    {
        CheckSteps<Lanes512<float>, float>();
        CheckSteps<Lanes256<float>, float>();
        CheckSteps<Lanes128<float>, float>();
        CheckSteps<LanePair<Lanes512<double>, double>, double>();
        CheckSteps<Lanes512<double>, double>();
        CheckSteps<Lanes256<double>, double>();
    }

    private static void CheckSteps<TLanes, T>()
        where TLanes : unmanaged, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = TLanes.Count;
        T[] special = [T.Zero, T.NegativeZero, T.One, T.NegativeOne, T.NaN, T.NegativeInfinity, T.CreateChecked(0.3), T.Epsilon];
        using AlignedBuffer<T> a = new(5 * lanes);
        using AlignedBuffer<T> b = new(lanes);
        using AlignedBuffer<T> result = new(lanes);
        using AlignedBuffer<double> sums = new(lanes);
        using AlignedBuffer<double> oneByOne = new(lanes);
        for (int i = 0; i < a.Length; i++)
        {
            a.Values[i] = special[i % special.Length];
            b.Values[i % lanes] = special[i * 3 % special.Length];
        }

        TLanes x = TLanes.Load(a.Pointer);
        TLanes y = TLanes.Load(b.Pointer);
        T[] Of(TLanes value)
        {
            TLanes.Store(value, result.Pointer);
            return result.Values.ToArray();
        }

        Assert.Equal(Of(TLanes.FusedMultiplyAdd(TLanes.Broadcast(a.Values[6]), x, y)), Of(TLanes.FusedMultiplyAdd(a.Pointer + 6, x, y)));
        Assert.Equal(Of(TLanes.Select(TLanes.LessThan(x, y), x, y)), Of(TLanes.SelectLess(x, y, x, y)));
        Assert.Equal(TLanes.Bits(TLanes.Positive(x)), TLanes.PositiveBits(x));
        a.Values.Replace(T.NaN, T.CreateChecked(0.7));
        a.Values.Replace(T.NegativeInfinity, T.CreateChecked(1e-9));
        sums.Values.Clear();
        oneByOne.Values.Clear();
        TLanes.AddWidened((TLanes*)a.Pointer, 5, sums.Pointer);
        for (int i = 0; i < 5; i++)
        {
            TLanes.AddWidened(TLanes.Load(a.Pointer + (i * lanes)), oneByOne.Pointer);
        }

        Assert.Equal(oneByOne.Values.ToArray(), sums.Values.ToArray());
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
            TLanes.Store(TLanes.LoadRepeated(numbers.Pointer + 1, heads), repeated.Pointer);
            Assert.Equal(Enumerable.Range(0, lanes).Select(i => numbers.Values[1 + (i % heads)]), repeated.Values.ToArray());
        }

        // Each lane alone, all others, and patterns without a period; what stands above the lanes is not theirs.
        TLanes b = TLanes.Load(numbers.Pointer + lanes);
        for (int k = 0; k < 40; k++)
        {
            uint bits = k < 32 ? 1u << k : 0x9E3779B9u * (uint)k;
            foreach (uint pattern in (uint[])[bits, ~bits])
            {
                IsChosen(TLanes.SelectBits(pattern, a, b), pattern);
                IsChosen(TLanes.SelectRepeated(TLanes.RepeatBits(&pattern), false, a, b), pattern);
                IsChosen(TLanes.SelectRepeated(TLanes.RepeatBits(&pattern), true, a, b), pattern >> lanes);
            }
        }

        void IsChosen(TLanes found, uint bits)
        {
            TLanes.Store(found, repeated.Pointer);
            Assert.Equal(Enumerable.Range(0, lanes).Select(i => numbers.Values[((bits >> i) & 1) != 0 ? i : lanes + i]),
                repeated.Values.ToArray());
        }
    }
}
