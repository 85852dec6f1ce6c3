namespace Sagitta.Tests.Tracking.Metrics;

public sealed class TriggerTurnOnTests
{
    // True pT 8, 12, 12, 25 and 4; the 12 of the third failed, the 4 was measured as 11.
    private static readonly TrackOutcome[] Outcomes =
    [
        new(SolveStatus.Converged, 1 / 9.0, 0.01, 1 / 8.0),
        new(SolveStatus.Converged, -1 / 12.5, 0.01, -1 / 12.0),
        new(SolveStatus.NotConverged, -1 / 12.5, 0.01, -1 / 12.0),
        new(SolveStatus.Converged, 1 / 24.0, 0.01, 1 / 25.0),
        new(SolveStatus.Converged, 1 / 11.0, 0.01, 1 / 4.0),
    ];

    [Fact]
    public void A_trigger_accepts_converged_tracks_at_or_above_its_threshold()
    {
        IReadOnlyList<TurnOnBin> bins = TriggerTurnOn.Of(Outcomes, 10, [3, 5, 10, 20, 30]);
        Assert.Equal([(1, 1), (1, 0), (2, 1), (1, 1)], bins.Select(b => (b.Attempted, b.Accepted)));
        Assert.Equal(0.5, bins[2].Efficiency);
        Assert.Equal([6, 10, 14, 16, 18, 19, 20, 21, 22, 24, 28, 40, 60], TriggerTurnOn.Borders(20)
            .Select(border => Math.Round(border, 9)));
    }

    [Fact]
    public void Shares_of_a_falling_spectrum_are_weighted_and_feed_down_is_named()
    {
        FallingSpectrum spectrum = new(3, 1);
        double W(double pt) => 1 / (pt * pt);
        double all = W(8) + (2 * W(12)) + W(25) + W(4);
        SpectrumShares shares = spectrum.Accepted(Outcomes, 10);
        Assert.Equal((W(12) + W(25) + W(4)) / all, shares.Accepted, 1e-12);
        Assert.Equal(W(4) / all, shares.FromBelowThreshold, 1e-12);
        Assert.Equal(W(4) / all, shares.FromBelowFive, 1e-12);
        Assert.Equal(((2 * W(12)) + W(25)) / all, shares.Ideal, 1e-12);
        Assert.Equal(1.0 / 8, new FallingSpectrum().Weight(2), 1e-15);
        Assert.True(double.IsNaN(spectrum.Accepted([], 10).Accepted) && double.IsNaN(new TurnOnBin(1, 2, 0, 0).Efficiency));
    }

    [Fact]
    public void Muons_at_the_threshold_are_accepted_and_do_not_come_from_below()
    {
        // pT 8 as it is and as it is fitted; 5 is the border of what feeds down.
        TrackOutcome[] outcomes = [new(SolveStatus.Converged, 1 / 8.0, 0.01, 1 / 8.0), new(SolveStatus.Converged, -1 / 16.0, 0.01, -0.2)];
        Assert.True(TriggerTurnOn.Accepts(outcomes[0], 8));
        SpectrumShares shares = new FallingSpectrum(1, 1).Accepted(outcomes, 8);
        Assert.Equal(new SpectrumShares(8, 1, 0.5, 0, 0.5), shares);

        // A border belongs to the bin above it.
        Assert.Equal([(1, 1), (1, 1)], TriggerTurnOn.Of(outcomes, 8, [4, 8, 20]).Select(bin => (bin.Attempted, bin.Accepted)));
    }

    [Fact]
    public void The_acceptance_keeps_the_share_of_muons_that_is_asked_for()
    {
        double[] errors = [.. Enumerable.Range(1, 99).Select(i => (double)i), double.PositiveInfinity];
        TrackAcceptance acceptance = TrackAcceptance.At(0.95, 5, errors);
        Assert.Equal(95, acceptance.Cut);
        Assert.Equal(0.95, acceptance.Efficiency, 1e-12);

        Assert.Equal((1.0, 0.01), (TrackAcceptance.At(0.005, 5, errors).Cut, TrackAcceptance.At(0.005, 5, errors).Efficiency));
        Assert.Equal((7.0, 1.0), (TrackAcceptance.At(0.5, 5, [7]).Cut, TrackAcceptance.At(0, 5, [7]).Efficiency));

        Assert.Equal((double.NaN, double.NaN), (TrackAcceptance.At(0.5, 5, []).Cut, TrackAcceptance.At(0.5, 5, []).Efficiency));
        Assert.Equal((5.0, 2.0, 2.0 / 3), (TrackAcceptance.At(0.5, 5, [3, 1, 2]).LowestPt, TrackAcceptance.At(0.5, 5, [3, 1, 2]).Cut,
            TrackAcceptance.At(0.5, 5, [3, 1, 2]).Efficiency));

        // More than exist cannot be kept: every track counts then, and failures still do not.
        Assert.Equal(0.99, TrackAcceptance.At(0.999, 5, errors).Efficiency, 1e-12);
    }

    [Fact]
    public void Scaled_errors_grow_with_chi_square_and_are_infinite_for_failures()
    {
        static double Limit(double q) => 0.01;
        Assert.Equal(2, TrackAcceptance.ScaledError(SolveStatus.Converged, 0.1, 0.02, 5, 10, Limit), 1e-12);
        Assert.Equal(4, TrackAcceptance.ScaledError(SolveStatus.Converged, 0.1, 0.02, 40, 10, Limit), 1e-12);
        Assert.Equal(2, TrackAcceptance.ScaledError(SolveStatus.Converged, 0.1, 0.02, double.NaN, 0, Limit), 1e-12);
        Assert.Equal(2, TrackAcceptance.ScaledError(SolveStatus.Converged, 0.1, 0.02, 10, 10, Limit), 1e-12);
        Assert.Equal(6, TrackAcceptance.ScaledError(SolveStatus.Converged, 0.1, 0.02, 9, 0, Limit), 1e-12);
        Assert.Equal(6, TrackAcceptance.ScaledError(SolveStatus.Converged, 0.1, 0.02, 9, 1, Limit), 1e-12);
        Assert.Equal(0.1, TrackAcceptance.ScaledError(SolveStatus.Converged, 0.2, 0.02, 1, 1, qOverPt => qOverPt), 1e-12);
        Assert.Equal(double.PositiveInfinity, TrackAcceptance.ScaledError(SolveStatus.Singular, 0.1, 0.02, 5, 10, Limit));
        Assert.Equal(double.PositiveInfinity, TrackAcceptance.ScaledError(SolveStatus.Converged, 0.1, double.NaN, 5, 10, Limit));
    }
}
