using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Vectors of 256 bits.</summary>
internal readonly unsafe struct Lanes256<T>(Vector256<T> value) : IHeadLanes<Lanes256<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal readonly Vector256<T> Value = value;

    public static int Count => Vector256<T>.Count;

    public static bool HasManyRegisters => Vector512.IsHardwareAccelerated || AdvSimd.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Broadcast(T value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Load(T* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256<T> value, T* target) => value.Value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator +(Lanes256<T> a, Lanes256<T> b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> a, Lanes256<T> b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator *(Lanes256<T> a, Lanes256<T> b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator /(Lanes256<T> a, Lanes256<T> b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> MultiplyAdd(Lanes256<T> a, Lanes256<T> b, Lanes256<T> c) =>
        // Not MultiplyAddEstimate: its rounding may differ between code that is compiled early and late.
        Fma.IsSupported || AdvSimd.Arm64.IsSupported ? FusedMultiplyAdd(a, b, c) : (a * b) + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> FusedMultiplyAdd(Lanes256<T> a, Lanes256<T> b, Lanes256<T> c) => typeof(T) == typeof(float)
        ? new(Vector256.FusedMultiplyAdd(a.Value.AsSingle(), b.Value.AsSingle(), c.Value.AsSingle()).As<float, T>())
        : new(Vector256.FusedMultiplyAdd(a.Value.AsDouble(), b.Value.AsDouble(), c.Value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Max(Lanes256<T> a, Lanes256<T> b) => new(Vector256.MaxNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> MaxOrNaN(Lanes256<T> a, Lanes256<T> b) => new(Vector256.Max(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Min(Lanes256<T> a, Lanes256<T> b) => new(Vector256.MinNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Abs(Lanes256<T> a) => new(Vector256.Abs(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Sqrt(Lanes256<T> a) => new(Vector256.Sqrt(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Positive(Lanes256<T> a) => new(Vector256.GreaterThan(a.Value, Vector256<T>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> LessThan(Lanes256<T> a, Lanes256<T> b) => new(Vector256.LessThan(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> LessOrEqual(Lanes256<T> a, Lanes256<T> b) => new(Vector256.LessThanOrEqual(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Equal(Lanes256<T> a, Lanes256<T> b) => new(Vector256.Equals(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> And(Lanes256<T> a, Lanes256<T> b) => new(a.Value & b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> AndNot(Lanes256<T> a, Lanes256<T> not) => new(Vector256.AndNot(a.Value, not.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Or(Lanes256<T> a, Lanes256<T> b) => new(a.Value | b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Select(Lanes256<T> mask, Lanes256<T> yes, Lanes256<T> no) =>
        new(Vector256.ConditionalSelect(mask.Value, yes.Value, no.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes256<T> mask) => mask.Value.AsInt64() != Vector256<long>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(Lanes256<T> mask) => (uint)mask.Value.ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddWidened(Lanes256<T> a, double* sums)
    {
        if (typeof(T) == typeof(float))
        {
            (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(a.Value.AsSingle());
            (Vector256.Load(sums) + lower).Store(sums);
            (Vector256.Load(sums + Vector256<double>.Count) + upper).Store(sums + Vector256<double>.Count);
        }
        else
        {
            (Vector256.Load(sums) + a.Value.AsDouble()).Store(sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> AddToExponent(Lanes256<T> a, Lanes256<T> shifted) => typeof(T) == typeof(float)
        ? new((a.Value.AsInt32() + (shifted.Value.AsInt32() << 23)).As<int, T>())
        : new((a.Value.AsInt64() + (shifted.Value.AsInt64() << 52)).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes256<T> a) => Lanes128<T>.Sum(new(a.Value.GetLower() + a.Value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFolded(Lanes256<T> a, T* target, int heads, bool accumulate)
    {
        if (heads == Count)
        {
            (accumulate ? Vector256.Load(target) + a.Value : a.Value).Store(target);
            return;
        }

        Lanes128<T>.StoreFolded(new(a.Value.GetLower() + a.Value.GetUpper()), target, heads, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFolded(Lanes256<T> a, Lanes256<T> b, Lanes256<T> c, Lanes256<T> d, T* target, int heads, bool accumulate)
    {
        StoreFolded(a, target, heads, accumulate);
        StoreFolded(b, target + heads, heads, accumulate);
        StoreFolded(c, target + (2 * heads), heads, accumulate);
        StoreFolded(d, target + (3 * heads), heads, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Folded(Lanes256<T> a, int heads)
    {
        if (heads == Count)
        {
            return a;
        }

        Lanes128<T> half = Lanes128<T>.Folded(new(a.Value.GetLower() + a.Value.GetUpper()), heads);
        return new(Vector256.Create(half.Value, half.Value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> FoldedMax(Lanes256<T> a, int heads)
    {
        if (heads == Count)
        {
            return a;
        }

        Lanes128<T> half = Lanes128<T>.FoldedMax(new(Vector128.MaxNative(a.Value.GetLower(), a.Value.GetUpper())), heads);
        return new(Vector256.Create(half.Value, half.Value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> LoadRepeated(T* source, int heads)
    {
        if (heads == Count)
        {
            return new(Vector256.Load(source));
        }

        if (heads * sizeof(T) == 16 && Avx.IsSupported)
        {
            return new(Avx.BroadcastVector128ToVector256((float*)source).As<float, T>());
        }

        Lanes128<T> half = Lanes128<T>.LoadRepeated(source, heads);
        return new(Vector256.Create(half.Value, half.Value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> SelectBits(uint bits, Lanes256<T> yes, Lanes256<T> no)
    {
        if (typeof(T) == typeof(float))
        {
            Vector256<uint> lanes = Vector256.Create(1u, 2u, 4u, 8u, 16u, 32u, 64u, 128u);
            Vector256<uint> chosen = Vector256.Equals(Vector256.Create(bits) & lanes, lanes);
            return Select(new(chosen.As<uint, T>()), yes, no);
        }
        else
        {
            Vector256<ulong> lanes = Vector256.Create(1ul, 2ul, 4ul, 8ul);
            Vector256<ulong> chosen = Vector256.Equals(Vector256.Create((ulong)bits) & lanes, lanes);
            return Select(new(chosen.As<ulong, T>()), yes, no);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> RepeatBits(uint* bits) => typeof(T) == typeof(float)
        ? new(Vector256.Create(*bits).As<uint, T>())
        : new(Vector256.Create((ulong)*bits).As<ulong, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> SelectRepeated(Lanes256<T> bits, bool upper, Lanes256<T> yes, Lanes256<T> no)
    {
        if (typeof(T) == typeof(float))
        {
            Vector256<uint> lanes = upper
                ? Vector256.Create(1u << 8, 1u << 9, 1u << 10, 1u << 11, 1u << 12, 1u << 13, 1u << 14, 1u << 15)
                : Vector256.Create(1u, 1u << 1, 1u << 2, 1u << 3, 1u << 4, 1u << 5, 1u << 6, 1u << 7);
            return Select(new(Vector256.Equals(bits.Value.AsUInt32() & lanes, Vector256<uint>.Zero).As<uint, T>()), no, yes);
        }
        else
        {
            Vector256<ulong> lanes = upper ? Vector256.Create(1ul << 4, 1ul << 5, 1ul << 6, 1ul << 7)
                : Vector256.Create(1ul, 1ul << 1, 1ul << 2, 1ul << 3);
            return Select(new(Vector256.Equals(bits.Value.AsUInt64() & lanes, Vector256<ulong>.Zero).As<ulong, T>()), no, yes);
        }
    }
}
