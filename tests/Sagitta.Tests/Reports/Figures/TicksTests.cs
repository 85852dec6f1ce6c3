using FsCheck;
using FsCheck.Fluent;

namespace Sagitta.Tests.Reports.Figures;

public sealed class TicksTests
{
    private static readonly Arbitrary<(double Low, double High)> s_ranges = Gen.Choose(-80, 80)
        .SelectMany(_ => Gen.Choose(-9, 9), (mantissa, exponent) => mantissa / 7.0 * Math.Pow(10, exponent))
        .SelectMany(_ => Gen.Choose(1, 1000), (low, width) => (low, low + (width * 1e-2 * Math.Max(1e-6, Math.Abs(low)))))
        .ToArbitrary();

    [Fact]
    public void Linear_ticks_are_multiples_of_a_nice_step_inside_the_range() =>
        Prop.ForAll(s_ranges, range =>
        {
            IReadOnlyList<Tick> ticks = Ticks.Linear(range.Low, range.High);
            double step = Ticks.Step(range.Low, range.High, 6);
            double slack = 1e-6 * step;
            double mantissa = step / Math.Pow(10, Math.Floor(Math.Log10(step * (1 + 1e-9))));
            Assert.Contains(mantissa, (double[])[1, 2, 5], new NearlyEqual());
            Assert.InRange(ticks.Count, 3, 12);
            for (int i = 0; i < ticks.Count; i++)
            {
                Assert.InRange(ticks[i].Value, range.Low - slack, range.High + slack);
                Assert.Equal(Math.Round(ticks[i].Value / step), ticks[i].Value / step, 1e-6);
                Assert.NotEmpty(ticks[i].Label);
                if (i > 0)
                {
                    Assert.Equal(step, ticks[i].Value - ticks[i - 1].Value, slack);
                    Assert.NotEqual(ticks[i - 1].Label, ticks[i].Label);
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Linear_labels_read_back_as_their_values() =>
        Prop.ForAll(s_ranges, range =>
        {
            double slack = 1e-6 * Ticks.Step(range.Low, range.High, 6);
            foreach (Tick tick in Ticks.Linear(range.Low, range.High))
            {
                Assert.Equal(tick.Value, Read(tick.Label), slack + (1e-9 * Math.Abs(tick.Value)));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Logarithmic_ticks_lie_inside_ascend_and_some_are_labelled() =>
        Prop.ForAll(Gen.Choose(-12, 12).SelectMany(_ => Gen.Choose(1, 300), (low, decades) => (low, decades / 20.0)).ToArbitrary(), pair =>
        {
            double low = Math.Pow(10, pair.low) * 1.3;
            double high = low * Math.Pow(10, pair.Item2);
            IReadOnlyList<Tick> ticks = Ticks.Logarithmic(low, high);
            int labelled = 0;
            double previous = 0;
            foreach (Tick tick in ticks)
            {
                Assert.InRange(tick.Value, low * (1 - 1e-6), high * (1 + 1e-6));
                Assert.True(tick.Value > previous);
                previous = tick.Value;
                if (tick.Label.Length > 0)
                {
                    labelled++;
                    Assert.Equal(1, Read(tick.Label) / tick.Value, 1e-6);
                }
            }

            Assert.InRange(labelled, 1, 12);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Known_ranges_get_the_expected_ticks()
    {
        Assert.Equal(["−1.0", "−0.5", "0", "0.5", "1.0"], Ticks.Linear(-1, 1, 5).Select(t => t.Label));
        Assert.Equal(["0", "1×10^{6}", "2×10^{6}", "3×10^{6}"], Ticks.Linear(0, 3.2e6, 4).Select(t => t.Label));
        Assert.Equal(["5", "10", "20", "50", "100"], Ticks.Logarithmic(5, 100).Where(t => t.Label.Length > 0).Select(t => t.Label));
        Assert.Equal(["0.01", "0.1", "1", "10"], Ticks.Logarithmic(0.01, 40).Where(t => t.Label.Length > 0).Select(t => t.Label));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    public void Ends_that_make_no_axis_are_refused(double low, double high) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Ticks.Linear(low, high));

    [Fact]
    public void Logarithmic_axis_refuses_zero() => Assert.Throws<ArgumentOutOfRangeException>(() => Ticks.Logarithmic(0, 1));

    private static double Read(string label)
    {
        string text = label.Replace('−', '-');
        double exponent = 0;
        int power = text.IndexOf("10^{", StringComparison.Ordinal);
        if (power >= 0)
        {
            exponent = double.Parse(text[(power + 4)..^1], CultureInfo.InvariantCulture);
            text = power == 0 ? "1" : text[..(power - 1)];
        }

        return double.Parse(text, CultureInfo.InvariantCulture) * Math.Pow(10, exponent);
    }

    private sealed class NearlyEqual : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-6;

        public int GetHashCode(double obj) => 0;
    }
}
