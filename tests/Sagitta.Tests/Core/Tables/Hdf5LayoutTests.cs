namespace Sagitta.Tests.Core.Tables;

public sealed class Hdf5LayoutTests
{
    private const string Damaged = "this HDF5 file is damaged";

    // A link to a name may lead to itself, which the package follows until the stack is full.
    [Fact]
    public void Links_to_other_names_are_refused()
    {
        byte[] head = [.. "OHDR"u8, 2, 0, 8, 6, 4, 0, 0, 1, 8, 1, 0];
        byte[] node = [.. "SNOD"u8, 1, 0, 1, 0, .. new byte[16], 2, 0, 0, 0, .. new byte[20]];
        byte[] sum = BitConverter.GetBytes(Hdf5Layout.Checksum(head));
        foreach (byte[] linked in (byte[][])[[.. head, .. sum], node])
        {
            Refused("it has links to other names", linked);
        }

        byte[] endless = [.. node];
        endless[7] = 0xFF;
        Refused(Damaged, endless);
        (head[^2], node[24]) = (0, 1);
        sum = BitConverter.GetBytes(Hdf5Layout.Checksum(head));
        Checked([.. head, .. sum, .. node]);
    }

    // The package asks for memory by these lengths before it reads.
    [Theory]
    [InlineData(0, 1, 1, true)]
    [InlineData(0, 2, 1, false)]
    [InlineData(1, 1, 1, true)]
    [InlineData(1, 1, 0, false)]
    [InlineData(20, 1, 1, true)]
    [InlineData(20, 2, 1, false)]
    [InlineData(31, 8, 8, true)]
    [InlineData(31, 9, 8, false)]
    public void Names_of_links_fit_their_message(int flags, int stated, int length, bool fits)
    {
        byte[] head = [.. "OHDR"u8, 2, 0, 0, 6, 0, 0, 0, 1, (byte)flags, .. new byte[(flags & 8) >> 3], .. new byte[(flags & 4) * 2],
            .. new byte[(flags & 16) >> 4], (byte)stated, .. new byte[(1 << (flags & 3)) - 1], .. new byte[length]];
        (head[6], head[8]) = ((byte)(head.Length - 7), (byte)(head.Length - 11));
        byte[] link = [.. head, .. BitConverter.GetBytes(Hdf5Layout.Checksum(head))];
        if (fits)
        {
            Checked(link);
        }
        else
        {
            Refused(Damaged, link);
        }
    }

    [Theory]
    [InlineData(48, 12, true)]
    [InlineData(48, 16, true)]
    [InlineData(48, 17, false)]
    [InlineData(47, 16, false)]
    [InlineData(49, 16, false)]
    [InlineData(48, -1, false)]
    [InlineData(15, 0, false)]
    [InlineData(-1, 0, false)]
    public void Texts_fit_their_heap(long whole, long length, bool fits)
    {
        byte[] heap = [.. "GCOL"u8, 1, 0, 0, 0, .. BitConverter.GetBytes(whole), 1, 0, 1, 0, 0, 0, 0, 0, .. BitConverter.GetBytes(length),
            .. new byte[16]];
        if (fits)
        {
            Checked(heap);
            heap[16] = 0;
            heap[31] = 0x7F;
            Checked(heap);
        }
        else
        {
            Refused(Damaged, heap);
        }
    }

    // Else a file of nothing but heads would be read over and over.
    [Fact]
    public void Heaps_do_not_overlap()
    {
        byte[] inner = [.. "GCOL"u8, 1, 0, 0, 0, 32, .. new byte[23]];
        Checked(inner);
        Checked([.. inner, .. inner]);
        byte[] outer = [.. "GCOL"u8, 1, 0, 0, 0, 112, .. new byte[15]];
        Refused(Damaged, [.. outer, .. inner, .. inner, .. inner]);
    }

    [Fact]
    public void Addresses_of_other_sizes_are_refused()
    {
        byte[] sound = File.ReadAllBytes(TestData.InRepository("data", "h5py", "earliest.h5"));
        sound[14] = 4;
        Assert.Contains("do not have 8 bytes", Assert.Throws<BadInputException>(
            () => new Hdf5Layout(new MemoryStream(sound), "t.h5")).Message, StringComparison.Ordinal);
    }

    // A head that goes on in itself would be read until the stack is full.
    [Fact]
    public void Heads_do_not_go_on_in_themselves()
    {
        byte[] node = [.. "SNOD"u8, 1, 0, 1, 0, .. new byte[8], 112, 0, 0, 0, 0, 0, 0, 0, .. new byte[24]];
        byte[] old = [1, 0, 1, 0, 1, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 16, 0, 16, 0, 0, 0, 0, 0, .. BitConverter.GetBytes(128L),
            .. BitConverter.GetBytes(24L)];
        Refused(Damaged, [.. node, .. old]);
        old[16] = 13;
        Checked([.. node, .. old]);
        byte[] head = [.. "OHDR"u8, 2, 0, 20, 16, 16, 0, 0, .. BitConverter.GetBytes(64L), 31, 0, 0, 0, 0, 0, 0, 0];
        Refused(Damaged, [.. head, .. BitConverter.GetBytes(Hdf5Layout.Checksum(head))]);
        head[19] = 7;
        Refused(Damaged, [.. head, .. BitConverter.GetBytes(Hdf5Layout.Checksum(head))]);
        head[11] = 95;
        head[19] = 28;
        byte[] more = [.. "OCHK"u8, 0, 16, 0, 0, .. new byte[16]];
        byte[] whole = [.. head, .. BitConverter.GetBytes(Hdf5Layout.Checksum(head)), .. more,
            .. BitConverter.GetBytes(Hdf5Layout.Checksum(more))];
        Checked(whole);
        whole[^1] ^= 1;
        Refused(Damaged, whole);
    }

