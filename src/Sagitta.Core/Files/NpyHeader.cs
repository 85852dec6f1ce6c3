using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Sagitta.Core.Files;

/// <summary>
/// The head of a .npy array: element type, order and shape (NumPy enhancement proposal 1; versions 1.0 to 3.0 are read,
/// 1.0 is written).
/// </summary>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Lengths of the axes; empty for a scalar.</param>
/// <param name="FortranOrder">Whether the first axis runs fastest.</param>
internal sealed record NpyHeader(NpyType Type, ImmutableArray<long> Shape, bool FortranOrder)
{
    internal static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Number of elements.</summary>
    public long Count
    {
        get
        {
            long count = 1;
            foreach (long length in Shape)
            {
                count = checked(count * length);
            }

            return count;
        }
    }

    /// <summary>The shape as NumPy writes it: (3, 4).</summary>
    public string ShapeText => Shape.Length == 1 ? $"({Shape[0]},)" : "(" + string.Join(", ", Shape) + ")";

    /// <summary>The bytes of the head in version 1.0, padded so that the data begin on a multiple of 64.</summary>
    public byte[] ToBytes()
    {
        if (Type.IsStructure)
        {
            throw new NotSupportedException("Structured arrays are read but not written: write one array for each field.");
        }

        string text = $"{{'descr': '{Type.Code}', 'fortran_order': {(FortranOrder ? "True" : "False")}, 'shape': {ShapeText}, }}";
        int total = (10 + text.Length + 1 + 63) / 64 * 64;
        byte[] bytes = new byte[total];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), checked((ushort)(total - 10)));
        bytes.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(10));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    /// <summary>Reads the head and leaves the stream at the data.</summary>
    /// <param name="stream">A stream at the start of a .npy array.</param>
    /// <param name="where">What to call it in messages.</param>
    public static NpyHeader Read(Stream stream, string where)
    {
        Span<byte> start = stackalloc byte[12];
        if (stream.ReadAtLeast(start[..8], 8, throwOnEndOfStream: false) < 8 || !start[..6].SequenceEqual(Magic))
        {
            throw new BadInputException(where, "this is no .npy array", "save it with numpy.savez or numpy.save");
        }

        int major = start[6];
        int lengthBytes = major == 1 ? 2 : 4;
        if (major is < 1 or > 3)
        {
            throw new BadInputException(where, $"version {major} of the .npy format is unknown", "save it in version 1, 2 or 3");
        }

        start = start[..lengthBytes];
        if (stream.ReadAtLeast(start, lengthBytes, throwOnEndOfStream: false) < lengthBytes)
        {
            throw Truncated(where);
        }

        uint length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(start) : BinaryPrimitives.ReadUInt32LittleEndian(start);
        if (length > 1 << 20)
        {
            throw new BadInputException(where, $"the head claims {length} bytes", "the file is damaged: write it again");
        }

        byte[] text = new byte[length];
        if (stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) < text.Length)
        {
            throw Truncated(where);
        }

        return Parse((major == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text), where);
    }

    private static BadInputException Truncated(string where) =>
        new(where, "the array ends inside its head", "the file is cut off: write or copy it again");

    private static NpyHeader Parse(string text, string where)
    {
        try
        {
            PythonLiteral literal = new(text);
            if (literal.Read() is not Dictionary<string, object?> entries
                || !entries.TryGetValue("descr", out object? descr)
                || !entries.TryGetValue("fortran_order", out object? order) || order is not bool fortran
                || !entries.TryGetValue("shape", out object? shape) || shape is not List<object?> lengths)
            {
                throw new FormatException("descr, fortran_order and shape are wanted");
            }

            ImmutableArray<long> axes = [.. lengths.Select(
                l => l is long n and >= 0 ? n : throw new FormatException("an axis is no length"))];
            NpyHeader header = new(ParseType(descr, where), axes, fortran && axes.Length > 1);
            return header.Count < 0 ? throw new FormatException("the shape is too large") : header;
        }
        catch (Exception problem) when (problem is FormatException or OverflowException)
        {
            throw new BadInputException(where, $"the head of the array can't be understood ({problem.Message})", "save it with numpy.savez",
                problem);
        }
    }

    private static NpyType ParseType(object? descr, string where)
    {
        if (descr is string code)
        {
            return ParsePlain(code, where);
        }

        if (descr is not List<object?> parts)
        {
            throw new FormatException("descr is neither a code nor a list of fields");
        }

        int offset = 0;
        ImmutableArray<NpyField>.Builder fields = ImmutableArray.CreateBuilder<NpyField>(parts.Count);
        foreach (object? part in parts)
        {
            if (part is not List<object?> { Count: 2 } pair || pair[0] is not string name || pair[1] is not string fieldCode)
            {
                throw new FormatException("a field is not a name and a plain type");
            }

            NpyType type = ParsePlain(fieldCode, where);
            if (name.Length > 0)
            {
                fields.Add(new(name, type, offset));
            }

            offset = checked(offset + type.Size);
        }

        return new("V", offset, fields.ToImmutable());
    }

    private static NpyType ParsePlain(string code, string where)
    {
        if (code.Length < 3 || !char.IsAsciiDigit(code[2]) || !NumberText.TryRead(code.AsSpan(2), out int width))
        {
            throw code is "|O" or "O"
                ? new BadInputException(where, "the array holds Python objects", "save numbers or fixed-width text (allow_pickle=False)")
                : new FormatException($"type '{code}' is unknown");
        }

        char kind = code[1];
        int size = kind == 'U' ? checked(4 * width) : width;
        if (code[0] == '>' && size > 1 && kind is not ('S' or 'V'))
        {
            throw new BadInputException(where, $"the array is big-endian ('{code}')",
                "save it little-endian: array.astype(array.dtype.newbyteorder('<'))");
        }

        // A single byte has no order, whatever mark it carries.
        return NpyType.Plain(kind is 'i' or 'u' or 'b' && size == 1 ? $"|{code[1..]}" : code, size);
    }
}
