using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Two vectors as one of twice the lanes.</summary>
internal readonly unsafe struct LanePair<TLanes, T>(TLanes lower, TLanes upper) : ILanes<LanePair<TLanes, T>, T>
    where TLanes : unmanaged, ILanes<TLanes, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TLanes _lower = lower;
    private readonly TLanes _upper = upper;

    public static int Count => 2 * TLanes.Count;

    public static bool HasManyRegisters => TLanes.HasManyRegisters;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> Broadcast(T value) => new(TLanes.Broadcast(value), TLanes.Broadcast(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> Load(T* source) => new(TLanes.Load(source), TLanes.Load(source + TLanes.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(LanePair<TLanes, T> value, T* target)
    {
        TLanes.Store(value._lower, target);
        TLanes.Store(value._upper, target + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> operator +(LanePair<TLanes, T> a, LanePair<TLanes, T> b) =>
        new(a._lower + b._lower, a._upper + b._upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> operator -(LanePair<TLanes, T> a, LanePair<TLanes, T> b) =>
        new(a._lower - b._lower, a._upper - b._upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> operator *(LanePair<TLanes, T> a, LanePair<TLanes, T> b) =>
        new(a._lower * b._lower, a._upper * b._upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> operator /(LanePair<TLanes, T> a, LanePair<TLanes, T> b) =>
        new(a._lower / b._lower, a._upper / b._upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> MultiplyAdd(LanePair<TLanes, T> a, LanePair<TLanes, T> b, LanePair<TLanes, T> c) =>
        new(TLanes.MultiplyAdd(a._lower, b._lower, c._lower), TLanes.MultiplyAdd(a._upper, b._upper, c._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> FusedMultiplyAdd(LanePair<TLanes, T> a, LanePair<TLanes, T> b, LanePair<TLanes, T> c) =>
        new(TLanes.FusedMultiplyAdd(a._lower, b._lower, c._lower), TLanes.FusedMultiplyAdd(a._upper, b._upper, c._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> FusedMultiplyAdd(T* a, LanePair<TLanes, T> b, LanePair<TLanes, T> c) =>
        new(TLanes.FusedMultiplyAdd(a, b._lower, c._lower), TLanes.FusedMultiplyAdd(a, b._upper, c._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> Max(LanePair<TLanes, T> a, LanePair<TLanes, T> b) =>
        new(TLanes.Max(a._lower, b._lower), TLanes.Max(a._upper, b._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> MaxOrNaN(LanePair<TLanes, T> a, LanePair<TLanes, T> b) =>
        new(TLanes.MaxOrNaN(a._lower, b._lower), TLanes.MaxOrNaN(a._upper, b._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> Min(LanePair<TLanes, T> a, LanePair<TLanes, T> b) =>
        new(TLanes.Min(a._lower, b._lower), TLanes.Min(a._upper, b._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> Abs(LanePair<TLanes, T> a) => new(TLanes.Abs(a._lower), TLanes.Abs(a._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> Sqrt(LanePair<TLanes, T> a) => new(TLanes.Sqrt(a._lower), TLanes.Sqrt(a._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> Positive(LanePair<TLanes, T> a) => new(TLanes.Positive(a._lower), TLanes.Positive(a._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> LessThan(LanePair<TLanes, T> a, LanePair<TLanes, T> b) =>
        new(TLanes.LessThan(a._lower, b._lower), TLanes.LessThan(a._upper, b._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> LessOrEqual(LanePair<TLanes, T> a, LanePair<TLanes, T> b) =>
        new(TLanes.LessOrEqual(a._lower, b._lower), TLanes.LessOrEqual(a._upper, b._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> Equal(LanePair<TLanes, T> a, LanePair<TLanes, T> b) =>
        new(TLanes.Equal(a._lower, b._lower), TLanes.Equal(a._upper, b._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> And(LanePair<TLanes, T> a, LanePair<TLanes, T> b) =>
        new(TLanes.And(a._lower, b._lower), TLanes.And(a._upper, b._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> AndNot(LanePair<TLanes, T> a, LanePair<TLanes, T> not) =>
        new(TLanes.AndNot(a._lower, not._lower), TLanes.AndNot(a._upper, not._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> Or(LanePair<TLanes, T> a, LanePair<TLanes, T> b) =>
        new(TLanes.Or(a._lower, b._lower), TLanes.Or(a._upper, b._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> Select(LanePair<TLanes, T> mask, LanePair<TLanes, T> yes, LanePair<TLanes, T> no) =>
        new(TLanes.Select(mask._lower, yes._lower, no._lower), TLanes.Select(mask._upper, yes._upper, no._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(LanePair<TLanes, T> mask) => TLanes.Any(mask._lower) || TLanes.Any(mask._upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(LanePair<TLanes, T> mask) => TLanes.Bits(mask._lower) | (TLanes.Bits(mask._upper) << TLanes.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddWidened(LanePair<TLanes, T> a, double* sums)
    {
        TLanes.AddWidened(a._lower, sums);
        TLanes.AddWidened(a._upper, sums + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes, T> AddToExponent(LanePair<TLanes, T> a, LanePair<TLanes, T> shifted) =>
        new(TLanes.AddToExponent(a._lower, shifted._lower), TLanes.AddToExponent(a._upper, shifted._upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(LanePair<TLanes, T> a) => TLanes.Sum(a._lower + a._upper);
}
