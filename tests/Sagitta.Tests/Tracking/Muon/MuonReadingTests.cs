namespace Sagitta.Tests.Tracking.Muon;

public sealed class MuonReadingTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 4)]
    [InlineData(2, -1.5)]
    public void Soft_reading_gives_half_its_weight_at_its_logit_and_a_slope_of_a_quarter_of_its_sharpness(
        double sharpness, double halfWeightLogit)
    {
        MuonReading.Soft reading = new(sharpness, halfWeightLogit);
        Assert.Equal(0.5, reading.Weight(halfWeightLogit), 1e-15);
        const double Step = 1e-4;
        Assert.Equal(sharpness / 4, (reading.Weight(halfWeightLogit + Step) - reading.Weight(halfWeightLogit - Step)) / (2 * Step), 1e-6);
    }

    [Fact]
    public void Reading_of_a_network_is_that_of_its_loss() =>
        Assert.Equal(new MuonReading.Soft(4, 3), new MuonLossOptions { Sharpness = 4, HalfWeightLogit = 3 }.Reading);

    [Fact]
    public void Candidates_hold_the_reading_of_training_and_calibrations_about_both_centres()
    {
        IReadOnlyList<MuonReading> candidates = MuonReading.Candidates(new(4, 3));
        Assert.Contains(new MuonReading.Soft(4, 3), candidates);
        foreach (double centre in new[] { 0.0, 3 })
        {
            Assert.Contains(candidates, c => c is MuonReading.Calibrated { Slope: 4 } && Math.Abs(c.Weight(centre) - 0.5) < 1e-12);
        }

        Assert.Equal(candidates.Count, candidates.Distinct().Count());
    }
}
