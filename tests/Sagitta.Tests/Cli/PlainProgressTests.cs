namespace Sagitta.Tests.Cli;

public sealed class PlainProgressTests
{
    [Fact]
    public void Stage_is_told_at_its_beginning_and_at_its_end()
    {
        using StringWriter writer = new();
        PlainProgress progress = new(writer);
        using (IStageProgress stage = progress.Begin("train", 1000, "events"))
        {
            for (int i = 0; i < 1000; i++)
            {
                stage.Advance();
            }

            stage.Show("loss 0.5");
        }

        progress.Note("news");
        string[] lines = writer.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal(3, lines.Length);
        Assert.Equal("train: 1000 events", lines[0]);
        Assert.Matches(@"^train: done in \d+ s, [0-9.e+]+ events/s, loss 0\.5$", lines[1]);
        Assert.Equal("news", lines[2]);
    }

    [Fact]
    public void Stage_that_ends_early_says_so()
    {
        using StringWriter writer = new();
        using (IStageProgress stage = new PlainProgress(writer).Begin("train", 10, "events"))
        {
            stage.Advance(4);
        }

        Assert.Contains("ended after 4 of 10 events", writer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.2, "1 s")]
    [InlineData(59.5, "1 min 00 s")]
    [InlineData(125, "2 min 05 s")]
    [InlineData(4800, "1 h 20 min")]
    [InlineData(200000, "55 h 33 min")]
    public void Durations_are_read_at_a_glance(double seconds, string text) => Assert.Equal(text, Pace.Duration(seconds));
}
