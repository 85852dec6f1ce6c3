using System.Collections.Immutable;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Sagitta.Core.Files;

/// <summary>
/// Writes an NPZ archive that numpy.load reads, ZIP64 where sizes ask for it. The file appears under its name on
/// <see cref="Commit"/>; disposed without it, nothing is left. The same arrays give the same bytes (no time stamps).
/// </summary>
internal sealed class NpzWriter : IDisposable
{
    private static readonly DateTimeOffset _noTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly AtomicFile _file;
    private readonly ZipArchive _archive;
    private readonly CompressionLevel _level;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<NpzColumn> _columns = [];

    /// <summary>Begins an archive.</summary>
    /// <param name="path">Its final name.</param>
    /// <param name="deflate">Whether to compress entries; stored otherwise, which is much faster to write and to read.</param>
    public NpzWriter(string path, bool deflate = false)
    {
        _file = new(path, seeks: true);
        _archive = new(_file.Stream, ZipArchiveMode.Create, leaveOpen: true);
        _level = deflate ? CompressionLevel.Optimal : CompressionLevel.NoCompression;
    }

    /// <summary>Writes an array of one axis.</summary>
    public void Add<T>(string array, ReadOnlySpan<T> values)
        where T : unmanaged => Write(array, NpyType.Of<T>(), [values.Length], values);

    /// <summary>Writes a matrix, row after row.</summary>
    public void Add<T>(string array, ReadOnlySpan<T> values, int rows, int columns)
        where T : unmanaged
    {
        if (values.Length != (long)rows * columns)
        {
            throw new ArgumentException($"{values.Length} values do not fill {rows} x {columns}.", nameof(values));
        }

        Write(array, NpyType.Of<T>(), [rows, columns], values);
    }

    /// <summary>Writes one number without axes.</summary>
    public void AddScalar<T>(string array, T value)
        where T : unmanaged => Write(array, NpyType.Of<T>(), [], new ReadOnlySpan<T>(in value));

    /// <summary>Writes one text without axes; NumPy strips null characters at its end.</summary>
    public void AddText(string array, string text)
    {
        byte[] bytes = new UTF32Encoding(bigEndian: false, byteOrderMark: false).GetBytes(text.Length == 0 ? "\0" : text);
        Write<byte>(array, NpyType.Plain($"<U{bytes.Length / 4}", bytes.Length), [], bytes);
    }

    /// <summary>Writes an array whose bytes, as many as the head says, come from <paramref name="write"/>.</summary>
    public void AddData(string array, NpyHeader header, Action<Stream> write)
    {
        Claim(array);
        using Stream stream = OpenEntry(array);
        stream.Write(header.ToBytes());
        write(stream);
    }

    /// <summary>
    /// Begins an array that grows by appending. It is spooled to the disk beside the archive and copied into it on
    /// <see cref="Commit"/>, so that any number of columns can grow at once in little memory.
    /// </summary>
    /// <param name="array">Its name.</param>
    /// <param name="width">Length of the second axis; 0 for an array of one axis.</param>
    public NpzColumn<T> AddColumn<T>(string array, int width = 0)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        NpzColumn<T> column = new(array, width, Spool(array), _file.Name);
        _columns.Add(column);
        return column;
    }

    /// <summary>The same for texts.</summary>
    public NpzTextColumn AddTextColumn(string array)
    {
        NpzTextColumn column = new(array, Spool(array), _file.Name);
        _columns.Add(column);
        return column;
    }

    /// <summary>Completes all columns and gives the file its name.</summary>
    public void Commit()
    {
        foreach (NpzColumn column in _columns)
        {
            using Stream stream = OpenEntry(column.Name);
            stream.Write(column.Header.ToBytes());
            column.CopyTo(stream);
        }

        _archive.Dispose();
        _file.Commit();
    }

    /// <summary>Removes everything that was not committed.</summary>
    public void Dispose()
    {
        foreach (NpzColumn column in _columns)
        {
            column.Dispose();
        }

        try
        {
            _archive.Dispose();
        }
        catch (WriteFailedException)
        {
            // The write before failed as well, and its message is on the way.
        }
        finally
        {
            _file.Dispose();
        }
    }

    private void Write<T>(string array, NpyType type, ImmutableArray<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Claim(array);
        using Stream stream = OpenEntry(array);
        stream.Write(new NpyHeader(type, shape, FortranOrder: false).ToBytes());
        while (!values.IsEmpty)
        {
            ReadOnlySpan<T> block = values[..Math.Min(values.Length, 1 << 20)];
            stream.Write(MemoryMarshal.AsBytes(block));
            values = values[block.Length..];
        }
    }

    private FileStream Spool(string array)
    {
        Claim(array);
        return AtomicFile.Spool(_file.IsSpecial ? Path.GetTempPath() : Path.GetDirectoryName(_file.FinalPath)!);
    }

    private void Claim(string array)
    {
        if (!_names.Add(array))
        {
            throw new ArgumentException($"The archive holds an array '{array}' already: give each array a name of its own.", nameof(array));
        }
    }

    private Stream OpenEntry(string array)
    {
        ZipArchiveEntry entry = _archive.CreateEntry(array + ".npy", _level);
        entry.LastWriteTime = _noTime;
        return entry.Open();
    }
}

/// <summary>An array that grows on the disk until its archive is committed; see <see cref="NpzWriter.AddColumn{T}"/>.</summary>
internal abstract class NpzColumn : IDisposable
{
    private readonly OutputStream _spool;

    private protected NpzColumn(string name, Stream spool, string file)
    {
        Name = name;
        _spool = new(spool, file);
    }

    /// <summary>Its name in the archive.</summary>
    public string Name { get; }

    internal abstract NpyHeader Header { get; }

    public void Dispose()
    {
        _spool.Dispose();
        GC.SuppressFinalize(this);
    }

    internal virtual void CopyTo(Stream target) => Spooled().CopyTo(target, 1 << 20);

    private protected Stream Spooled()
    {
        _spool.Position = 0;
        return _spool;
    }

    private protected void Append(ReadOnlySpan<byte> bytes) => _spool.Write(bytes);
}

/// <summary>A growing array of numbers.</summary>
/// <typeparam name="T">Element type.</typeparam>
internal sealed class NpzColumn<T> : NpzColumn
    where T : unmanaged
{
    private readonly int _width;

    internal NpzColumn(string name, int width, Stream spool, string file)
        : base(name, spool, file) => _width = width;

    /// <summary>Elements so far.</summary>
    public long Count { get; private set; }

    internal override NpyHeader Header
    {
        get
        {
            if (_width > 0 && Count % _width != 0)
            {
                throw new InvalidOperationException(
                    $"Column '{Name}' holds {Count} numbers, which are no whole rows of {_width}: append whole rows.");
            }

            ImmutableArray<long> shape = _width == 0 ? [Count] : [Count / _width, _width];
            return new(NpyType.Of<T>(), shape, FortranOrder: false);
        }
    }

    /// <summary>Adds numbers at the end.</summary>
    public void Append(ReadOnlySpan<T> values)
    {
        for (ReadOnlySpan<T> rest = values; !rest.IsEmpty;)
        {
            ReadOnlySpan<T> block = rest[..Math.Min(rest.Length, 1 << 20)];
            Append(MemoryMarshal.AsBytes(block));
            rest = rest[block.Length..];
        }

        Count += values.Length;
    }

    /// <summary>Adds one number at the end.</summary>
    public void Append(T value) => Append(new ReadOnlySpan<T>(in value));
}
