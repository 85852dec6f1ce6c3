using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Sagitta.Core.Files;

/// <summary>
/// Reads arrays from an NPZ archive as NumPy's savez and savez_compressed write it, ZIP64 included. Whatever is wrong with the
/// file is a <see cref="BadInputException"/> that names the file and the array. Little-endian machines only. Not thread-safe.
/// </summary>
internal sealed class NpzReader : IDisposable
{
    private const int BlockBytes = 1 << 16;
    private readonly ZipArchive _archive;
    private readonly Stream _file;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Opens an archive file.</summary>
    public NpzReader(string path)
        : this(OpenFile(path), path)
    {
    }

    /// <summary>Reads from a seekable stream, which is closed with the reader.</summary>
    /// <param name="stream">An archive.</param>
    /// <param name="name">What to call it in messages.</param>
    public NpzReader(Stream stream, string name)
    {
        Name = name;
        try
        {
            _file = stream;
            _archive = new(stream, ZipArchiveMode.Read);
            foreach (ZipArchiveEntry entry in _archive.Entries)
            {
                string array = entry.FullName.EndsWith(".npy", StringComparison.Ordinal) ? entry.FullName[..^4] : entry.FullName;
                if (!_entries.TryAdd(array, entry))
                {
                    throw new BadInputException($"'{name}'", $"array '{array}' is given twice, as the entries '{_entries[array].FullName}' "
                        + $"({IndexOf(_entries[array])}) and '{entry.FullName}' ({IndexOf(entry)})", "give each array a name of its own");
                }

                // Deflate makes at most 1032 bytes of one: what claims more is never read, and no memory is taken for it.
                if (entry.Length < 0 || entry.CompressedLength > stream.Length || entry.Length > (1032 * entry.CompressedLength) + 64)
                {
                    throw new BadInputException($"'{name}', array '{array}'",
                        $"{entry.CompressedLength} bytes of {stream.Length} can't hold the "
                        + $"{entry.Length} that the archive states", "the file is damaged: write or copy it again");
                }
            }

            string IndexOf(ZipArchiveEntry entry) =>
                string.Create(CultureInfo.InvariantCulture, $"number {_archive.Entries.IndexOf(entry) + 1} of the archive");
        }
        catch (BadInputException)
        {
            stream.Dispose();
            throw;
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or NotSupportedException or ArgumentException
            or OverflowException)
        {
            stream.Dispose();
            throw new BadInputException($"'{name}'", "this is no NPZ archive, or it is cut off or damaged",
                "give a whole file as numpy.savez writes it", problem);
        }
    }

    /// <summary>The file's name in messages.</summary>
    public string Name { get; }

    /// <summary>Names of the arrays in the order of the archive.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Whether there is such an array.</summary>
    public bool Contains(string array) => _entries.ContainsKey(array);

    /// <summary>Type and shape of an array.</summary>
    public NpyHeader Header(string array)
    {
        using NpzEntryStream stream = Open(array, out NpyHeader header);
        return header;
    }

    /// <summary>The elements of an array as bytes, to be read once.</summary>
    public NpzEntryStream Data(string array) => Open(array, out _);

    /// <summary>All elements of an array of exactly this type, in C order (arrays stored in Fortran order are turned round).</summary>
    public T[] Read<T>(string array)
        where T : unmanaged
    {
        using NpzEntryStream stream = Open(array, out NpyHeader header);
        Require(array, header, NpyType.Of<T>());
        T[] values = NewArray<T>(array, header);
        ReadBlocks<T>(stream, values);
        stream.Finish();
        return header.FortranOrder ? InRowOrder(array, values, header) : values;
    }

    /// <summary>As <see cref="Read{T}(string)"/>, and the shape must be this; a negative length stands for any.</summary>
    public T[] Read<T>(string array, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        RequireShape(array, Header(array), shape);
        return Read<T>(array);
    }

