using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Vectors of 128 bits.</summary>
internal readonly unsafe struct Lanes128<T>(Vector128<T> value) : IHeadLanes<Lanes128<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal readonly Vector128<T> Value = value;

    public static int Count => Vector128<T>.Count;

    public static bool HasManyRegisters => Vector512.IsHardwareAccelerated || AdvSimd.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Broadcast(T value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Load(T* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128<T> value, T* target) => value.Value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator +(Lanes128<T> a, Lanes128<T> b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator -(Lanes128<T> a, Lanes128<T> b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator *(Lanes128<T> a, Lanes128<T> b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator /(Lanes128<T> a, Lanes128<T> b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> MultiplyAdd(Lanes128<T> a, Lanes128<T> b, Lanes128<T> c) =>
        // Not MultiplyAddEstimate: its rounding may differ between code that is compiled early and late.
        Fma.IsSupported || AdvSimd.Arm64.IsSupported ? FusedMultiplyAdd(a, b, c) : (a * b) + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> FusedMultiplyAdd(Lanes128<T> a, Lanes128<T> b, Lanes128<T> c) => typeof(T) == typeof(float)
        ? new(Vector128.FusedMultiplyAdd(a.Value.AsSingle(), b.Value.AsSingle(), c.Value.AsSingle()).As<float, T>())
        : new(Vector128.FusedMultiplyAdd(a.Value.AsDouble(), b.Value.AsDouble(), c.Value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Max(Lanes128<T> a, Lanes128<T> b) => new(Vector128.MaxNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> MaxOrNaN(Lanes128<T> a, Lanes128<T> b) => new(Vector128.Max(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Min(Lanes128<T> a, Lanes128<T> b) => new(Vector128.MinNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Abs(Lanes128<T> a) => new(Vector128.Abs(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Sqrt(Lanes128<T> a) => new(Vector128.Sqrt(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Positive(Lanes128<T> a) => new(Vector128.GreaterThan(a.Value, Vector128<T>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> LessThan(Lanes128<T> a, Lanes128<T> b) => new(Vector128.LessThan(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> LessOrEqual(Lanes128<T> a, Lanes128<T> b) => new(Vector128.LessThanOrEqual(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Equal(Lanes128<T> a, Lanes128<T> b) => new(Vector128.Equals(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> And(Lanes128<T> a, Lanes128<T> b) => new(a.Value & b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> AndNot(Lanes128<T> a, Lanes128<T> not) => new(Vector128.AndNot(a.Value, not.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Or(Lanes128<T> a, Lanes128<T> b) => new(a.Value | b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Select(Lanes128<T> mask, Lanes128<T> yes, Lanes128<T> no) =>
        new(Vector128.ConditionalSelect(mask.Value, yes.Value, no.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes128<T> mask) => mask.Value.AsInt64() != Vector128<long>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(Lanes128<T> mask) => (uint)mask.Value.ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddWidened(Lanes128<T> a, double* sums)
    {
        if (typeof(T) == typeof(float))
        {
            (Vector128<double> lower, Vector128<double> upper) = Vector128.Widen(a.Value.AsSingle());
            (Vector128.Load(sums) + lower).Store(sums);
            (Vector128.Load(sums + Vector128<double>.Count) + upper).Store(sums + Vector128<double>.Count);
        }
        else
        {
            (Vector128.Load(sums) + a.Value.AsDouble()).Store(sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> AddToExponent(Lanes128<T> a, Lanes128<T> shifted) => typeof(T) == typeof(float)
        ? new((a.Value.AsInt32() + (shifted.Value.AsInt32() << 23)).As<int, T>())
        : new((a.Value.AsInt64() + (shifted.Value.AsInt64() << 52)).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes128<T> a) => typeof(T) == typeof(float)
        ? (a.Value.GetElement(0) + a.Value.GetElement(2)) + (a.Value.GetElement(1) + a.Value.GetElement(3))
        : a.Value.GetElement(0) + a.Value.GetElement(1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFolded(Lanes128<T> a, T* target, int heads, bool accumulate)
    {
        if (heads == Count)
        {
            (accumulate ? Vector128.Load(target) + a.Value : a.Value).Store(target);
            return;
        }

        T first = typeof(T) == typeof(float) ? a.Value.GetElement(0) + a.Value.GetElement(2) : a.Value.GetElement(0);
        T second = typeof(T) == typeof(float) ? a.Value.GetElement(1) + a.Value.GetElement(3) : a.Value.GetElement(1);
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
    public static void StoreFolded(Lanes128<T> a, Lanes128<T> b, Lanes128<T> c, Lanes128<T> d, T* target, int heads, bool accumulate)
    {
        StoreFolded(a, target, heads, accumulate);
        StoreFolded(b, target + heads, heads, accumulate);
        StoreFolded(c, target + (2 * heads), heads, accumulate);
        StoreFolded(d, target + (3 * heads), heads, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Folded(Lanes128<T> a, int heads)
    {
        if (heads == Count)
        {
            return a;
        }

        if (typeof(T) == typeof(double))
        {
            return new(a.Value + Vector128.Shuffle(a.Value.AsDouble(), Vector128.Create(1L, 0)).As<double, T>());
        }

        Vector128<T> sum = a.Value + Vector128.Shuffle(a.Value.AsSingle(), Vector128.Create(2, 3, 0, 1)).As<float, T>();
        return new(heads == 2 ? sum : sum + Vector128.Shuffle(sum.AsSingle(), Vector128.Create(1, 0, 3, 2)).As<float, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> FoldedMax(Lanes128<T> a, int heads)
    {
        if (heads == Count)
        {
            return a;
        }

        if (typeof(T) == typeof(double))
        {
            return new(Vector128.MaxNative(a.Value, Vector128.Shuffle(a.Value.AsDouble(), Vector128.Create(1L, 0)).As<double, T>()));
        }

        Vector128<T> most = Vector128.MaxNative(
            a.Value, Vector128.Shuffle(a.Value.AsSingle(), Vector128.Create(2, 3, 0, 1)).As<float, T>());
        return new(heads == 2 ? most
            : Vector128.MaxNative(most, Vector128.Shuffle(most.AsSingle(), Vector128.Create(1, 0, 3, 2)).As<float, T>()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> LoadRepeated(T* source, int heads)
    {
        if (heads == Count)
        {
            return new(Vector128.Load(source));
        }

        // Two floats (one head of two lanes is a double) are repeated as one 64-bit number.
        return new(heads == 2 ? Vector128.Create(*(double*)source).As<double, T>() : Vector128.Create(*source));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> SelectBits(uint bits, Lanes128<T> yes, Lanes128<T> no)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<uint> lanes = Vector128.Create(1u, 2u, 4u, 8u);
            Vector128<uint> chosen = Vector128.Equals(Vector128.Create(bits) & lanes, lanes);
            return Select(new(chosen.As<uint, T>()), yes, no);
        }
        else
        {
            Vector128<ulong> lanes = Vector128.Create(1ul, 2ul);
            Vector128<ulong> chosen = Vector128.Equals(Vector128.Create((ulong)bits) & lanes, lanes);
            return Select(new(chosen.As<ulong, T>()), yes, no);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> RepeatBits(uint* bits) => typeof(T) == typeof(float)
        ? new(Vector128.Create(*bits).As<uint, T>())
        : new(Vector128.Create((ulong)*bits).As<ulong, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> SelectRepeated(Lanes128<T> bits, bool upper, Lanes128<T> yes, Lanes128<T> no)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<uint> lanes = upper
                ? Vector128.Create(1u << 4, 1u << 5, 1u << 6, 1u << 7)
                : Vector128.Create(1u, 1u << 1, 1u << 2, 1u << 3);
            return Select(new(Vector128.Equals(bits.Value.AsUInt32() & lanes, Vector128<uint>.Zero).As<uint, T>()), no, yes);
        }
        else
        {
            Vector128<ulong> lanes = upper ? Vector128.Create(1ul << 2, 1ul << 3) : Vector128.Create(1ul, 1ul << 1);
            return Select(new(Vector128.Equals(bits.Value.AsUInt64() & lanes, Vector128<ulong>.Zero).As<ulong, T>()), no, yes);
        }
    }
}
