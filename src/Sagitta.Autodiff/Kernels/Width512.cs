using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Vectors of 512 bits.</summary>
internal readonly unsafe struct Width512<T> : IVectorWidth<Vector512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Lanes => Vector512<T>.Count;

    public static bool HasManyRegisters => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Create(T value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(T* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<T> value, T* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Subtract(Vector512<T> a, Vector512<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Multiply(Vector512<T> a, Vector512<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Divide(Vector512<T> a, Vector512<T> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c)
    {
        // Not MultiplyAddEstimate: its rounding may differ between code that is compiled early and late.
        if (!Fma.IsSupported && !AdvSimd.Arm64.IsSupported)
        {
            return (a * b) + c;
        }

        return typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Max(Vector512<T> a, Vector512<T> b) => Vector512.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MaxOrNaN(Vector512<T> a, Vector512<T> b) => Vector512.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Min(Vector512<T> a, Vector512<T> b) => Vector512.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Abs(Vector512<T> a) => Vector512.Abs(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Sqrt(Vector512<T> a) => Vector512.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SelectPositive(Vector512<T> a, Vector512<T> yes, Vector512<T> no) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(a, Vector512<T>.Zero), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SelectEqual(Vector512<T> a, Vector512<T> b, Vector512<T> yes, Vector512<T> no) =>
        Vector512.ConditionalSelect(Vector512.Equals(a, b), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddWidened(Vector512<T> a, double* sums)
    {
        if (typeof(T) == typeof(float))
        {
            (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(a.AsSingle());
            (Vector512.Load(sums) + lower).Store(sums);
            (Vector512.Load(sums + Vector512<double>.Count) + upper).Store(sums + Vector512<double>.Count);
        }
        else
        {
            (Vector512.Load(sums) + a.AsDouble()).Store(sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> AddToExponent(Vector512<T> a, Vector512<T> shifted) => typeof(T) == typeof(float)
        ? (a.AsInt32() + (shifted.AsInt32() << 23)).As<int, T>()
        : (a.AsInt64() + (shifted.AsInt64() << 52)).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector512<T> a) => Width256<T>.Sum(a.GetLower() + a.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFolded(Vector512<T> a, T* target, int heads, bool accumulate)
    {
        if (heads == Lanes)
        {
            (accumulate ? Vector512.Load(target) + a : a).Store(target);
            return;
        }

        Width256<T>.StoreFolded(a.GetLower() + a.GetUpper(), target, heads, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFolded(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, T* target, int heads, bool accumulate)
    {
        if (heads * sizeof(T) == 16 && Avx512F.IsSupported && typeof(T) == typeof(float))
        {
            // Quarters change places, so that all four are added at once, in the order of one.
            Vector512<float> ab = Avx512F.Shuffle4x128(a.AsSingle(), b.AsSingle(), 0x44) + Avx512F.Shuffle4x128(
                a.AsSingle(), b.AsSingle(), 0xEE);
            Vector512<float> cd = Avx512F.Shuffle4x128(c.AsSingle(), d.AsSingle(), 0x44) + Avx512F.Shuffle4x128(
                c.AsSingle(), d.AsSingle(), 0xEE);
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
    public static Vector512<T> Folded(Vector512<T> a, int heads)
    {
        if (heads == Lanes)
        {
            return a;
        }

        Vector256<T> half = Width256<T>.Folded(a.GetLower() + a.GetUpper(), heads);
        return Vector512.Create(half, half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> FoldedMax(Vector512<T> a, int heads)
    {
        if (heads == Lanes)
        {
            return a;
        }

        Vector256<T> half = Width256<T>.FoldedMax(Vector256.MaxNative(a.GetLower(), a.GetUpper()), heads);
        return Vector512.Create(half, half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LoadRepeated(T* source, int heads)
    {
        if (heads == Lanes)
        {
            return Vector512.Load(source);
        }

        if (heads * sizeof(T) == 16 && Avx512F.IsSupported)
        {
            return Avx512F.BroadcastVector128ToVector512((float*)source).As<float, T>();
        }

        Vector256<T> half = Width256<T>.LoadRepeated(source, heads);
        return Vector512.Create(half, half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint PositiveBits(Vector512<T> a) => (uint)Vector512.GreaterThan(a, Vector512<T>.Zero).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SelectBits(uint bits, Vector512<T> yes, Vector512<T> no)
    {
        if (typeof(T) == typeof(float))
        {
            Vector512<uint> lanes = Vector512.Create(1u, 2u, 4u, 8u, 16u, 32u, 64u, 128u, 256u, 512u, 1024u, 2048u, 4096u, 8192u, 16384u,
                32768u);
            Vector512<uint> chosen = Vector512.Equals(Vector512.Create(bits) & lanes, lanes);
            return Vector512.ConditionalSelect(chosen.As<uint, T>(), yes, no);
        }
        else
        {
            Vector512<ulong> lanes = Vector512.Create(1ul, 2ul, 4ul, 8ul, 16ul, 32ul, 64ul, 128ul);
            Vector512<ulong> chosen = Vector512.Equals(Vector512.Create((ulong)bits) & lanes, lanes);
            return Vector512.ConditionalSelect(chosen.As<ulong, T>(), yes, no);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> RepeatBits(uint* bits) => typeof(T) == typeof(float) ? Vector512.Create(*bits).As<uint, T>()
        : Vector512.Create((ulong)*bits).As<ulong, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SelectRepeated(Vector512<T> bits, bool upper, Vector512<T> yes, Vector512<T> no)
    {
        if (typeof(T) == typeof(float))
        {
            Vector512<uint> lanes = upper
                ? Vector512.Create(1u << 16, 1u << 17, 1u << 18, 1u << 19, 1u << 20, 1u << 21, 1u << 22, 1u << 23, 1u << 24, 1u << 25,
                    1u << 26, 1u << 27, 1u << 28, 1u << 29, 1u << 30, 1u << 31)
                : Vector512.Create(1u, 1u << 1, 1u << 2, 1u << 3, 1u << 4, 1u << 5, 1u << 6, 1u << 7, 1u << 8, 1u << 9, 1u << 10, 1u << 11,
                    1u << 12, 1u << 13, 1u << 14, 1u << 15);
            return Vector512.ConditionalSelect(Vector512.Equals(bits.AsUInt32() & lanes, Vector512<uint>.Zero).As<uint, T>(), no, yes);
        }
        else
        {
            Vector512<ulong> lanes = upper ? Vector512.Create(
                1ul << 8, 1ul << 9, 1ul << 10, 1ul << 11, 1ul << 12, 1ul << 13, 1ul << 14, 1ul << 15)
                : Vector512.Create(1ul, 1ul << 1, 1ul << 2, 1ul << 3, 1ul << 4, 1ul << 5, 1ul << 6, 1ul << 7);
            return Vector512.ConditionalSelect(Vector512.Equals(bits.AsUInt64() & lanes, Vector512<ulong>.Zero).As<ulong, T>(), no, yes);
        }
    }
}
