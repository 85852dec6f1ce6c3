using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Sagitta.Autodiff.Kernels;

/// <summary>One number: the scalar reference that tests hold the vectors to.</summary>
internal readonly unsafe struct SingleLane<T>(T value) : ILanes<SingleLane<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _value = value;

    public static int Count => 1;

    public static bool HasManyRegisters => false;

    private bool IsSet => BitsOf(this) != 0;

    public static SingleLane<T> Broadcast(T value) => new(value);

    public static SingleLane<T> Load(T* source) => new(*source);

    public static void Store(SingleLane<T> value, T* target) => *target = value._value;

    public static SingleLane<T> operator +(SingleLane<T> a, SingleLane<T> b) => new(a._value + b._value);

    public static SingleLane<T> operator -(SingleLane<T> a, SingleLane<T> b) => new(a._value - b._value);

    public static SingleLane<T> operator *(SingleLane<T> a, SingleLane<T> b) => new(a._value * b._value);

    public static SingleLane<T> operator /(SingleLane<T> a, SingleLane<T> b) => new(a._value / b._value);

    public static SingleLane<T> MultiplyAdd(SingleLane<T> a, SingleLane<T> b, SingleLane<T> c) =>
        Fma.IsSupported || AdvSimd.Arm64.IsSupported ? FusedMultiplyAdd(a, b, c) : (a * b) + c;

    public static SingleLane<T> FusedMultiplyAdd(SingleLane<T> a, SingleLane<T> b, SingleLane<T> c) =>
        new(T.FusedMultiplyAdd(a._value, b._value, c._value));

    public static SingleLane<T> Max(SingleLane<T> a, SingleLane<T> b) => a._value > b._value ? a : b;

    public static SingleLane<T> MaxOrNaN(SingleLane<T> a, SingleLane<T> b) => new(T.Max(a._value, b._value));

    public static SingleLane<T> Min(SingleLane<T> a, SingleLane<T> b) => a._value < b._value ? a : b;

    public static SingleLane<T> Abs(SingleLane<T> a) => new(T.Abs(a._value));

    public static SingleLane<T> Sqrt(SingleLane<T> a) => new(T.Sqrt(a._value));

    public static SingleLane<T> Positive(SingleLane<T> a) => Mask(a._value > T.Zero);

    public static SingleLane<T> LessThan(SingleLane<T> a, SingleLane<T> b) => Mask(a._value < b._value);

    public static SingleLane<T> LessOrEqual(SingleLane<T> a, SingleLane<T> b) => Mask(a._value <= b._value);

    public static SingleLane<T> Equal(SingleLane<T> a, SingleLane<T> b) => Mask(a._value == b._value);

    public static SingleLane<T> And(SingleLane<T> a, SingleLane<T> b) => FromBits(BitsOf(a) & BitsOf(b));

    public static SingleLane<T> AndNot(SingleLane<T> a, SingleLane<T> not) => FromBits(BitsOf(a) & ~BitsOf(not));

    public static SingleLane<T> Or(SingleLane<T> a, SingleLane<T> b) => FromBits(BitsOf(a) | BitsOf(b));

    public static SingleLane<T> Select(SingleLane<T> mask, SingleLane<T> yes, SingleLane<T> no) => mask.IsSet ? yes : no;

    public static bool Any(SingleLane<T> mask) => mask.IsSet;

    public static uint Bits(SingleLane<T> mask) => mask.IsSet ? 1u : 0;

    public static void AddWidened(SingleLane<T> a, double* sums) => *sums += double.CreateTruncating(a._value);

    public static SingleLane<T> AddToExponent(SingleLane<T> a, SingleLane<T> shifted) =>
        FromBits(BitsOf(a) + (BitsOf(shifted) << (typeof(T) == typeof(float) ? 23 : 52)));

    public static T Sum(SingleLane<T> a) => a._value;

    private static SingleLane<T> Mask(bool set) => FromBits(set ? -1 : 0);

    private static SingleLane<T> FromBits(long bits) => typeof(T) == typeof(float)
        ? Unsafe.BitCast<int, SingleLane<T>>((int)bits)
        : Unsafe.BitCast<long, SingleLane<T>>(bits);

    private static long BitsOf(SingleLane<T> lane) => typeof(T) == typeof(float)
        ? Unsafe.BitCast<SingleLane<T>, int>(lane)
        : Unsafe.BitCast<SingleLane<T>, long>(lane);
}
