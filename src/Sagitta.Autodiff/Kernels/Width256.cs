using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Vectors of 256 bits.</summary>
internal readonly unsafe struct Width256<T> : IVectorWidth<Vector256<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Lanes => Vector256<T>.Count;

    public static bool HasManyRegisters => Vector512.IsHardwareAccelerated || AdvSimd.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Create(T value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Load(T* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<T> value, T* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Add(Vector256<T> a, Vector256<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Subtract(Vector256<T> a, Vector256<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Multiply(Vector256<T> a, Vector256<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Divide(Vector256<T> a, Vector256<T> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd(Vector256<T> a, Vector256<T> b, Vector256<T> c)
    {
        // Not MultiplyAddEstimate: its rounding may differ between code that is compiled early and late.
        if (!Fma.IsSupported && !AdvSimd.Arm64.IsSupported)
        {
            return (a * b) + c;
        }

        return typeof(T) == typeof(float)
            ? Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector256.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Max(Vector256<T> a, Vector256<T> b) => Vector256.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MaxOrNaN(Vector256<T> a, Vector256<T> b) => Vector256.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Min(Vector256<T> a, Vector256<T> b) => Vector256.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Abs(Vector256<T> a) => Vector256.Abs(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Sqrt(Vector256<T> a) => Vector256.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> SelectPositive(Vector256<T> a, Vector256<T> yes, Vector256<T> no) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(a, Vector256<T>.Zero), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> SelectEqual(Vector256<T> a, Vector256<T> b, Vector256<T> yes, Vector256<T> no) =>
        Vector256.ConditionalSelect(Vector256.Equals(a, b), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddWidened(Vector256<T> a, double* sums)
    {
        if (typeof(T) == typeof(float))
        {
            (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(a.AsSingle());
            (Vector256.Load(sums) + lower).Store(sums);
            (Vector256.Load(sums + Vector256<double>.Count) + upper).Store(sums + Vector256<double>.Count);
        }
        else
        {
            (Vector256.Load(sums) + a.AsDouble()).Store(sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> AddToExponent(Vector256<T> a, Vector256<T> shifted) => typeof(T) == typeof(float)
        ? (a.AsInt32() + (shifted.AsInt32() << 23)).As<int, T>()
        : (a.AsInt64() + (shifted.AsInt64() << 52)).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector256<T> a) => Width128<T>.Sum(a.GetLower() + a.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFolded(Vector256<T> a, T* target, int heads, bool accumulate)
    {
        if (heads == Lanes)
        {
            (accumulate ? Vector256.Load(target) + a : a).Store(target);
            return;
        }

        Width128<T>.StoreFolded(a.GetLower() + a.GetUpper(), target, heads, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFolded(Vector256<T> a, Vector256<T> b, Vector256<T> c, Vector256<T> d, T* target, int heads, bool accumulate)
    {
        StoreFolded(a, target, heads, accumulate);
        StoreFolded(b, target + heads, heads, accumulate);
        StoreFolded(c, target + (2 * heads), heads, accumulate);
        StoreFolded(d, target + (3 * heads), heads, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Folded(Vector256<T> a, int heads)
    {
        if (heads == Lanes)
        {
            return a;
        }

        Vector128<T> half = Width128<T>.Folded(a.GetLower() + a.GetUpper(), heads);
        return Vector256.Create(half, half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> FoldedMax(Vector256<T> a, int heads)
    {
        if (heads == Lanes)
        {
            return a;
        }

        Vector128<T> half = Width128<T>.FoldedMax(Vector128.MaxNative(a.GetLower(), a.GetUpper()), heads);
        return Vector256.Create(half, half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LoadRepeated(T* source, int heads)
    {
        if (heads == Lanes)
        {
            return Vector256.Load(source);
        }

        if (heads * sizeof(T) == 16 && Avx.IsSupported)
        {
            return Avx.BroadcastVector128ToVector256((float*)source).As<float, T>();
        }

        Vector128<T> half = Width128<T>.LoadRepeated(source, heads);
        return Vector256.Create(half, half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint PositiveBits(Vector256<T> a) => (uint)Vector256.GreaterThan(a, Vector256<T>.Zero).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> SelectBits(uint bits, Vector256<T> yes, Vector256<T> no)
    {
        if (typeof(T) == typeof(float))
        {
            Vector256<uint> lanes = Vector256.Create(1u, 2u, 4u, 8u, 16u, 32u, 64u, 128u);
            Vector256<uint> chosen = Vector256.Equals(Vector256.Create(bits) & lanes, lanes);
            return Vector256.ConditionalSelect(chosen.As<uint, T>(), yes, no);
        }
        else
        {
            Vector256<ulong> lanes = Vector256.Create(1ul, 2ul, 4ul, 8ul);
            Vector256<ulong> chosen = Vector256.Equals(Vector256.Create((ulong)bits) & lanes, lanes);
            return Vector256.ConditionalSelect(chosen.As<ulong, T>(), yes, no);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> RepeatBits(uint* bits) => typeof(T) == typeof(float) ? Vector256.Create(*bits).As<uint, T>()
        : Vector256.Create((ulong)*bits).As<ulong, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> SelectRepeated(Vector256<T> bits, bool upper, Vector256<T> yes, Vector256<T> no)
    {
        if (typeof(T) == typeof(float))
        {
            Vector256<uint> lanes = upper
                ? Vector256.Create(1u << 8, 1u << 9, 1u << 10, 1u << 11, 1u << 12, 1u << 13, 1u << 14, 1u << 15)
                : Vector256.Create(1u, 1u << 1, 1u << 2, 1u << 3, 1u << 4, 1u << 5, 1u << 6, 1u << 7);
            return Vector256.ConditionalSelect(Vector256.Equals(bits.AsUInt32() & lanes, Vector256<uint>.Zero).As<uint, T>(), no, yes);
        }
        else
        {
            Vector256<ulong> lanes = upper ? Vector256.Create(1ul << 4, 1ul << 5, 1ul << 6, 1ul << 7)
                : Vector256.Create(1ul, 1ul << 1, 1ul << 2, 1ul << 3);
            return Vector256.ConditionalSelect(Vector256.Equals(bits.AsUInt64() & lanes, Vector256<ulong>.Zero).As<ulong, T>(), no, yes);
        }
    }
}
