namespace Sagitta.Tests.Core.Parallelism;

public sealed class RanksTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Shares_of_rows_come_together_in_order_on_all_ranks(int count)
    {
        double[][] found = count == 1 ? [Fill(Ranks.Alone)] : ThreadRanks.Run(count, Fill);
        Assert.All(found, rows => Assert.Equal(Enumerable.Range(0, 10).Select(i => (double)i), rows));

        static double[] Fill(Ranks ranks)
        {
            double[] rows = new double[10];
            (int start, int length) = ranks.ShareOf(5).GetOffsetAndLength(5);
            for (int row = start; row < start + length; row++)
            {
                (rows[2 * row], rows[(2 * row) + 1]) = (2 * row, (2 * row) + 1);
            }

            ranks.GatherShares<double>(rows, 5, item => 2 * item);
            return rows;
        }
    }

    [Fact]
    public void One_rank_that_stops_stops_all_after_all_have_saved()
    {
        int saved = 0;
        using CancellationTokenSource stop = new();
        stop.Cancel();
        bool[] stopped = ThreadRanks.Run(3, ranks =>
        {
            ranks.ThrowIfStopped(CancellationToken.None);
            OperationCanceledException? problem = Record.Exception(() => ranks.ThrowIfStopped(
                ranks.Rank == 1 ? stop.Token : CancellationToken.None, () =>
                    Interlocked.Increment(ref saved))) as OperationCanceledException;
            return problem is not null && Volatile.Read(ref saved) == 3;
        });
        Assert.All(stopped, Assert.True);
    }

    [Fact]
    public void Ranks_that_read_different_things_are_told()
    {
        string?[] told = ThreadRanks.Run(2, ranks =>
        {
            ranks.RequireSame(4, "here");
            return Record.Exception(() => ranks.RequireSame(ranks.Rank, "'run/checkpoint.safetensors'"))?.Message;
        });
        Assert.All(told, message => Assert.Contains("not all ranks find the same", message, StringComparison.Ordinal));
        Assert.True(ThreadRanks.Run(2, ranks => ranks.OfFirst(ranks.IsFirst)).All(yes => yes));
    }
}
