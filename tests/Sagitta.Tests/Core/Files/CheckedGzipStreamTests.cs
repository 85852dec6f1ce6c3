using System.IO.Compression;
using System.Text;

namespace Sagitta.Tests.Core.Files;

public sealed class CheckedGzipStreamTests
{
    private static readonly byte[] _text = Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{i * 37 % 11}\n")));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8192)]
    [InlineData(65536)]
    [InlineData(300_000)]
    public void Text_of_any_length_comes_back(int length)
    {
        // Drawn bytes can't be compressed: the compressed data are as long as the text and cross every border of blocks.
        RandomDraws draws = RandomKey.FromSeed(1).Split((ulong)length).Draws();
        byte[] text = new byte[length];
        foreach (ref byte one in text.AsSpan())
        {
            one = (byte)(256 * draws.NextUniform());
        }

        Assert.Equal(text, Read(Zipped(text)));
        Assert.Equal([.. text, .. _text, .. text], Read([.. Zipped(text), .. Zipped(_text), .. Zipped(text)]));
    }

    [Fact]
    public void A_pipe_that_gives_a_byte_at_a_time_is_read()
    {
        // Nothing between two texts: the zeros of its trailer begin with one of its data.
        using CheckedGzipStream stream = new(new Trickle([.. Zipped(_text), .. Zipped([]), .. Zipped(_text)]), "hits.csv.gz");
        using MemoryStream text = new();
        stream.CopyTo(text);
        Assert.Equal([.. _text, .. _text], text.ToArray());
    }

    [Fact]
    public void Heads_with_any_of_text_flag_checksum_extra_field_name_and_comment_are_read()
    {
        byte[] plain = Zipped(_text);
        for (int flags = 0; flags < 32; flags++)
        {
            byte[] extra = (flags & 4) != 0 ? [3, 0, 1, 2, 3] : [];
            byte[] name = (flags & 8) != 0 ? [.. "name\0"u8] : [];
            byte[] comment = (flags & 16) != 0 ? [.. "comment\0"u8] : [];
            byte[] checksum = (flags & 2) != 0 ? [0xaa, 0xbb] : [];
            byte[] head = [0x1f, 0x8b, 8, (byte)flags, 0, 0, 0, 0, 0, 3, .. extra, .. name, .. comment, .. checksum];
            Assert.Equal(_text, Read([.. head, .. plain[10..]]));
        }
    }

    [Fact]
    public void File_cut_off_anywhere_is_bad_input()
    {
        byte[] first = Zipped(_text);
        byte[] whole = [.. first, .. Zipped(_text[..100]), .. Zipped(_text[100..])];
        int second = first.Length + Zipped(_text[..100]).Length;
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            if (length == first.Length || length == second)
            {
                // Between members nothing tells that others were to follow.
                Assert.NotEmpty(Read(cut));
            }
            else
            {
                Assert.Throws<BadInputException>(() => Read(cut));
            }
        }

        // The end of nothing is made of zeros, which may stand behind what was read; its data end with one more, so that the last is not
        // missed.
        byte[] nothing = Zipped([]);
        for (int length = 0; length < nothing.Length - 1; length++)
        {
            Assert.Throws<BadInputException>(() => Read(nothing[..length]));
        }
    }

    [Fact]
    public void Flipped_bit_is_bad_input_or_changes_nothing()
    {
        byte[] whole = [.. Zipped(_text[..50]), .. Zipped(_text[50..])];
        int noticed = 0;
        for (int bit = 0; bit < 8 * whole.Length; bit++)
        {
            byte[] altered = [.. whole];
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(_text, Read(altered));
            }
            catch (BadInputException)
            {
                noticed++;
            }
        }

        // What is not noticed are time, system and unused flags in the two heads.
        Assert.InRange(noticed, 8 * (whole.Length - 20), 8 * whole.Length);
    }

    [Theory]
    [InlineData("\0\0\0\0")]
    [InlineData("more")]
    public void Bytes_behind_the_end_are_bad_input(string more) => Assert.Contains("no gzip data follow", Assert.Throws<BadInputException>(
        () => Read([.. Zipped(_text), .. Encoding.ASCII.GetBytes(more), .. new byte[10]])).Message, StringComparison.Ordinal);

    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));
    }

    private static byte[] Read(byte[] zipped)
    {
        using CheckedGzipStream stream = new(new MemoryStream(zipped), "hits.csv.gz");
        using MemoryStream text = new();
        stream.CopyTo(text);
        return text.ToArray();
    }

    private static byte[] Zipped(byte[] text)
    {
        using MemoryStream bytes = new();
        using (GZipStream zip = new(bytes, CompressionLevel.Optimal))
        {
            zip.Write(text);
        }

        // The base library writes nothing at all for nothing.
        return bytes.ToArray() is { Length: > 0 } zipped ? zipped : [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }
}
