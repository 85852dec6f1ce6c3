using System.Collections.Immutable;

namespace Sagitta.Core.Files;

/// <summary>Element type of a NumPy array: a number, a fixed-width text, or a structure of those.</summary>
/// <param name="Code">NumPy's code: "&lt;f4", "|u1", "&lt;U12", or "V" for a structure.</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="Fields">Fields of a structure in order of their offsets; empty for plain types.</param>
internal sealed record NpyType(string Code, int Size, ImmutableArray<NpyField> Fields)
{
    /// <summary>Whether elements are structures.</summary>
    public bool IsStructure => !Fields.IsEmpty;

    /// <summary>The type of a .NET number: bool, signed and unsigned integers of 8 to 64 bits, float, double.</summary>
    public static NpyType Of<T>()
        where T : unmanaged => OfNumber(typeof(T))
        ?? throw new NotSupportedException(
            $"{typeof(T).Name} is no NumPy number that is supported: use bool, an integer of 8 to 64 bits, float or double.");

    /// <inheritdoc />
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