    // One chunk of 8 bytes at the file's end, in a tree of one level or of two.
    [Theory]
    [InlineData(8, 0, true)]
    [InlineData(9, 0, false)]
    [InlineData(8, 1, true)]
    [InlineData(9, 1, false)]
    public void Chunks_are_as_long_as_their_tree_says(byte bytes, byte level, bool fits)
    {
        byte[] node = [.. "SNOD"u8, 1, 0, 1, 0, .. new byte[8], 112, 0, 0, 0, 0, 0, 0, 0, .. new byte[24]];
        byte[] old = [1, 0, 1, 0, 1, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 8, 0, 16, 0, 0, 0, 0, 0, 3, 2, 2, 152, .. new byte[12]];
        byte[] above = [.. "TREE"u8, 1, 1, 1, 0, .. new byte[40], .. BitConverter.GetBytes(208L)];
        byte[] leaf = [.. "TREE"u8, 1, 0, 1, 0, .. new byte[16], bytes, .. new byte[23], .. BitConverter.GetBytes(level == 0 ? 208L : 264),
            .. new byte[8]];
        byte[] part = level == 0 ? [.. node, .. old, .. leaf] : [.. node, .. old, .. above, .. leaf];
        if (fits)
        {
            Checked(part);
        }
        else
        {
            Refused(Damaged, part);
        }
    }

    // A value that says to be longer than its message: four bytes stated as 4, then as 5.
    [Theory]
    [InlineData(4, new byte[] { 4, 0, 0, 0, 1, 2, 3, 4 }, 0)]
    [InlineData(5, new byte[] { 2, 2, 2, 1, 4, 0, 0, 0, 1, 2, 3, 4 }, 4)]
    [InlineData(5, new byte[] { 3, 0x20, 4, 0, 0, 0, 1, 2, 3, 4 }, 2)]
    [InlineData(12, new byte[] { 1, 0, 2, 0, 8, 0, 8, 0, 97, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
        1, 2, 3, 4 }, 20)]
    [InlineData(12, new byte[] { 2, 0, 2, 0, 8, 0, 4, 0, 97, 0, 0x10, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 1, 2, 3, 4 }, 14)]
    [InlineData(12, new byte[] { 3, 0, 2, 0, 8, 0, 12, 0, 0, 97, 0, 0x10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0,
        1, 2, 3, 4 }, 23)]
    public void Values_fit_their_message(int kind, byte[] message, int stated)
    {
        Assert.True(Hdf5Message.Fits(kind, message));
        Assert.True(Hdf5Message.Fits(1, message));
        message[stated]++;
        Assert.False(Hdf5Message.Fits(kind, message));
        message[stated + 3] = 0x7F;
        Assert.False(Hdf5Message.Fits(kind, message));
        for (int length = 0; kind != 5 && length < message.Length; length++)
        {
            Assert.False(Hdf5Message.Fits(kind, message.AsSpan(..length)));
        }
    }

    [Fact]
    public void Values_that_are_not_there_need_no_place()
    {
        Assert.True(Hdf5Message.Fits(5, [2, 2, 2, 0]));
        Assert.True(Hdf5Message.Fits(5, [3, 0x1A]));
        Assert.True(Hdf5Message.Fits(12, [2, 0, 2, 0, 8, 0, 4, 0, 97, 0, 0x10, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 2]));
    }

    // The value is that of the author's own program ("Four score and seven years ago", driver5 of lookup3.c).
    [Theory]
    [InlineData("Four score and seven years ago", 0x17770551)]
    public void Checksum_is_the_formats(string text, uint expected) =>
        Assert.Equal(expected, Hdf5Layout.Checksum(System.Text.Encoding.ASCII.GetBytes(text)));

    // The package reads signatures first, of a head after its first letter.
    private static void Checked(byte[] part)
    {
        byte[] file = [0x89, .. "HDF\r\n\u001A\n"u8, 0, 0, 0, 0, 0, 8, 8, .. new byte[49], .. part];
        MemoryStream stream = new(file);
        using EndingStream read = new(stream, new Hdf5Layout(stream, "t.h5").CheckRead);
        byte[] signature = new byte[4];
        for (int at = 64; at + 4 <= file.Length; at++)
        {
            read.Position = at;
            read.ReadExactly(signature);
            Assert.Equal(at + 4, read.Position);
            read.Position = at + 1;
            read.ReadExactly(signature, 0, 3);
            Assert.Equal(at + 4, read.Position);
        }
    }

    private static void Refused(string why, byte[] part) => Assert.Contains(
        why, Assert.Throws<BadInputException>(() => Checked(part)).Message, StringComparison.Ordinal);
}
