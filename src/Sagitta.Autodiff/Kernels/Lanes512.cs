using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Vectors of 512 bits.</summary>
internal readonly unsafe struct Lanes512<T>(Vector512<T> value) : IHeadLanes<Lanes512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal readonly Vector512<T> Value = value;

    public static int Count => Vector512<T>.Count;

    public static bool HasManyRegisters => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Broadcast(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Load(T* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512<T> value, T* target) => value.Value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator +(Lanes512<T> a, Lanes512<T> b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> a, Lanes512<T> b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator *(Lanes512<T> a, Lanes512<T> b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator /(Lanes512<T> a, Lanes512<T> b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> MultiplyAdd(Lanes512<T> a, Lanes512<T> b, Lanes512<T> c) =>
        // Not MultiplyAddEstimate: its rounding may differ between code that is compiled early and late.
        Fma.IsSupported || AdvSimd.Arm64.IsSupported ? FusedMultiplyAdd(a, b, c) : (a * b) + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> FusedMultiplyAdd(Lanes512<T> a, Lanes512<T> b, Lanes512<T> c) => typeof(T) == typeof(float)
        ? new(Vector512.FusedMultiplyAdd(a.Value.AsSingle(), b.Value.AsSingle(), c.Value.AsSingle()).As<float, T>())
        : new(Vector512.FusedMultiplyAdd(a.Value.AsDouble(), b.Value.AsDouble(), c.Value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> FusedMultiplyAdd(T* a, Lanes512<T> b, Lanes512<T> c) => typeof(T) == typeof(float)
        ? new(Vector512.FusedMultiplyAdd(Vector512.Create(*(float*)a), b.Value.AsSingle(), c.Value.AsSingle()).As<float, T>())
        : new(Vector512.FusedMultiplyAdd(Vector512.Create(*(double*)a), b.Value.AsDouble(), c.Value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Max(Lanes512<T> a, Lanes512<T> b) => new(Vector512.MaxNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> MaxOrNaN(Lanes512<T> a, Lanes512<T> b) => new(Vector512.Max(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Min(Lanes512<T> a, Lanes512<T> b) => new(Vector512.MinNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Abs(Lanes512<T> a) => new(Vector512.Abs(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Sqrt(Lanes512<T> a) => new(Vector512.Sqrt(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Positive(Lanes512<T> a) => new(Vector512.GreaterThan(a.Value, Vector512<T>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> LessThan(Lanes512<T> a, Lanes512<T> b) => new(Vector512.LessThan(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> LessOrEqual(Lanes512<T> a, Lanes512<T> b) => new(Vector512.LessThanOrEqual(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Equal(Lanes512<T> a, Lanes512<T> b) => new(Vector512.Equals(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> And(Lanes512<T> a, Lanes512<T> b) => new(a.Value & b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> AndNot(Lanes512<T> a, Lanes512<T> not) => new(Vector512.AndNot(a.Value, not.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Or(Lanes512<T> a, Lanes512<T> b) => new(a.Value | b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Select(Lanes512<T> mask, Lanes512<T> yes, Lanes512<T> no) =>
        new(Vector512.ConditionalSelect(mask.Value, yes.Value, no.Value));

    // In one expression, so that the mask stays a mask.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> SelectLess(Lanes512<T> a, Lanes512<T> b, Lanes512<T> yes, Lanes512<T> no) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(a.Value, b.Value), yes.Value, no.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint PositiveBits(Lanes512<T> a) =>
        (uint)Vector512.GreaterThan(a.Value, Vector512<T>.Zero).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes512<T> mask) => mask.Value.AsInt64() != Vector512<long>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(Lanes512<T> mask) => (uint)mask.Value.ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddWidened(Lanes512<T> a, double* sums)
    {
        if (typeof(T) == typeof(float))
        {
            (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(a.Value.AsSingle());
            (Vector512.Load(sums) + lower).Store(sums);
            (Vector512.Load(sums + Vector512<double>.Count) + upper).Store(sums + Vector512<double>.Count);
        }
        else
        {
            (Vector512.Load(sums) + a.Value.AsDouble()).Store(sums);
        }
    }

    public static void AddWidened(Lanes512<T>* vectors, int count, double* sums)
    {
        if (typeof(T) == typeof(double))
        {
            for (int i = 0; i < count; i++)
            {
                AddWidened(vectors[i], sums);
            }

            return;
        }

        Vector512<double> lowerSum = Vector512.Load(sums);
        Vector512<double> upperSum = Vector512.Load(sums + Vector512<double>.Count);
        for (int i = 0; i < count; i++)
        {
            (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(vectors[i].Value.AsSingle());
            lowerSum += lower;
            upperSum += upper;
        }

        lowerSum.Store(sums);
        upperSum.Store(sums + Vector512<double>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> AddToExponent(Lanes512<T> a, Lanes512<T> shifted) => typeof(T) == typeof(float)
        ? new((a.Value.AsInt32() + (shifted.Value.AsInt32() << 23)).As<int, T>())
        : new((a.Value.AsInt64() + (shifted.Value.AsInt64() << 52)).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes512<T> a) => Lanes256<T>.Sum(new(a.Value.GetLower() + a.Value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFolded(Lanes512<T> a, T* target, int heads, bool accumulate)
    {
        if (heads == Count)
        {
            (accumulate ? Vector512.Load(target) + a.Value : a.Value).Store(target);
            return;
        }

        Lanes256<T>.StoreFolded(new(a.Value.GetLower() + a.Value.GetUpper()), target, heads, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFolded(Lanes512<T> a, Lanes512<T> b, Lanes512<T> c, Lanes512<T> d, T* target, int heads, bool accumulate)
    {
        if (heads * sizeof(T) == 16 && Avx512F.IsSupported && typeof(T) == typeof(float))
        {
            // Quarters change places, so that all four are added at once, in the order of one.
            Vector512<float> ab = Avx512F.Shuffle4x128(a.Value.AsSingle(), b.Value.AsSingle(), 0x44) + Avx512F.Shuffle4x128(
                a.Value.AsSingle(), b.Value.AsSingle(), 0xEE);
            Vector512<float> cd = Avx512F.Shuffle4x128(c.Value.AsSingle(), d.Value.AsSingle(), 0x44) + Avx512F.Shuffle4x128(
                c.Value.AsSingle(), d.Value.AsSingle(), 0xEE);
            Vector512<float> sums = Avx512F.Shuffle4x128(ab, cd, 0x88) + Avx512F.Shuffle4x128(ab, cd, 0xDD);
            (accumulate ? Vector512.Load((float*)target) + sums : sums).Store((float*)target);
            return;
        }

        StoreFolded(a, target, heads, accumulate);
        StoreFolded(b, target + heads, heads, accumulate);
        StoreFolded(c, target + (2 * heads), heads, accumulate);
        StoreFolded(d, target + (3 * heads), heads, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Folded(Lanes512<T> a, int heads)
    {
        if (heads == Count)
        {
            return a;
        }

        Lanes256<T> half = Lanes256<T>.Folded(new(a.Value.GetLower() + a.Value.GetUpper()), heads);
        return new(Vector512.Create(half.Value, half.Value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> FoldedMax(Lanes512<T> a, int heads)
    {
        if (heads == Count)
        {
            return a;
        }

        Lanes256<T> half = Lanes256<T>.FoldedMax(new(Vector256.MaxNative(a.Value.GetLower(), a.Value.GetUpper())), heads);
        return new(Vector512.Create(half.Value, half.Value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> LoadRepeated(T* source, int heads)
    {
        if (heads == Count)
        {
            return new(Vector512.Load(source));
        }

        if (heads * sizeof(T) == 16 && Avx512F.IsSupported)
        {
            return new(Avx512F.BroadcastVector128ToVector512((float*)source).As<float, T>());
        }

        Lanes256<T> half = Lanes256<T>.LoadRepeated(source, heads);
        return new(Vector512.Create(half.Value, half.Value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> SelectBits(uint bits, Lanes512<T> yes, Lanes512<T> no)
    {
        if (typeof(T) == typeof(float))
        {
            Vector512<uint> lanes = Vector512.Create(1u, 2u, 4u, 8u, 16u, 32u, 64u, 128u, 256u, 512u, 1024u, 2048u, 4096u, 8192u, 16384u,
                32768u);
            Vector512<uint> chosen = Vector512.Equals(Vector512.Create(bits) & lanes, lanes);
            return Select(new(chosen.As<uint, T>()), yes, no);
        }
        else
        {
            Vector512<ulong> lanes = Vector512.Create(1ul, 2ul, 4ul, 8ul, 16ul, 32ul, 64ul, 128ul);
            Vector512<ulong> chosen = Vector512.Equals(Vector512.Create((ulong)bits) & lanes, lanes);
            return Select(new(chosen.As<ulong, T>()), yes, no);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> RepeatBits(uint* bits) => typeof(T) == typeof(float)
        ? new(Vector512.Create(*bits).As<uint, T>())
        : new(Vector512.Create((ulong)*bits).As<ulong, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> SelectRepeated(Lanes512<T> bits, bool upper, Lanes512<T> yes, Lanes512<T> no)
    {
        if (typeof(T) == typeof(float))
        {
            Vector512<uint> lanes = upper
                ? Vector512.Create(1u << 16, 1u << 17, 1u << 18, 1u << 19, 1u << 20, 1u << 21, 1u << 22, 1u << 23, 1u << 24, 1u << 25,
                    1u << 26, 1u << 27, 1u << 28, 1u << 29, 1u << 30, 1u << 31)
                : Vector512.Create(1u, 1u << 1, 1u << 2, 1u << 3, 1u << 4, 1u << 5, 1u << 6, 1u << 7, 1u << 8, 1u << 9, 1u << 10, 1u << 11,
                    1u << 12, 1u << 13, 1u << 14, 1u << 15);
            return new(Vector512.ConditionalSelect(Vector512.Equals(bits.Value.AsUInt32() & lanes, Vector512<uint>.Zero).AsSingle(),
                no.Value.AsSingle(), yes.Value.AsSingle()).As<float, T>());
        }
        else
        {
            Vector512<ulong> lanes = upper ? Vector512.Create(
                1ul << 8, 1ul << 9, 1ul << 10, 1ul << 11, 1ul << 12, 1ul << 13, 1ul << 14, 1ul << 15)
                : Vector512.Create(1ul, 1ul << 1, 1ul << 2, 1ul << 3, 1ul << 4, 1ul << 5, 1ul << 6, 1ul << 7);
            return Select(new(Vector512.Equals(bits.Value.AsUInt64() & lanes, Vector512<ulong>.Zero).As<ulong, T>()), no, yes);
        }
    }
}
