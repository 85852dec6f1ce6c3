using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Sagitta.Core.Files;

/// <summary>Element type of a NumPy array: a number, a fixed-width text, or a structure of those.</summary>
/// <param name="Code">NumPy's code: "&lt;f4", "|u1", "&lt;U12", or "V" for a structure.</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="Fields">Fields of a structure in order of their offsets; empty for plain types.</param>
internal sealed record NpyType(string Code, int Size, ImmutableArray<NpyField> Fields)
{
    /// <summary>Whether elements are structures.</summary>
    public bool IsStructure => !Fields.IsEmpty;

    /// <summary>Whether elements are fixed-width texts.</summary>
    public bool IsText => !IsStructure && Code.Length > 1 && Code[1] is ('U' or 'S');

    /// <summary>Whether elements are numbers with a fraction.</summary>
    public bool IsFloatingPoint => !IsStructure && Code.Length > 1 && Code[1] == 'f';

    /// <summary>The type of a .NET number: bool, signed and unsigned integers of 8 to 64 bits, float, double.</summary>
    public static NpyType Of<T>()
        where T : unmanaged => OfNumber(typeof(T))
        ?? throw new NotSupportedException(
            $"{typeof(T).Name} is no NumPy number that is supported: use bool, an integer of 8 to 64 bits, float or double.");

    public override string ToString() => IsStructure ? "[" + string.Join(", ", Fields.Select(f => $"{f.Name} {f.Type}")) + "]" : Code;

    internal static NpyType Plain(string code, int size) => new(code, size, []);

    internal static NpyType? OfNumber(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => Plain("|b1", 1),
        TypeCode.Byte => Plain("|u1", 1),
        TypeCode.SByte => Plain("|i1", 1),
        TypeCode.Int16 => Plain("<i2", 2),
        TypeCode.UInt16 => Plain("<u2", 2),
        TypeCode.Int32 => Plain("<i4", 4),
        TypeCode.UInt32 => Plain("<u4", 4),
        TypeCode.Int64 => Plain("<i8", 8),
        TypeCode.UInt64 => Plain("<u8", 8),
        TypeCode.Single => Plain("<f4", 4),
        TypeCode.Double => Plain("<f8", 8),
        _ => null,
    };
}

/// <summary>One field of a structured NumPy type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its plain type.</param>
/// <param name="Offset">Bytes from the start of the structure.</param>
internal sealed record NpyField(string Name, NpyType Type, int Offset);

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
    public static void Convert<T>(NpyType type, ReadOnlySpan<byte> source, int stride, Span<T> target, string where, long first)
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
            case "<f2" when IsFloatingPoint<T>():
                Convert<Half, T>(type, source, stride, target, where, first);
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

    private static void Convert<TSource, T>(NpyType type, ReadOnlySpan<byte> source, int stride, Span<T> target, string where, long first)
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
