namespace Sagitta.Tests.Core.Tables;

public sealed class EndingStreamTests
{
    [Fact]
    public async Task End_can_be_read_eight_times_in_a_row()
    {
        byte[] block = new byte[4];
        MemoryStream file = new([1, 2, 3, 4, 5]);
        await using EndingStream stream = new(file);
        Assert.Equal(5, stream.Length);
        Assert.Equal(3, stream.Read(block, 1, 3));
        Assert.Equal([0, 1, 2, 3], block);
#pragma warning disable CA1835 // What decoders call.
        Assert.Equal(1, await stream.ReadAsync(block, 0, 1, CancellationToken.None));
#pragma warning restore CA1835
        Assert.Equal(1, await stream.ReadAsync(block.AsMemory()));
        Assert.Equal(5, block[0]);
        Assert.Equal(5, stream.Position);
        for (int times = 0; times < 8; times++)
        {
            Assert.Equal(0, stream.Read(block));
            Assert.Equal(0, stream.Read([]));
        }

        // What asks for nothing, or goes back, begins anew.
        Assert.Equal(2, stream.Seek(2, SeekOrigin.Begin));
        Assert.Equal(3, stream.Read(block));
        stream.Position = 4;
        Assert.Equal(1, stream.Read(block));
        for (int times = 0; times < 8; times++)
        {
            Assert.Equal(0, stream.Read(block));
        }

        Assert.Throws<EndOfStreamException>(() => stream.Read(block));
        Assert.Equal((true, true, false), (stream.CanRead, stream.CanSeek, stream.CanWrite));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(0));
        Assert.Throws<NotSupportedException>(() => stream.Write(block, 0, 1));
        stream.Flush();
        stream.Dispose();
        Assert.False(file.CanRead);
    }
}
