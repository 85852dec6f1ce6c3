using System.Numerics;
using System.Text;

namespace Sagitta.Core.Files;

/// <summary>An array of an archive, or a field of a structured one, read from front to back some elements at a time. With the last of them
/// the checksum is compared.</summary>
/// <param name="stream">Its bytes behind the head, closed with this.</param>
/// <param name="header">Its head.</param>
/// <param name="element">What is wanted of an element.</param>
/// <param name="where">What to call it in messages.</param>
internal sealed class NpzPieces(NpzEntryStream stream, NpyHeader header, NpyField element, string where) : IDisposable
{
    private const int BlockBytes = 1 << 16;
    private byte[] _block = [];

    /// <summary>The array's head.</summary>
    public NpyHeader Header => header;

    /// <summary>Type of what is read.</summary>
    public NpyType Type => element.Type;

    /// <summary>Elements that are not read yet.</summary>
    public long Left { get; private set; } = header.Count;

    /// <summary>Whether elements that are left out are read for the checksum.</summary>
    public bool IsCompared { get; set; } = true;

    /// <summary>Leaves out the next elements, all that are left unless told otherwise.</summary>
    public void Skip(long? count = null)
    {
        long some = count ?? Left;
        stream.Skip(some * header.Type.Size, IsCompared);
        Left -= some;
        FinishAtEnd();
    }

    /// <summary>Reads the next elements as numbers of this type, converted where they fit.</summary>
    public void Read<T>(Span<T> values)
        where T : unmanaged, INumber<T>
    {
        while (!values.IsEmpty)
        {
            Span<T> some = values[..Math.Min(values.Length, RowsAtOnce)];
            NpyConversion.Convert(element.Type, Next(some.Length)[element.Offset..], header.Type.Size, some, where,
                header.Count - Left - some.Length);
            values = values[some.Length..];
        }

        FinishAtEnd();
    }

    /// <summary>The same as an array.</summary>
    public T[] Read<T>(int count)
        where T : unmanaged, INumber<T>
    {
        T[] values = new T[count];
        Read<T>(values);
        return values;
    }

    /// <summary>Reads the next elements as texts.</summary>
    public string[] ReadTexts(int count)
    {
        Encoding encoding = element.Type.Code[1] == 'S' ? Encoding.UTF8 : Encoding.UTF32;
        string[] texts = new string[count];
        for (int i = 0; i < count; i++)
        {
            texts[i] = encoding.GetString(Next(1).Slice(element.Offset, element.Type.Size)).TrimEnd('\0');
        }

        FinishAtEnd();
        return texts;
    }

    /// <inheritdoc />
    public void Dispose() => stream.Dispose();

    private int RowsAtOnce => Math.Max(1, BlockBytes / Math.Max(header.Type.Size, 1));

    private ReadOnlySpan<byte> Next(int rows)
    {
        if (_block.Length < rows * header.Type.Size)
        {
            _block = new byte[rows * header.Type.Size];
        }

        Span<byte> bytes = _block.AsSpan(0, rows * header.Type.Size);
        stream.Fill(bytes);
        Left -= rows;
        return bytes;
    }

    private void FinishAtEnd()
    {
        if (Left == 0)
        {
            stream.Finish();
        }
    }
}
