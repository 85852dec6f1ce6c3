namespace Sagitta.Tests.Tracking.Muon.Training;

public sealed class BatchChunksTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(4, false)]
    [InlineData(8, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    [InlineData(8, true)]
    [InlineData(100, true)]
    public void Every_event_of_any_batch_falls_into_exactly_one_chunk(int size, bool tapered)
    {
        BatchChunks chunks = new(70, size, tapered);
        int mostChunks = chunks.Count;
        int fewest = 0;
        for (int length = 1; length <= 70; length++)
        {
            chunks.Divide(length);
            int next = 0;
            for (int chunk = 0; chunk < chunks.Count; chunk++)
            {
                (int first, int count) = chunks[chunk].GetOffsetAndLength(length);
                Assert.Equal(next, first);
                Assert.InRange(count, 1, size);
                next = first + count;
            }

            Assert.Equal(length, next);
            Assert.InRange(chunks.Count, fewest, mostChunks);
            fewest = chunks.Count;
        }
    }

    [Fact]
    public void Tapered_batch_ends_in_ever_shorter_chunks()
    {
        Assert.Equal("4 4 4 4 4 4 4 4 4 4 4 4 4 2 2 2 2 1 1 1 1", Lengths(64, 4, tapered: true));
        Assert.Equal("1 4 4 2 2 2 2 1 1 1 1", Lengths(21, 4, tapered: true));
        Assert.Equal("1 1 1", Lengths(3, 4, tapered: true));
        Assert.Equal("3 5 4 4 4 4 2 2 2 2 1 1 1 1", Lengths(36, 5, tapered: true));
        Assert.Equal("4 4 4 2 2 2 2 1 1 1 1", Lengths(24, 5, tapered: true));
    }

    [Fact]
    public void Untapered_batch_ends_in_what_is_left() => Assert.Equal("5 5 5 5 4", Lengths(24, 5, tapered: false));

    [Fact]
    public void Borders_do_not_depend_on_the_batch_before()
    {
        BatchChunks chunks = new(64, 4, tapered: true);
        chunks.Divide(21);
        chunks.Divide(64);
        Assert.Equal(Lengths(64, 4, tapered: true), Lengths(chunks, 64));
    }

    private static string Lengths(int length, int size, bool tapered) => Lengths(new(length, size, tapered), length);

    private static string Lengths(BatchChunks chunks, int length) =>
        string.Join(' ', Enumerable.Range(0, chunks.Count).Select(chunk => chunks[chunk].GetOffsetAndLength(length).Length));
}
