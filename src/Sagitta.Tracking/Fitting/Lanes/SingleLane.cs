using System.Runtime.CompilerServices;

namespace Sagitta.Tracking.Fitting.Lanes;

/// <summary>One event: the width that tests hold the vectors to.</summary>
internal readonly struct SingleLane(double value) : ILanes<SingleLane>
{
    private static readonly double AllBits = BitConverter.Int64BitsToDouble(-1);

    private readonly double _value = value;

    public static int Count => 1;

    private long Bits => BitConverter.DoubleToInt64Bits(_value);

    public static SingleLane Broadcast(double value) => new(value);

    public static unsafe SingleLane Load(double* source) => new(*source);

    public static unsafe void Store(SingleLane value, double* target) => *target = value._value;

    public static SingleLane Sqrt(SingleLane value) => new(Math.Sqrt(value._value));

    public static SingleLane Abs(SingleLane value) => new(Math.Abs(value._value));

    public static SingleLane MultiplyAdd(SingleLane a, SingleLane b, SingleLane c) =>
        new(Math.FusedMultiplyAdd(a._value, b._value, c._value));

    public static SingleLane LessThan(SingleLane a, SingleLane b) => Mask(a._value < b._value);

    public static SingleLane LessOrEqual(SingleLane a, SingleLane b) => Mask(a._value <= b._value);

    public static SingleLane And(SingleLane a, SingleLane b) => FromBits(a.Bits & b.Bits);

    public static SingleLane AndNot(SingleLane a, SingleLane not) => FromBits(a.Bits & ~not.Bits);

    public static SingleLane Or(SingleLane a, SingleLane b) => FromBits(a.Bits | b.Bits);

    public static SingleLane Select(SingleLane mask, SingleLane a, SingleLane b) => mask.Bits != 0 ? a : b;

    public static bool Any(SingleLane mask) => mask.Bits != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane operator +(SingleLane a, SingleLane b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane operator -(SingleLane a, SingleLane b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane operator *(SingleLane a, SingleLane b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane operator /(SingleLane a, SingleLane b) => new(a._value / b._value);

    private static SingleLane Mask(bool set) => new(set ? AllBits : 0);

    private static SingleLane FromBits(long bits) => new(BitConverter.Int64BitsToDouble(bits));
}
