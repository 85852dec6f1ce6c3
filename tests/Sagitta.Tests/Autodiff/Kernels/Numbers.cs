using System.Numerics;

namespace Sagitta.Tests.Autodiff.Kernels;

/// <summary>
/// Random operands for kernels, and a guard behind them: a kernel that writes past its end is found.
/// </summary>
internal sealed unsafe class Numbers<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Guard = 8;
    private readonly AlignedBuffer<T> _buffer;
    private readonly T[] _start;
    private readonly int _shift;

    /// <summary>Standard normal numbers, <paramref name="shift"/> elements off a 64-byte border.</summary>
    internal Numbers(int length, ulong seed, int shift = 0, double scale = 1)
    {
        Length = length;
        _shift = shift;
        _buffer = new(length + shift + Guard);
        RandomDraws draws = RandomKey.FromSeed(seed).Draws();
        for (int i = 0; i < length; i++)
        {
            Pointer[i] = T.CreateTruncating(scale * draws.NextGaussian());
        }

        _buffer.Values[(shift + length)..].Fill(T.CreateTruncating(12345));
        _start = Values.ToArray();
    }

    internal int Length { get; }

    internal T* Pointer => _buffer.Pointer + _shift;

    internal Span<T> Values => _buffer.Values.Slice(_shift, Length);

    public void Dispose() => _buffer.Dispose();

    /// <summary>Back to the first numbers.</summary>
    internal void Restart() => _start.CopyTo(Values);

    /// <summary>The result, the guard checked, and back to the first numbers.</summary>
    internal T[] Take()
    {
        foreach (T value in _buffer.Values[(_shift + Length)..])
        {
            Assert.Equal(T.CreateTruncating(12345), value);
        }

        T[] result = Values.ToArray();
        Restart();
        return result;
    }

    internal static void AssertClose(T[] expected, T[] given, double tolerance, string what)
    {
        Assert.Equal(expected.Length, given.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double right = double.CreateTruncating(expected[i]);
            double value = double.CreateTruncating(given[i]);
            Assert.True(Math.Abs(value - right) <= tolerance * Math.Max(1, Math.Abs(right)),
                $"{what}, element {i}: {value}, expected {right}.");
        }
    }
}
