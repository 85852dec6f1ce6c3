using Sagitta.Reconstruction.Metrics;

namespace Sagitta.Experiments.Muon;

/// <summary>All claims that a comparison can decide, by sample.</summary>
public static class MuonClaims
{
    /// <summary>The first claim: the narrower core.</summary>
    public const string Core = "narrower core than factorised";

    /// <summary>The same against the factorised network with the classical method's outlier-removing fit.</summary>
    public const string CoreOutliers = "narrower core than factorised with outlier removal";

    /// <summary>The condition under which a gain in core counts.</summary>
    public const string Bias = "bias under a quarter of the core in every bin of pT";

    /// <summary>No loss in the area under the ROC curve.</summary>
    public const string Auc = "AUC no worse than factorised";

    /// <summary>No loss in average precision.</summary>
    public const string AveragePrecision = "average precision no worse than factorised";

    private const string EndToEnd = "end-to-end";
    private const string Signed = "+0.000;-0.000;0.000";
    private const string SignedEfficiency = "+0.0000;-0.0000;0.0000";
    private const string SignedFine = "+0.00000;-0.00000;0.00000";

    /// <summary>The claims of every sample of the flux scan that has both methods, and of the events without a muon.</summary>
    public static IReadOnlyList<MuonClaim> Of(MuonComparison comparison) =>
    [
        .. comparison.Samples.Where(s => s.InScan && s.IsPaired && s.Background >= 5).SelectMany(s => OfSample(comparison, s)),
        .. comparison.Rates.Where(r => r.Background >= 5 && r.Of(EndToEnd).Count > 0 && r.Of("classical").Count > 0).Select(Fakes),
    ];

    /// <summary>Largest mean over seeds of |bias| / core over bins of pT, with the statistical 95 % range of that bin's median.</summary>
    public static PairedDifference LargestBias(MuonSampleResult sample)
    {
        IReadOnlyList<MuonMethodResult> seeds = sample.Of(EndToEnd);
        PairedDifference largest = new(0, 0, 0);
        for (int b = 0; b < seeds[0].Resolution.Binned.Count; b++)
        {
            int attempted = seeds[0].Resolution.Binned[b].Attempted;
            double value = Math.Abs(seeds.Average(s => s.Resolution.Binned[b].Bias)) / seeds.Average(s => s.Resolution.Binned[b].CoreWidth);
            if (attempted > 0 && !(value <= largest.Value))
            {
                // The standard error of a Gaussian's median is 1.25 widths over the root of the events.
                double reach = 1.96 * 1.2533 / Math.Sqrt(attempted);
                largest = new(value, Math.Max(0, value - reach), value + reach);
            }
        }

        return largest;
    }

    // The share of events without a muon in which a track is accepted, the cut of each method keeping the same share of muons.
    private static MuonClaim Fakes(MuonRates rates)
    {
        double classical = rates.Of("classical")[0].FakeShare;
        double[] differences = [.. rates.Of(EndToEnd).Select(r => r.FakeShare - classical)];
        double own = rates.Of(EndToEnd).Average(r => r.FakeShare);
        PairedDifference difference = PairedDifference.OverSeeds(differences, ((own * (1 - own)) + (classical * (1 - classical))) / Math.Max(1, rates.WithoutMuon));
        return new(
            "fake rate at equal efficiency no worse than classical",
            FormattableString.Invariant($"without a muon, {rates.Background:0.##}"),
            difference,
            "+0.00000;-0.00000;0.00000",
            "difference in accepted share up to 0",
            difference.Value <= 0 ? Reports.Documents.VerdictOutcome.Holds : difference.Low > 0 ? Reports.Documents.VerdictOutcome.Fails : Reports.Documents.VerdictOutcome.Undecided);
    }

    private static IEnumerable<MuonClaim> OfSample(MuonComparison comparison, MuonSampleResult sample)
    {
        MuonDifferences differences = comparison.Differences(sample);
        string name = sample.Name;
        if (sample.Background is 5 or 10 or 20)
        {
            yield return MuonClaim.Below(Core, name, differences.CoreWidth(EndToEnd, "factorised"), 0, Signed, "95 % interval below 0");
            if (sample.Of("factorised" + MuonEvaluation.OutlierSuffix).Count > 0)
            {
                yield return MuonClaim.Below(CoreOutliers, name, differences.CoreWidth(EndToEnd, "factorised" + MuonEvaluation.OutlierSuffix), 0, Signed, "95 % interval below 0");
            }

            PairedDifference bias = LargestBias(sample);
            yield return MuonClaim.Value(Bias, name, bias, bias.Value < MuonVerdict.BiasShare, "0.00", "below 0.25");
            yield return MuonClaim.Above(Auc, name, differences.Auc(EndToEnd, "factorised"), -0.001, SignedFine, "95 % interval above -0.001");
            yield return MuonClaim.Above(AveragePrecision, name, differences.AveragePrecision(EndToEnd, "factorised"), -0.001, SignedFine, "95 % interval above -0.001");
        }

        if (sample.Of("truth").Count > 0)
        {
            PairedDifference ratio = differences.CoreWidthRatio(EndToEnd, "truth");
            if (sample.Background is 5)
            {
                yield return MuonClaim.Value("core within 10 % of truth", name, ratio, ratio.Value <= 1.10, "0.000", "ratio up to 1.10");
            }
            else if (sample.Background is 20)
            {
                yield return MuonClaim.Value("core within 25 % of truth", name, ratio, ratio.Value <= 1.25, "0.000", "ratio up to 1.25");
            }

            PairedDifference tail = differences.Tail5(EndToEnd, "truth");
            yield return MuonClaim.Value("tail beyond 5 limits less than 2 % above truth", name, tail, tail.Value < 0.02, "+0.0000;-0.0000;0.0000", "below 0.02");
        }

        if (sample.Of("classical").Count > 0)
        {
            yield return MuonClaim.Above("more efficient than classical", name, differences.Efficiency(EndToEnd, "classical"), 0, SignedEfficiency, "95 % interval above 0");
            if (sample.Of(EndToEnd + MuonEvaluation.OutlierSuffix).Count > 0)
            {
                yield return MuonClaim.Above(
                    "more efficient than classical, with outlier removal", name, differences.Efficiency(EndToEnd + MuonEvaluation.OutlierSuffix, "classical"), 0, SignedEfficiency, "95 % interval above 0");
            }

            yield return MuonClaim.Below("narrower core than classical", name, differences.CoreWidth(EndToEnd, "classical"), 0, Signed, "95 % interval below 0");
        }
    }
}
