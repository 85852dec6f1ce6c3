using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Sagitta.Core.Files;

/// <summary>An array that grows on the disk until its archive is committed; see <see cref="NpzWriter.AddColumn{T}"/>.</summary>
internal abstract class NpzColumn : IDisposable
{
    private readonly FileStream _spool;

    private protected NpzColumn(string name, string spoolPath)
    {
        Name = name;
        _spool = new(
            $"{spoolPath}.{Environment.ProcessId}.spool",
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.ReadWrite,
                BufferSize = 1 << 16,
                Options = FileOptions.DeleteOnClose,
            });
    }

    /// <summary>Its name in the archive.</summary>
    public string Name { get; }

    internal abstract NpyHeader Header { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        _spool.Dispose();
        GC.SuppressFinalize(this);
    }

    internal void CopyTo(Stream target)
    {
        _spool.Position = 0;
        _spool.CopyTo(target, 1 << 20);
    }

    private protected void Append(ReadOnlySpan<byte> bytes) => _spool.Write(bytes);
}

/// <summary>A growing array of numbers.</summary>
/// <typeparam name="T">Element type.</typeparam>
internal sealed class NpzColumn<T> : NpzColumn
    where T : unmanaged
{
    private readonly int _width;

    internal NpzColumn(string name, int width, string spoolPath)
        : base(name, spoolPath) => _width = width;

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
