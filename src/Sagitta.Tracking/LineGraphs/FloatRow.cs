using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>Sixteen floats: one 512-bit vector, or halves and quarters of it where the machine has no such.</summary>
internal readonly unsafe struct FloatRow(Vector512<float> values) : IHiddenRow<FloatRow, float>
{
    private readonly Vector512<float> _values = values;

    /// <inheritdoc />
    public static FloatRow Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<float>.Zero);
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatRow operator +(FloatRow a, FloatRow b) => new(a._values + b._values);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatRow operator -(FloatRow a, FloatRow b) => new(a._values - b._values);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatRow operator *(FloatRow a, FloatRow b) => new(a._values * b._values);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatRow Load(float* from) => new(Vector512.Load(from));

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(FloatRow row, float* to) => row._values.Store(to);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatRow Broadcast(float value) => new(Vector512.Create(value));

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatRow MultiplyAdd(FloatRow a, FloatRow b, FloatRow c) =>
        new(Vector512.FusedMultiplyAdd(a._values, b._values, c._values));

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatRow Leaky(FloatRow x) => new(Vector512.MaxNative(x._values, x._values * Vector512.Create(0.01f)));

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatRow LeakyGradient(FloatRow x, FloatRow dy) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(x._values, Vector512<float>.Zero), dy._values,
            dy._values * Vector512.Create(0.01f)));

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatRow WhereGreater(FloatRow a, FloatRow b, FloatRow greater, FloatRow otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(a._values, b._values), greater._values, otherwise._values));

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint WhereEqual(FloatRow a, FloatRow b) => (uint)Vector512.Equals(a._values, b._values).ExtractMostSignificantBits();
}
