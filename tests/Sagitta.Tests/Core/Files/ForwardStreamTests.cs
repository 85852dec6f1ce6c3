namespace Sagitta.Tests.Core.Files;

/// <summary>Streams around other streams.</summary>
public sealed class ForwardStreamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public void What_was_read_already_comes_before_the_rest(int atOnce)
    {
        BegunStream stream = new("head"u8.ToArray(), new MemoryStream([.. " and rest"u8]));
        List<byte> read = [];
        byte[] buffer = new byte[70];
        for (int count; (count = stream.Read(buffer, 2, atOnce)) > 0;)
        {
            read.AddRange(buffer[2..(2 + count)]);
        }

        Assert.Equal("head and rest"u8.ToArray(), read);
        Assert.Equal(0, buffer[0] + buffer[1]);
        Assert.Equal((true, false, false), (stream.CanRead, stream.CanSeek, stream.CanWrite));
        Assert.Throws<NotSupportedException>(() => stream.Length);
        Assert.Throws<NotSupportedException>(() => stream.Position);
        Assert.Throws<NotSupportedException>(() => stream.Position = 0);
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(0));
        Assert.Throws<NotSupportedException>(() => stream.Write(buffer, 0, 1));
        stream.Flush();
    }

    [Fact]
    public void Closing_it_closes_the_rest()
    {
        MemoryStream rest = new();
        new BegunStream(new byte[1], rest).Dispose();
        Assert.False(rest.CanRead);
    }

    [Fact]
    public void Files_that_a_run_reads_are_listed_in_order_and_once()
    {
        Assert.Equal("outside", ReadFiles.Add("outside"));
        Func<IReadOnlyList<string>> list = ReadFiles.Begin();
        Assert.Equal("b", ReadFiles.Add("b"));
        ReadFiles.Add("a");
        ReadFiles.Add("b");
        Assert.Equal(["a", "b"], list());
        ReadFiles.Add("c");
        Assert.Equal(["a", "b", "c"], list());
        ReadFiles.Begin();
        ReadFiles.Add("d");
        Assert.Equal(["a", "b", "c"], list());
    }
}
