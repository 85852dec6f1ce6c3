namespace Sagitta.Tests.Learning.Schedules;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void Constant_rate_stays() => Assert.Equal(0.1, new ConstantRate(0.1).At(1_000_000));

    [Fact]
    public void Warm_up_rises_straight_to_the_peak_and_the_cosine_falls_to_the_end()
    {
        WarmUpCosine schedule = new(Peak: 1, WarmUp: 9, Total: 109, Final: 0.2);
        Assert.Equal(0.1, schedule.At(0), 1e-15);
        Assert.Equal(0.9, schedule.At(8), 1e-15);
        Assert.Equal(1, schedule.At(9), 1e-15);
        Assert.Equal(0.6, schedule.At(59), 1e-15);
        Assert.Equal(0.2, schedule.At(109), 1e-15);
        Assert.Equal(0.2, schedule.At(1000), 1e-15);
        for (long step = 10; step < 109; step++)
        {
            Assert.True(schedule.At(step) < schedule.At(step - 1));
        }
    }

    [Fact]
    public void Run_shorter_than_its_warm_up_has_a_rate()
    {
        WarmUpCosine schedule = new(Peak: 1, WarmUp: 10, Total: 5);
        Assert.Equal(10 / 11.0, schedule.At(9), 1e-15);
        Assert.Equal(0, schedule.At(10));
    }
}
