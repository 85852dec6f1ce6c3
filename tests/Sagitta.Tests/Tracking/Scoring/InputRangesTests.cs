namespace Sagitta.Tests.Tracking.Scoring;

public sealed class InputRangesTests
{
    private static readonly InputRanges _ranges = new()
    {
        Quantities = [new() { Name = "x", Unit = "mm", Low = 0, High = 10, Middle = 5 }],
    };

    [Fact]
    public void A_range_leaves_a_thousandth_out_at_either_end()
    {
        // Of 2501 values two at either end; of their sizes, 0, 1, 1, ... 500, 500, 501, ..., the one in the middle is 750.
        InputRange range = InputRange.Of("x", "mm", [.. Enumerable.Range(-500, 2501).Reverse().Select(i => (double)i), double.NaN,
            double.PositiveInfinity]);
        Assert.Equal((-498.0, 1998.0, 750.0), (range.Low, range.High, range.Middle));
        Assert.Equal(("x", "mm"), (range.Name, range.Unit));
        Assert.Throws<InvalidOperationException>(() => InputRange.Of("x", "mm", [double.NaN]));
    }

    [Theory]
    [InlineData(2, 50, null)]
    [InlineData(3, 50, "3 % of the values of 'x' lie outside 0 to 10 mm,")]
    [InlineData(50, 50, "50 % of the values of 'x' lie outside 0 to 10 mm,")]
    [InlineData(0, 5, null)]
    [InlineData(0, 4, "4 % of the values of 'x' are smaller than 5 mm,")]
    [InlineData(0, 95, null)]
    [InlineData(0, 96, "96 % of the values of 'x' are smaller than 5 mm,")]
    public void Many_values_elsewhere_are_told(int outside, int smaller, string? warning)
    {
        // Values at the ends are inside, one in the middle is not smaller, and those that are not known do not count.
        float[] values = [.. Enumerable.Repeat(11f, outside), .. Enumerable.Repeat(0f, smaller - (outside / 2)),
            .. Enumerable.Repeat(5f, 1),
            .. Enumerable.Repeat(10f, 99 - outside - smaller + (outside / 2)), float.NaN, float.NaN];
        values[0] = outside > 1 ? -1 : values[0];
        InputWatch watch = new(_ranges);
        watch.Add("x", values.AsSpan(0, 40));
        watch.Add("x", values.AsSpan(40));
        watch.Add("y", [1000, 1000]);
        Assert.Equal(warning is null ? 0 : 1, watch.Warnings().Count());
        Assert.All(watch.Warnings(), told => Assert.StartsWith(warning!, told, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_said_without_values_or_ranges()
    {
        Assert.Empty(new InputWatch(_ranges).Warnings());
        InputWatch none = new(null);
        none.Add("x", [1000]);
        Assert.Empty(none.Warnings());
    }
}
