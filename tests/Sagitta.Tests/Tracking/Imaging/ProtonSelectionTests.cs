namespace Sagitta.Tests.Tracking.Imaging;

public sealed class ProtonSelectionTests
{
    private static readonly double[] _depths = [0, 1, 2, 7, 12, 17];

    [Fact]
    public void A_straight_track_with_deposits_of_one_proton_is_taken() =>
        Assert.True(Takes(new(60, 2, 12, SolveStatus.Converged), slope: 0.09));

    [Theory]
    [InlineData(12.1, 0, 0, SolveStatus.Converged)]
    [InlineData(6, 0.11, 0, SolveStatus.Converged)]
    [InlineData(6, 0, 0.4, SolveStatus.Converged)]
    [InlineData(6, 0, 0, SolveStatus.NotConverged)]
    public void Foreign_deposits_a_steep_line_a_kink_and_a_failed_fit_are_not(double chi2, double slope, double kink, SolveStatus status) =>
        Assert.False(Takes(new(60, 2, chi2, status), slope, kink));

    [Fact]
    public void The_bend_that_is_allowed_grows_as_the_range_left_falls()
    {
        Assert.True(Takes(new(30, 2, 6, SolveStatus.Converged), kink: 0.3));
        Assert.False(Takes(new(60, 2, 6, SolveStatus.Converged), kink: 0.3));
    }

    // Six layers, 5 mm apart; the line bends behind the fourth.
    private static bool Takes(RangeEstimate estimate, double slope = 0, double kink = 0)
    {
        CalorimeterFrame frame = new(0, Enumerable.Range(0, 6).Select(layer =>
            new CalorimeterHit(layer, layer, (slope * 5 * layer) + (kink * 5 * Math.Max(0, layer - 3)), 0, 5 * layer, 0.05)));
        return new ProtonSelection().Takes(frame, [5, 4, 3, 2, 1, 0], estimate, _depths);
    }
}
