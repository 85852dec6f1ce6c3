using System.Text;

namespace Sagitta.Tests.Core.Files;

public sealed class NpyHeaderTests
{
    private const string Plain = "{'descr': '<f4', 'fortran_order': True, 'shape': (3, 4), }";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Head_of_each_version_is_read_and_cut_off_anywhere_bad_input(byte version)
    {
        byte[] head = Head(version, Plain);
        using MemoryStream stream = new([.. head, 1, 2]);
        NpyHeader read = NpyHeader.Read(stream, "a");
        Assert.Equal(("<f4", 4, true, 12L, "(3, 4)"), (read.Type.Code, read.Type.Size, read.FortranOrder, read.Count, read.ShapeText));
        Assert.Equal(head.Length, stream.Position);
        for (int length = 0; length < head.Length; length++)
        {
            string message = Message(head[..length]);
            Assert.Contains(length < 8 ? "a: this is no .npy array" : "a: the array ends inside its head", message,
                StringComparison.Ordinal);
        }

        for (int at = 0; at < 6; at++)
        {
            byte[] altered = [.. head];
            altered[at] ^= 1;
            Assert.Contains("this is no .npy array", Message(altered), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Other_versions_are_refused(byte version) =>
        Assert.Contains($"version {version} of the .npy format is unknown", Message(Head(version, Plain)), StringComparison.Ordinal);

    [Fact]
    public void Names_are_latin_letters_before_the_third_version_and_unicode_in_it()
    {
        const string Text = "{'descr': [('\u00e9', '<f4')], 'fortran_order': False, 'shape': (), }";
        foreach ((byte version, Encoding encoding) in ((byte, Encoding)[])[(1, Encoding.Latin1), (2, Encoding.Latin1), (3, Encoding.UTF8)])
        {
            NpyHeader read = NpyHeader.Read(new MemoryStream(Head(version, Text, encoding)), "a");
            Assert.Equal("\u00e9", Assert.Single(read.Type.Fields).Name);
            Assert.Equal((1L, "()"), (read.Count, read.ShapeText));
        }
    }

    [Fact]
    public void Head_may_have_a_million_bytes()
    {
        Assert.Equal(12, NpyHeader.Read(new MemoryStream(Head(2, Plain.PadRight(1 << 20))), "a").Count);
        Assert.Contains("the head claims 1048577 bytes", Message(Head(2, Plain.PadRight((1 << 20) + 1))), StringComparison.Ordinal);
    }

    [Fact]
    public void Written_head_ends_on_the_next_multiple_of_64_and_is_read()
    {
        for (long length = 0, digits = 0; digits < 19; length = (10 * length) + 1, digits++)
        {
            foreach (long[] shape in (long[][])[[], [length], [length, 1], [1, length, 1]])
            {
                NpyHeader header = new(NpyType.Of<short>(), [.. shape], FortranOrder: false);
                byte[] bytes = header.ToBytes();
                int text = Encoding.ASCII.GetString(bytes).IndexOf('}', StringComparison.Ordinal) + 1;
                Assert.Equal((text + 64) / 64 * 64, bytes.Length);
                Assert.Equal((byte)'\n', bytes[^1]);
                using MemoryStream stream = new(bytes);
                NpyHeader read = NpyHeader.Read(stream, "a");
                Assert.Equal(shape, read.Shape);
                Assert.Equal((header.Type.Code, false, (long)bytes.Length), (read.Type.Code, read.FortranOrder, stream.Position));
            }
        }

        Assert.Throws<NotSupportedException>(() => new NpyHeader(new("V", 4, [new("a", NpyType.Of<int>(), 0)]), [1], false).ToBytes());
    }

    [Theory]
    [InlineData("'>u1'", "|u1", 1)]
    [InlineData("'<b1'", "|b1", 1)]
    [InlineData("'|i1'", "|i1", 1)]
    [InlineData("'<u8'", "<u8", 8)]
    [InlineData("'<U3'", "<U3", 12)]
    [InlineData("'>S5'", ">S5", 5)]
    [InlineData("'|V7'", "|V7", 7)]
    [InlineData("[('a', '<i2'), ('', '|V6'), ('b', '<U2')]", "V", 16)]
    public void Type_has_the_bytes_of_its_element(string descr, string code, int size)
    {
        NpyHeader read = NpyHeader.Read(new MemoryStream(Head(1, $"{{'descr': {descr}, 'fortran_order': True, 'shape': (3,)}}")), "a");
        Assert.Equal((code, size), (read.Type.Code, read.Type.Size));
        Assert.Equal(code == "V" ? [("a", 0), ("b", 8)] : [], read.Type.Fields.Select(field => (field.Name, field.Offset)));

        // One axis has no order.
        Assert.False(read.FortranOrder);
        Assert.Equal("(3,)", read.ShapeText);
    }

    [Theory]
    [InlineData("'|O'", "the array holds Python objects")]
    [InlineData("'O'", "the array holds Python objects")]
    [InlineData("'>i2'", "the array is big-endian ('>i2')")]
    [InlineData("'>U2'", "the array is big-endian ('>U2')")]
    [InlineData("'<f'", "type '<f' is unknown")]
    [InlineData("'<fx'", "type '<fx' is unknown")]
    [InlineData("'<f4x'", "type '<f4x' is unknown")]
    [InlineData("'<U999999999'", "can't be understood")]
    [InlineData("4", "descr is neither a code nor a list of fields")]
    [InlineData("['<f4']", "a field is not a name and a plain type")]
    [InlineData("[('a', 4)]", "a field is not a name and a plain type")]
    [InlineData("[(4, '<f4')]", "a field is not a name and a plain type")]
    [InlineData("[('a', '<f4', (2,))]", "a field is not a name and a plain type")]
    public void Type_that_is_not_read_is_named(string descr, string message) => Assert.Contains(message,
        Message(Head(1, $"{{'descr': {descr}, 'fortran_order': False, 'shape': (3,)}}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("(-1,)")]
    [InlineData("('a',)")]
    [InlineData("3")]
    [InlineData("(4294967296, 4294967296)")]
    public void Shape_that_is_none_is_bad_input(string shape) => Assert.Contains("can't be understood",
        Message(Head(1, $"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}}}")), StringComparison.Ordinal);

    private static string Message(byte[] bytes) =>
        Assert.Throws<BadInputException>(() => NpyHeader.Read(new MemoryStream(bytes), "a")).Message;

    private static byte[] Head(byte version, string text, Encoding? encoding = null)
    {
        byte[] letters = (encoding ?? Encoding.Latin1).GetBytes(text);
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)letters.Length) : BitConverter.GetBytes(letters.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. letters];
    }
}
