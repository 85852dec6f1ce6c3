using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Vectors of 128 bits.</summary>
internal readonly unsafe struct Width128<T> : IVectorWidth<Vector128<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Lanes => Vector128<T>.Count;

    public static bool HasManyRegisters => Vector512.IsHardwareAccelerated || AdvSimd.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Create(T value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load(T* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<T> value, T* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Add(Vector128<T> a, Vector128<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Subtract(Vector128<T> a, Vector128<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Multiply(Vector128<T> a, Vector128<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Divide(Vector128<T> a, Vector128<T> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MultiplyAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c)
    {
        // Not MultiplyAddEstimate: its rounding may differ between code that is compiled early and late.
        if (!Fma.IsSupported && !AdvSimd.Arm64.IsSupported)
        {
            return (a * b) + c;
        }

        return typeof(T) == typeof(float)
            ? Vector128.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector128.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Max(Vector128<T> a, Vector128<T> b) => Vector128.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MaxOrNaN(Vector128<T> a, Vector128<T> b) => Vector128.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Min(Vector128<T> a, Vector128<T> b) => Vector128.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Abs(Vector128<T> a) => Vector128.Abs(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Sqrt(Vector128<T> a) => Vector128.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> SelectPositive(Vector128<T> a, Vector128<T> yes, Vector128<T> no) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(a, Vector128<T>.Zero), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> SelectEqual(Vector128<T> a, Vector128<T> b, Vector128<T> yes, Vector128<T> no) =>
        Vector128.ConditionalSelect(Vector128.Equals(a, b), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddWidened(Vector128<T> a, double* sums)
    {
        if (typeof(T) == typeof(float))
        {
            (Vector128<double> lower, Vector128<double> upper) = Vector128.Widen(a.AsSingle());
            (Vector128.Load(sums) + lower).Store(sums);
            (Vector128.Load(sums + Vector128<double>.Count) + upper).Store(sums + Vector128<double>.Count);
        }
        else
        {
            (Vector128.Load(sums) + a.AsDouble()).Store(sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> AddToExponent(Vector128<T> a, Vector128<T> shifted) => typeof(T) == typeof(float)
        ? (a.AsInt32() + (shifted.AsInt32() << 23)).As<int, T>()
        : (a.AsInt64() + (shifted.AsInt64() << 52)).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector128<T> a) => typeof(T) == typeof(float)
        ? (a.GetElement(0) + a.GetElement(2)) + (a.GetElement(1) + a.GetElement(3))
        : a.GetElement(0) + a.GetElement(1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFolded(Vector128<T> a, T* target, int heads, bool accumulate)
    {
        if (heads == Lanes)
        {
            (accumulate ? Vector128.Load(target) + a : a).Store(target);
            return;
        }

        T first = typeof(T) == typeof(float) ? a.GetElement(0) + a.GetElement(2) : a.GetElement(0);
        T second = typeof(T) == typeof(float) ? a.GetElement(1) + a.GetElement(3) : a.GetElement(1);
        if (heads == 2)
        {
            target[0] = accumulate ? target[0] + first : first;
            target[1] = accumulate ? target[1] + second : second;
        }
        else
        {
            *target = accumulate ? *target + (first + second) : first + second;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFolded(Vector128<T> a, Vector128<T> b, Vector128<T> c, Vector128<T> d, T* target, int heads, bool accumulate)
    {
        StoreFolded(a, target, heads, accumulate);
        StoreFolded(b, target + heads, heads, accumulate);
        StoreFolded(c, target + (2 * heads), heads, accumulate);
        StoreFolded(d, target + (3 * heads), heads, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Folded(Vector128<T> a, int heads)
    {
        if (heads == Lanes)
        {
            return a;
        }

        if (typeof(T) == typeof(double))
        {
            return a + Vector128.Shuffle(a.AsDouble(), Vector128.Create(1L, 0)).As<double, T>();
        }

        a += Vector128.Shuffle(a.AsSingle(), Vector128.Create(2, 3, 0, 1)).As<float, T>();
        return heads == 2 ? a : a + Vector128.Shuffle(a.AsSingle(), Vector128.Create(1, 0, 3, 2)).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> FoldedMax(Vector128<T> a, int heads)
    {
        if (heads == Lanes)
        {
            return a;
        }

        if (typeof(T) == typeof(double))
        {
            return Vector128.MaxNative(a, Vector128.Shuffle(a.AsDouble(), Vector128.Create(1L, 0)).As<double, T>());
        }

        a = Vector128.MaxNative(a, Vector128.Shuffle(a.AsSingle(), Vector128.Create(2, 3, 0, 1)).As<float, T>());
        return heads == 2 ? a : Vector128.MaxNative(a, Vector128.Shuffle(a.AsSingle(), Vector128.Create(1, 0, 3, 2)).As<float, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> LoadRepeated(T* source, int heads)
    {
        if (heads == Lanes)
        {
            return Vector128.Load(source);
        }

        // Two floats (one head of two lanes is a double) are repeated as one 64-bit number.
        return heads == 2 ? Vector128.Create(*(double*)source).As<double, T>() : Vector128.Create(*source);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint PositiveBits(Vector128<T> a) => (uint)Vector128.GreaterThan(a, Vector128<T>.Zero).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> SelectBits(uint bits, Vector128<T> yes, Vector128<T> no)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<uint> lanes = Vector128.Create(1u, 2u, 4u, 8u);
            Vector128<uint> chosen = Vector128.Equals(Vector128.Create(bits) & lanes, lanes);
            return Vector128.ConditionalSelect(chosen.As<uint, T>(), yes, no);
        }
        else
        {
            Vector128<ulong> lanes = Vector128.Create(1ul, 2ul);
            Vector128<ulong> chosen = Vector128.Equals(Vector128.Create((ulong)bits) & lanes, lanes);
            return Vector128.ConditionalSelect(chosen.As<ulong, T>(), yes, no);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> RepeatBits(uint* bits) => typeof(T) == typeof(float) ? Vector128.Create(*bits).As<uint, T>()
        : Vector128.Create((ulong)*bits).As<ulong, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> SelectRepeated(Vector128<T> bits, bool upper, Vector128<T> yes, Vector128<T> no)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<uint> lanes = upper
                ? Vector128.Create(1u << 4, 1u << 5, 1u << 6, 1u << 7)
                : Vector128.Create(1u, 1u << 1, 1u << 2, 1u << 3);
            return Vector128.ConditionalSelect(Vector128.Equals(bits.AsUInt32() & lanes, Vector128<uint>.Zero).As<uint, T>(), no, yes);
        }
        else
        {
            Vector128<ulong> lanes = upper ? Vector128.Create(1ul << 2, 1ul << 3) : Vector128.Create(1ul, 1ul << 1);
            return Vector128.ConditionalSelect(Vector128.Equals(bits.AsUInt64() & lanes, Vector128<ulong>.Zero).As<ulong, T>(), no, yes);
        }
    }
}
