using MathNet.Numerics.Distributions;

namespace Sagitta.Tests.Tracking.Metrics;

public sealed class ResidualSampleTests
{
    [Fact]
    public void Core_of_a_normal_sample_is_its_width()
    {
        RandomDraws draws = RandomKey.FromSeed(4).Draws();
        double[] values = new double[200_000];
        foreach (ref double value in values.AsSpan())
        {
            value = 0.3 + (2 * draws.NextGaussian());
        }

        ResidualSample sample = new(values);
        Assert.Equal(2 * Normal.InvCDF(0, 1, 0.84), sample.CoreWidth, 0.02);
        Assert.Equal(0.3, sample.Median, 0.02);

        // A normal distribution cut at its 2.5 % quantiles keeps 0.871 of its width.
        Assert.Equal(2 * 0.8711, sample.Rms95, 0.02);
        Assert.Equal(2 * (1 - Normal.CDF(0, 1, 3)), new ResidualSample(values.Select(v => (v - 0.3) / 2).ToArray())
            .TailFraction(3), 0.0006);
    }

    [Fact]
    public void Failures_stand_on_both_sides()
    {
        ResidualSample sample = new([-1, 0, 1, double.NaN]);
        Assert.Equal(0, sample.Median);
        Assert.Equal(1, sample.Failed);
        Assert.Equal(0.25, sample.TailFraction(5));
        Assert.Equal(1, new ResidualSample([.. Enumerable.Range(-45, 90)
            .Select(i => i / 30.0), .. Enumerable.Repeat(double.NaN, 10)]).CoreWidth, 0.15);
        Assert.Equal(double.PositiveInfinity, new ResidualSample([0, 1, double.NaN, double.NaN]).CoreWidth);
        Assert.True(double.IsNaN(new ResidualSample([]).Median));
        Assert.Equal(4, sample.Count);

        // In order -infinity, 0, 0, infinity: the quantile at 2/3 is the third and does not touch the fourth.
        Assert.Equal(0, new ResidualSample([0, double.NaN]).Quantile(2.0 / 3));
        Assert.Equal(double.PositiveInfinity, new ResidualSample([0, double.NaN]).Quantile(0.7));
        Assert.Equal(double.NegativeInfinity, new ResidualSample([0, double.NaN]).Quantile(0.3));
        Assert.Equal(2.5, new ResidualSample([1, 3]).Quantile(0.5 + (0.25 / 3)), 1e-12);
        Assert.Equal(0, new ResidualSample([3]).Rms95);
        Assert.Equal(double.PositiveInfinity, new ResidualSample([0, 1, double.NaN]).Rms95);
    }

    [Fact]
    public void Central_part_leaves_out_a_fortieth_at_either_end()
    {
        // Of 40 events the lowest and the highest: 38 whole numbers in a row have a variance of (38^2 - 1) / 12.
        double[] values = [.. Enumerable.Range(1, 38).Select(i => (double)i), 1000, -500];
        Assert.Equal(Math.Sqrt(1443.0 / 12), new ResidualSample(values).Rms95, 1e-12);

        // A failure stands at both ends, as half an event each: of two, one is left at either end.
        values[^1] = double.NaN;
        Assert.True(double.IsFinite(new ResidualSample(values).Rms95));
        values[^2] = double.NaN;
        Assert.True(double.IsFinite(new ResidualSample(values).Rms95));
        values[0] = double.NaN;
        Assert.Equal(double.PositiveInfinity, new ResidualSample(values).Rms95);
        Assert.Equal(double.NaN, new ResidualSample([]).Rms95);
        Assert.Equal(double.NaN, new ResidualSample([]).CoreWidth);
        Assert.Equal(0.625, new ResidualSample([-3, 3, 2, 5, -5, 4, 6, double.NaN]).TailFraction(3));
    }

