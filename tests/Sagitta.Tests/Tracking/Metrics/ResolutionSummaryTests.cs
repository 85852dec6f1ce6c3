namespace Sagitta.Tests.Tracking.Metrics;

public sealed class ResolutionSummaryTests
{
    [Fact]
    public void Stated_errors_promise_the_core_of_the_mixture_of_their_Gaussians()
    {
        // Errors of 0.5 and 1.5 limits for muons of 10 GeV, as many of each; the limit is 2 % of q/pT.
        TrackOutcome[] Stated(params double[] limits) =>
            [.. limits.Select(error => new TrackOutcome(SolveStatus.Converged, 0.1, 0.1 * 0.02 * error, 0.1))];
        double Width(TrackOutcome[] outcomes) => ResolutionSummary.Of(outcomes, _ => 0.02, []).StatedWidth;

        // 68 % of a Gaussian lie within 0.99446 of its widths.
        Assert.Equal(0.7 * 0.994458, Width(Stated(0.7, 0.7)), 1e-5);

        // erf(w/(0.5 sqrt 2)) + erf(w/(1.5 sqrt 2)) = 1.36 at w = 0.83116.
        double mixed = Width(Stated(0.5, 1.5));
        Assert.Equal(1.36, MathNet.Numerics.SpecialFunctions.Erf(mixed / (0.5 * Math.Sqrt(2)))
            + MathNet.Numerics.SpecialFunctions.Erf(mixed / (1.5 * Math.Sqrt(2))), 1e-4);
        Assert.InRange(mixed, 0.75, 0.95);

        // A third is narrow, so that 0.52 of 0.6667 of the wide ones are left: erf(w / (3 sqrt 2)) = 0.52 at w = 2.1189.
        Assert.Equal(3 * MathNet.Numerics.SpecialFunctions.ErfInv(0.52) * Math.Sqrt(2), Width(Stated(0.01, 3, 3)), 1e-5);
        Assert.Equal(double.NaN, Width([new(SolveStatus.Converged, 0.1, double.NaN, 0.1)]));
    }
}
