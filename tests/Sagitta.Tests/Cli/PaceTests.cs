namespace Sagitta.Tests.Cli;

/// <summary>After a tenth of a stage the time left is right within a factor two, on a clock of the test's own.</summary>
public sealed class PaceTests
{
    [Theory]
    [InlineData("even", 0)]
    [InlineData("slow first steps", 0)]
    [InlineData("steps that grow to three times the first", 0)]
    [InlineData("resumed after half of the work", 500)]
    public void Time_left_is_right_within_a_factor_two(string kind, int resumed)
    {
        const int Steps = 1000;
        Clock clock = new();
        Pace pace = new(Steps, "steps", clock);
        double Seconds(int step) => kind switch
        {
            "slow first steps" => step < 20 ? 5 : 1,
            "steps that grow to three times the first" => 1 + (2.0 * step / Steps),
            _ => 1,
        };
        if (resumed > 0)
        {
            pace.Advance(resumed);
        }

        int remaining = Steps - resumed;
        for (int step = resumed; step < Steps; step++)
        {
            clock.Seconds += Seconds(step);
            pace.Advance(1);
            double left = Enumerable.Range(step + 1, Steps - step - 1).Sum(Seconds);
            if (step - resumed >= remaining / 10 && left > 0)
            {
                Assert.InRange((Steps - pace.Done) / pace.Rate, left / 2, 2 * left);
            }
        }
    }

    [Fact]
    public void Pace_says_rate_and_time_left()
    {
        Clock clock = new();
        Pace pace = new(100, "events", clock);
        Assert.Equal("", pace.ToString());
        for (int i = 0; i < 25; i++)
        {
            clock.Seconds += 2;
            pace.Advance(1);
        }

        Assert.Equal("0.5 events/s, 2 min 30 s left", pace.ToString());
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => (long)(Seconds * TimestampFrequency);
    }
}