    /// <summary>An array of numbers or texts, or such a field of a structured array, to be read piece by piece.</summary>
    public NpzPieces Pieces(string array, string field = "")
    {
        NpzEntryStream stream = Open(array, out NpyHeader header);
        try
        {
            return new(stream, header, field.Length == 0 ? new("", header.Type, 0) : Field(array, header, field), Place(array, field));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The same of an array of exactly this type and shape; a negative length stands for any.</summary>
    public NpzPieces Pieces<T>(string array, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        NpyHeader header = Header(array);
        Require(array, header, NpyType.Of<T>());
        RequireShape(array, header, shape);
        return Pieces(array);
    }

    /// <summary>The one number of an array without axes, of exactly this type.</summary>
    public T ReadScalar<T>(string array)
        where T : unmanaged
    {
        NpyHeader header = Header(array);
        return header.Shape.IsEmpty
            ? Read<T>(array)[0]
            : throw new BadInputException(Place(array), $"the shape is {header.ShapeText}", "one number without axes, shape (), is wanted");
    }

    /// <summary>
    /// All elements of a numeric array converted to this type. Whole numbers must fit; numbers with a fraction convert to
    /// floating-point types only, rounding where the target is narrower.
    /// </summary>
    public T[] ReadConverted<T>(string array)
        where T : unmanaged, INumber<T>
    {
        using NpzPieces pieces = Pieces(array);
        if (pieces.Type.IsStructure)
        {
            throw new BadInputException(Place(array), $"the elements are structures {pieces.Type}", "name one of the fields");
        }

        T[] values = ReadAll<T>(array, pieces);
        return pieces.Header.FortranOrder ? InRowOrder(array, values, pieces.Header) : values;
    }

    /// <summary>One field of a structured array, converted as by <see cref="ReadConverted{T}"/>.</summary>
    public T[] ReadField<T>(string array, string field)
        where T : unmanaged, INumber<T>
    {
        using NpzPieces pieces = Pieces(array, field);
        return ReadAll<T>(array, pieces);
    }

    /// <summary>The one text of a scalar text array, or of an array of bytes holding UTF-8.</summary>
    public string ReadText(string array)
    {
        NpyHeader header = Header(array);
        if (header.Type.Code == "|u1" && header.Shape.Length == 1)
        {
            return Encoding.UTF8.GetString(Read<byte>(array));
        }

        string[] texts = ReadTexts(array);
        return texts.Length == 1
            ? texts[0]
            : throw new BadInputException(Place(array), $"there are {texts.Length} texts", "one text is wanted");
    }

    /// <summary>All elements of an array of fixed-width texts, or of such a field of a structured array, in the order of the
    /// file.</summary>
    public string[] ReadTexts(string array, string field = "")
    {
        using NpzPieces pieces = Pieces(array, field);
        return pieces.Type.IsText ? pieces.ReadTexts(NewArray<string>(array, pieces.Header).Length)
            : throw new BadInputException(Place(array, field), $"the elements are {pieces.Type}", "texts ('<U..' or '|S..') are wanted");
    }

    /// <inheritdoc />
    public void Dispose() => _archive.Dispose();

    private static void ReadBlocks<T>(NpzEntryStream stream, Span<T> values)
        where T : unmanaged
    {
        while (!values.IsEmpty)
        {
            Span<T> block = values[..Math.Min(values.Length, BlockBytes)];
            stream.Fill(MemoryMarshal.AsBytes(block));
            if (typeof(T) == typeof(bool))
            {
                // Any byte but 0 is true; .NET counts on 0 and 1.
                foreach (ref byte flag in MemoryMarshal.AsBytes(block))
                {
                    flag = flag == 0 ? (byte)0 : (byte)1;
                }
            }

            values = values[block.Length..];
        }
    }

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new(ReadFiles.Add(path), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            throw new BadInputException($"'{path}'", "the file can't be read"
                + (File.Exists(path) ? string.Empty : " because it does not exist"), "give an existing NPZ file", problem);
        }
    }

    private T[] ReadAll<T>(string array, NpzPieces pieces)
        where T : unmanaged, INumber<T>
    {
        T[] values = NewArray<T>(array, pieces.Header);
        pieces.Read<T>(values);
        return values;
    }

    private NpzEntryStream Open(string array, out NpyHeader header)
    {
        if (!_entries.TryGetValue(array, out ZipArchiveEntry? entry))
        {
            string known = _entries.Count > 20 ? string.Join(", ", _entries.Keys.Take(20)) + ", ..." : string.Join(", ", _entries.Keys);
            throw new BadInputException($"'{Name}'", $"there is no array '{array}'", $"the file holds: {known}");
        }

        NpzEntryStream stream = new(entry, _file, Place(array));
        try
        {
            header = NpyHeader.Read(stream, Place(array));
            long held = entry.Length - stream.Position;
            if (header.Type.Size == 0 ? header.Count > 0 : held % header.Type.Size != 0 || held / header.Type.Size != header.Count)
            {
                throw new BadInputException(Place(array), $"{held} bytes do not hold {header.ShapeText} elements of {header.Type}",
                    "the file is damaged: write or copy it again");
            }

            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private T[] NewArray<T>(string array, NpyHeader header) => header.Count <= Array.MaxLength
        ? GC.AllocateUninitializedArray<T>((int)header.Count)
        : throw new BadInputException(Place(array), $"{header.Count} elements are more than one array can hold here", "split the file");

    private void Require(string array, NpyHeader header, NpyType wanted)
    {
        if (!string.Equals(header.Type.Code, wanted.Code, StringComparison.Ordinal))
        {
            throw new BadInputException(Place(array), $"the elements are {header.Type}", $"{wanted} is wanted");
        }
    }

    private void RequireShape(string array, NpyHeader header, ReadOnlySpan<long> shape)
    {
        bool fits = header.Shape.Length == shape.Length;
        for (int i = 0; fits && i < shape.Length; i++)
        {
            fits = shape[i] < 0 || header.Shape[i] == shape[i];
        }

        if (!fits)
        {
            string wanted = string.Join(", ", shape.ToArray().Select(length => length < 0 ? "any" : $"{length}"));
            throw new BadInputException(Place(array), $"the shape is {header.ShapeText}", $"it should be ({wanted})");
        }
    }

    private T[] InRowOrder<T>(string array, T[] values, NpyHeader header)
    {
        if (header.Shape.Length != 2)
        {
            throw new BadInputException(Place(array), "an array of more than two axes is in Fortran order",
                "save numpy.ascontiguousarray(array)");
        }

        int rows = (int)header.Shape[0], columns = (int)header.Shape[1];
        T[] turned = new T[values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                turned[(row * columns) + column] = values[(column * rows) + row];
            }
        }

        return turned;
    }

    private NpyField Field(string array, NpyHeader header, string field) =>
        header.Type.Fields.FirstOrDefault(f => string.Equals(f.Name, field, StringComparison.Ordinal))
        ?? throw new BadInputException(Place(array), $"there is no field '{field}'", $"its type is {header.Type}");

    private string Place(string array, string field = "") => $"'{Name}', array '{array}'" + (field.Length == 0 ? "" : $", field '{field}'");
}
