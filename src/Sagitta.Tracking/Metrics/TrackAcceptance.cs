namespace Sagitta.Tracking.Metrics;

/// <summary>When a track counts as a muon's where there need not be one: its fitted pT is at least that of the lowest muons, and its error
/// of q/pT, scaled by sqrt(max(1, chi2/ndf)) as the Particle Data Group scales errors of measurements that disagree, is at most a cut in
/// units of the limit at its pT. The cut of every method is the one at which it keeps the same share of muons: rates of accepted tracks are
/// then comparable.</summary>
/// <param name="LowestPt">Lowest fitted pT, GeV.</param>
/// <param name="Cut">Largest scaled error, in limits.</param>
/// <param name="Efficiency">Share of muons that are kept.</param>
internal sealed record TrackAcceptance(double LowestPt, double Cut, double Efficiency)
{
    /// <summary>The scaled error of a track in limits; infinite for one that did not converge or whose pT has no limit.</summary>
    public static double ScaledError(SolveStatus status, double qOverPt, double error, double chiSquare, int degreesOfFreedom,
        Func<double, double> limitSigma)
    {
        double value = error * Math.Sqrt(chiSquare > degreesOfFreedom ? chiSquare / Math.Max(degreesOfFreedom, 1) : 1) / limitSigma(
            qOverPt);
        return status == SolveStatus.Converged && double.IsFinite(value) ? value : double.PositiveInfinity;
    }

    /// <summary>The acceptance that keeps <paramref name="efficiency"/> of muons, given the scaled errors of their tracks (infinite for
    /// those that fail or lie below the lowest pT); all tracks, where fewer have any.</summary>
    public static TrackAcceptance At(double efficiency, double lowestPt, ReadOnlySpan<double> scaledErrors)
    {
        double[] sorted = scaledErrors.ToArray();
        Array.Sort(sorted);
        int wanted = (int)Math.Ceiling(efficiency * sorted.Length);
        double cut = sorted.Length == 0 ? double.NaN : sorted[Math.Clamp(wanted - 1, 0, sorted.Length - 1)];
        cut = double.IsPositiveInfinity(cut) ? double.MaxValue : cut;
        int kept = 0;
        foreach (double error in sorted)
        {
            kept += error <= cut ? 1 : 0;
        }

        return new(lowestPt, cut, (double)kept / sorted.Length);
    }
}
