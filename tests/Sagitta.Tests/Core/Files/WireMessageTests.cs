namespace Sagitta.Tests.Core.Files;

public sealed class WireMessageTests
{
    [Fact]
    public void Fields_are_those_of_the_examples_of_the_format()
    {
        // protobuf.dev/programming-guides/encoding: 150 in field 1, "testing" in field 2, and the first message in field 3.
        WireMessage number = new WireMessage().Number(1, 150);
        Assert.Equal([0x08, 0x96, 0x01], number.Bytes.ToArray());
        Assert.Equal([0x12, 0x07, .. "testing"u8], new WireMessage().Text(2, "testing").Bytes.ToArray());
        Assert.Equal([0x1a, 0x03, 0x08, 0x96, 0x01], new WireMessage().Message(3, number).Bytes.ToArray());
    }

    [Theory]
    [InlineData(0, new byte[] { 0 })]
    [InlineData(127, new byte[] { 0x7f })]
    [InlineData(128, new byte[] { 0x80, 1 })]
    [InlineData(16384, new byte[] { 0x80, 0x80, 1 })]
    [InlineData(-1, new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1 })]
    public void Whole_number_has_seven_bits_a_byte(long value, byte[] expected) =>
        Assert.Equal([0x08, .. expected], new WireMessage().Number(1, value).Bytes.ToArray());

    [Fact]
    public void Fields_follow_each_other_with_their_types_and_lengths()
    {
        WireMessage message = new WireMessage().Float(1, 1).Double(2, -2).Raw(16, []).Text(3, new('a', 200));
        byte[] expected = [0x0d, 0, 0, 0x80, 0x3f, 0x11, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0x82, 1, 0, 0x1a, 0xc8, 1, .. new byte[200]];
        expected.AsSpan(^200..).Fill((byte)'a');
        Assert.Equal(expected, message.Bytes.ToArray());
    }
}
