using System.Text;

namespace Sagitta.Core.Files;

/// <summary>A growing array of texts: each becomes as wide as the widest of all, which only the end tells.</summary>
internal sealed class NpzTextColumn : NpzColumn
{
    private const int CharacterBytes = 4;
    private static readonly UTF32Encoding _encoding = new(bigEndian: false, byteOrderMark: false);
    private byte[] _bytes = new byte[256];
    private long _count;
    private int _width = CharacterBytes;

    internal NpzTextColumn(string name, Stream spool, string file)
        : base(name, spool, file)
    {
    }

    internal override NpyHeader Header => new(NpyType.Plain($"<U{_width / CharacterBytes}", _width), [_count], FortranOrder: false);

    /// <summary>Adds texts at the end.</summary>
    public void Append(IReadOnlyList<string> texts)
    {
        foreach (string text in texts)
        {
            int length = _encoding.GetByteCount(text);
            if (_bytes.Length < length + CharacterBytes)
            {
                _bytes = new byte[2 * (length + CharacterBytes)];
            }

            BitConverter.TryWriteBytes(_bytes, length);
            _encoding.GetBytes(text, _bytes.AsSpan(CharacterBytes));
            Append(_bytes.AsSpan(0, CharacterBytes + length));
            _width = Math.Max(_width, length);
        }

        _count += texts.Count;
    }

    internal override void CopyTo(Stream target)
    {
        using BufferedStream source = new(Spooled(), 1 << 16);
        byte[] text = new byte[_width];
        byte[] length = new byte[CharacterBytes];
        for (long i = 0; i < _count; i++)
        {
            source.ReadExactly(length);
            int bytes = BitConverter.ToInt32(length);
            source.ReadExactly(text.AsSpan(0, bytes));
            text.AsSpan(bytes).Clear();
            target.Write(text);
        }
    }
}
