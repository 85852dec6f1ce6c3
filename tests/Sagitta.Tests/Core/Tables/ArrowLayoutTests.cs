namespace Sagitta.Tests.Core.Tables;

/// <summary>Frames of Arrow files, made by hand.</summary>
public sealed class ArrowLayoutTests
{
    private const int Body = 3;

    [Theory]
    [InlineData("", true)]
    [InlineData("no body", true)]
    [InlineData("old", true)]
    [InlineData("end", true)]
    [InlineData("bytes behind the end", true)]
    [InlineData("cut head", false)]
    [InlineData("cut length", false)]
    [InlineData("long body", false)]
    [InlineData("negative body", false)]
    [InlineData("long head", false)]
    [InlineData("negative head", false)]
    public void Lengths_of_messages_lie_within_a_stream(string change, bool isSound)
    {
        byte[] head = change == "no body" ? Head(Body, null)
            : Head(Body, change switch { "long body" => 9, "negative body" => -1, _ => 8 });
        int length = change switch { "long head" => 1000, "negative head" => -2, _ => head.Length };
        byte[] first = [.. change == "old" ? [] : BitConverter.GetBytes(-1), .. BitConverter.GetBytes(head.Length),
            .. Head(Body, 8), .. new byte[8]];
        byte[] second = [.. BitConverter.GetBytes(-1), .. BitConverter.GetBytes(length), .. head, .. new byte[change == "no body" ? 0 : 8]];
        byte[] end = change is "end" or "bytes behind the end" ? [.. BitConverter.GetBytes(-1), 0, 0, 0, 0] : [];
        byte[] whole = [.. change == "no body" ? [] : first, .. second, .. end, .. change == "bytes behind the end" ? new byte[3] : []];
        MemoryStream file = new(change switch { "cut head" => whole[..^12], "cut length" => [.. whole, 0xff, 0xff], _ => whole });
        file.Position = 5;
        if (isSound)
        {
            ArrowLayout.Check(file, isFile: false);
            Assert.Equal(0, file.Position);
        }
        else
        {
            Assert.Throws<InvalidDataException>(() => ArrowLayout.Check(file, isFile: false));
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("no dictionaries", true)]
    [InlineData("nothing", true)]
    [InlineData("dictionary elsewhere", false)]
    [InlineData("batch elsewhere", false)]
    [InlineData("second batch elsewhere", false)]
    [InlineData("more places than bytes", false)]
    [InlineData("fewer places than none", false)]
    [InlineData("long tail", false)]
    [InlineData("negative tail", false)]
    public void Places_at_the_end_of_a_file_are_those_of_its_messages(string change, bool isSound)
    {
        byte[] message = [.. BitConverter.GetBytes(-1), .. BitConverter.GetBytes(Head(Body, 8).Length), .. Head(Body, 8), .. new byte[8]];
        long second = 8 + message.Length;
        long[]? dictionaries = change is "no dictionaries" or "nothing" ? null : [change == "dictionary elsewhere" ? 16 : 8];
        long[]? batches = change == "nothing" ? null
            : [change == "batch elsewhere" ? 0 : 8, change == "second batch elsewhere" ? second + 8 : second];
        int count = change switch { "more places than bytes" => 1000, "fewer places than none" => -1, _ => 2 };
        byte[] tail = Tail(dictionaries, batches, count);
        int length = change switch { "long tail" => 10_000, "negative tail" => -1, _ => tail.Length };
        MemoryStream file = new([.. "ARROW1\0\0"u8, .. message, .. message, .. BitConverter.GetBytes(-1), 0, 0, 0, 0, .. tail,
            .. BitConverter.GetBytes(length), .. "ARROW1"u8]);
        if (isSound)
        {
            ArrowLayout.Check(file, isFile: true);
            Assert.Equal(0, file.Position);
        }
        else
        {
            Assert.Throws<InvalidDataException>(() => ArrowLayout.Check(file, isFile: true));
        }
    }

    // A FlatBuffer whose root has one field of 8 bytes, or states none: where the root is, where its fields lie in it, the root.
    private static byte[] Head(int field, long? value)
    {
        byte[] fields = [.. BitConverter.GetBytes((short)(6 + (2 * field))), .. BitConverter.GetBytes((short)12), .. new byte[2 * field],
            .. BitConverter.GetBytes((short)(value is null ? 0 : 4))];
        return [.. BitConverter.GetBytes(4 + fields.Length), .. fields, .. BitConverter.GetBytes(fields.Length),
            .. BitConverter.GetBytes(value ?? -5)];
    }

    // Two lists of places, of 24 bytes each, behind the root.
    private static byte[] Tail(long[]? dictionaries, long[]? batches, int count)
    {
        byte[] fields = [12, 0, 12, 0, 0, 0, 0, 0, (byte)(dictionaries is null ? 0 : 4), 0, (byte)(batches is null ? 0 : 8), 0];
        byte[] first = List(dictionaries ?? [], 1), second = List(batches ?? [], count);
        return [16, 0, 0, 0, .. fields, 12, 0, 0, 0, .. BitConverter.GetBytes(8), .. BitConverter.GetBytes(4 + first.Length), .. first,
            .. second];
    }

    private static byte[] List(long[] places, int count) =>
        [.. BitConverter.GetBytes(count), .. places.SelectMany(place => (byte[])[.. BitConverter.GetBytes(place), .. new byte[16]])];
}
