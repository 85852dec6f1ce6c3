using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>Sixteen doubles: two 512-bit vectors.</summary>
internal readonly unsafe struct DoubleRow(Vector512<double> lower, Vector512<double> upper) : IHiddenRow<DoubleRow, double>
{
    private readonly Vector512<double> _lower = lower;
    private readonly Vector512<double> _upper = upper;

    /// <inheritdoc />
    public static DoubleRow Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<double>.Zero, Vector512<double>.Zero);
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleRow operator +(DoubleRow a, DoubleRow b) => new(a._lower + b._lower, a._upper + b._upper);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleRow operator -(DoubleRow a, DoubleRow b) => new(a._lower - b._lower, a._upper - b._upper);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleRow operator *(DoubleRow a, DoubleRow b) => new(a._lower * b._lower, a._upper * b._upper);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleRow Load(double* from) => new(Vector512.Load(from), Vector512.Load(from + 8));

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(DoubleRow row, double* to)
    {
        row._lower.Store(to);
        row._upper.Store(to + 8);
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleRow Broadcast(double value) => new(Vector512.Create(value), Vector512.Create(value));

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleRow MultiplyAdd(DoubleRow a, DoubleRow b, DoubleRow c) => new(
        Vector512.FusedMultiplyAdd(a._lower, b._lower, c._lower),
        Vector512.FusedMultiplyAdd(a._upper, b._upper, c._upper));

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleRow Leaky(DoubleRow x) => new(
        Vector512.MaxNative(x._lower, x._lower * Vector512.Create(0.01)),
        Vector512.MaxNative(x._upper, x._upper * Vector512.Create(0.01)));

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleRow LeakyGradient(DoubleRow x, DoubleRow dy) => new(
        Vector512.ConditionalSelect(Vector512.GreaterThan(x._lower, Vector512<double>.Zero), dy._lower, dy._lower * Vector512.Create(0.01)),
        Vector512.ConditionalSelect(Vector512.GreaterThan(x._upper, Vector512<double>.Zero), dy._upper,
            dy._upper * Vector512.Create(0.01)));

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleRow WhereGreater(DoubleRow a, DoubleRow b, DoubleRow greater, DoubleRow otherwise) => new(
        Vector512.ConditionalSelect(Vector512.GreaterThan(a._lower, b._lower), greater._lower, otherwise._lower),
        Vector512.ConditionalSelect(Vector512.GreaterThan(a._upper, b._upper), greater._upper, otherwise._upper));

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint WhereEqual(DoubleRow a, DoubleRow b) =>
        (uint)(Vector512.Equals(a._lower, b._lower).ExtractMostSignificantBits()
            | (Vector512.Equals(a._upper, b._upper).ExtractMostSignificantBits() << 8));
}