    [Fact]
    public void Borders_of_efficiency_and_tails_belong_outside()
    {
        // q/pT off by exactly 5 and 3 limits, and by a little less.
        TrackOutcome Off(double limits) => new(SolveStatus.Converged, 0.5 + (limits * 0.0625), 0.0625, 0.5);
        ResolutionSummary summary = ResolutionSummary.Of([Off(5), Off(4.75), Off(3), Off(-5), Off(-2.5)], _ => 0.125, []);
        Assert.Equal((0.6, 0.0, 0.6), (summary.Efficiency, summary.Tail5, summary.Tail3));
        Assert.Equal((5, 0, 0.0), (summary.Attempted, summary.FailedFits, summary.ChargeMisidentification));
        Assert.Equal(0.2, ResolutionSummary.Of([Off(-9), Off(0), Off(0), Off(1), Off(2)], _ => 0.125, []).ChargeMisidentification);
        ResolutionSummary none = ResolutionSummary.Of([new(SolveStatus.Singular, 0, double.NaN, 0.1)], _ => 0.01, [5, 15]);
        Assert.True(double.IsNaN(none.PullWidth) && double.IsNaN(none.StatedWidth) && double.IsNaN(none.ChargeMisidentification)
            && double.IsNaN(none.Coverage68));
        Assert.Equal((1, 1, double.PositiveInfinity), (none.Binned[0].Attempted, none.Binned[0].FailedFits, none.Binned[0].CoreWidth));
    }

    [Fact]
    public void Summary_counts_every_attempt()
    {
        TrackOutcome[] outcomes =
        [
            new(SolveStatus.Converged, 0.101, 0.001, 0.1),
            new(SolveStatus.Converged, -0.0505, 0.0005, -0.05),
            new(SolveStatus.Converged, -0.02, 0.0005, 0.02),
            new(SolveStatus.TooFewPlanes, 0, double.NaN, 0.02),
        ];
        ResolutionSummary summary = ResolutionSummary.Of(outcomes, _ => 0.01, [5, 15, 30, 100]);
        Assert.Equal(4, summary.Attempted);
        Assert.Equal(1, summary.FailedFits);
        Assert.Equal(0.5, summary.Efficiency);
        Assert.Equal(0.5, summary.Tail5);
        Assert.Equal(1.0 / 3, summary.ChargeMisidentification, 1e-12);
        Assert.Equal(1, summary.PullMedian, 1e-9);

        // Pulls of 1, 1 and -80, within 0.994 and 1.96 of zero or not.
        Assert.Equal(0, summary.Coverage68);
        Assert.Equal(2.0 / 3, summary.Coverage95, 1e-12);
        Assert.Equal(0.5, summary.Tail3);
        Assert.Equal(1, summary.Bias, 1e-12);
        Assert.Equal([1, 1, 2], summary.Binned.Select(bin => bin.Attempted).ToArray());
        Assert.Equal(0.01, summary.Binned[1].Bias, 1e-12);
        Assert.Equal(1, summary.Binned[2].FailedFits);
    }

    [Fact]
    public void Bins_have_the_statistics_of_their_own_events()
    {
        // pT 10 and 20 in the first bin, 40 at the border of both in the second; q/pT is 2 % off, or 6 %.
        TrackOutcome[] outcomes =
        [
            new(SolveStatus.Converged, 0.102, 0.004, 0.1),
            new(SolveStatus.Converged, -0.053, 0.001, -0.05),
            new(SolveStatus.Converged, 0.024, double.NaN, 0.025),
        ];
        IReadOnlyList<ResolutionBin> bins = ResolutionSummary.Of(outcomes, pt => 0.001 * pt, [10, 40, 41]).Binned;
        Assert.Equal([(10.0, 40.0, 2), (40.0, 41.0, 1)], bins.Select(bin => (bin.PtLow, bin.PtHigh, bin.Attempted)));
        Assert.Equal(0.04, bins[0].Bias, 1e-12);
        Assert.Equal(0.02, bins[0].CoreWidth, 1e-12);
        Assert.Equal(0.015, bins[0].Limit, 1e-12);
        Assert.Equal(0.04, bins[1].Limit, 1e-12);

        // Pulls of 0.5 and 3.
        Assert.Equal(1.25, bins[0].PullWidth, 1e-9);
        Assert.Equal((0.5, 0.5), (bins[0].Coverage68, bins[0].Coverage95));
        Assert.True(double.IsNaN(bins[1].PullWidth) && double.IsNaN(bins[1].Coverage68) && double.IsNaN(bins[1].Coverage95));
        Assert.Equal(-0.04, bins[1].Bias, 1e-12);
        Assert.Empty(ResolutionSummary.Of(outcomes, pt => 0.001 * pt, [10]).Binned);
    }
}
