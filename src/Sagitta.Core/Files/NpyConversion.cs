using System.Numerics;
using System.Runtime.InteropServices;

namespace Sagitta.Core.Files;

/// <summary>Conversion of stored numbers to the type that the reader wants.</summary>
internal static class NpyConversion
{
    /// <summary>Converts numbers that lie <paramref name="stride"/> bytes apart.</summary>
    /// <param name="type">What is stored.</param>
    /// <param name="source">Bytes, beginning with the first number.</param>
    /// <param name="stride">Bytes from one number to the next.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="where">What to call the array in messages.</param>
    /// <param name="first">Index of the first number in the array, for messages.</param>
    public static void Convert<T>(NpyType type, ReadOnlySpan<byte> source, int stride, Span<T> target, string where, int first)
        where T : unmanaged, INumber<T>
    {
        switch (type.Code)
        {
            case "|b1" or "|u1":
                Convert<byte, T>(type, source, stride, target, where, first);
                break;
            case "|i1":
                Convert<sbyte, T>(type, source, stride, target, where, first);
                break;
            case "<i2":
                Convert<short, T>(type, source, stride, target, where, first);
                break;
            case "<u2":
                Convert<ushort, T>(type, source, stride, target, where, first);
                break;
            case "<i4":
                Convert<int, T>(type, source, stride, target, where, first);
                break;
            case "<u4":
                Convert<uint, T>(type, source, stride, target, where, first);
                break;
            case "<i8":
                Convert<long, T>(type, source, stride, target, where, first);
                break;
            case "<u8":
                Convert<ulong, T>(type, source, stride, target, where, first);
                break;
            case "<f4" when IsFloatingPoint<T>():
                Convert<float, T>(type, source, stride, target, where, first);
                break;
            case "<f8" when IsFloatingPoint<T>():
                Convert<double, T>(type, source, stride, target, where, first);
                break;
            default:
                throw new BadInputException(where, $"the elements are {type}",
                    $"{(IsFloatingPoint<T>() ? "numbers are" : "whole numbers are")} wanted");
        }
    }

    private static void Convert<TSource, T>(NpyType type, ReadOnlySpan<byte> source, int stride, Span<T> target, string where, int first)
        where TSource : unmanaged, INumber<TSource>
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < target.Length; i++)
        {
            TSource value = MemoryMarshal.Read<TSource>(source[(i * stride)..]);
            try
            {
                target[i] = T.CreateChecked(value);
            }
            catch (OverflowException problem)
            {
                throw new BadInputException(
                    where, $"element {first + i} is {value}, which {NpyType.OfNumber(typeof(T))} can't hold (stored as {type})",
                    "give numbers within its range", problem);
            }
        }
    }

    private static bool IsFloatingPoint<T>() => typeof(T) == typeof(float) || typeof(T) == typeof(double);
}
