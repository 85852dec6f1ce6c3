namespace Sagitta.Experiments.Muon.Comparison;

/// <summary>All claims that a comparison can decide, by sample.</summary>
internal static class MuonClaims
{
    /// <summary>The first claim: the narrower core.</summary>
    public const string Core = "narrower core than factorised";

    /// <summary>The same against the factorised network with the classical method's outlier-removing fit.</summary>
    public const string CoreOutliers = "narrower core than factorised with outlier removal";

    /// <summary>The first claim where both methods' hits are searched for one track.</summary>
    public const string CoreSearch = "narrower core than factorised, both with track search";

    /// <summary>The condition under which a gain in core counts.</summary>
    public const string Bias = "bias under a quarter of the core in every bin of pT";

    /// <summary>No loss in the area under the ROC curve.</summary>
    public const string Auc = "AUC no worse than factorised";

    /// <summary>No loss in average precision.</summary>
    public const string AveragePrecision = "average precision no worse than factorised";

    /// <summary>More muons found than by the classical method.</summary>
    public const string Efficient = "more efficient than classical";

    // As for AUC and average precision: a thousandth more is no worse, unless it is known to be more.
    private const double FakeMargin = 0.001;

    private const string EndToEnd = "end-to-end";
    private const string Factorised = "factorised";
    private const string Signed = "+0.000;-0.000;0.000";
    private const string SignedEfficiency = "+0.0000;-0.0000;0.0000";
    private const string SignedFine = "+0.00000;-0.00000;0.00000";
    private const string Search = EndToEnd + MuonEvaluation.SearchSuffix;
    private const string WithOutliers = ", with outlier removal";
    private const string WithSearch = ", with track search";

    /// <summary>The claims of every sample of the flux scan that has both methods, and of the events without a muon.</summary>
    public static IReadOnlyList<MuonClaim> Of(MuonComparison comparison) =>
    [
        .. comparison.Samples.Where(s => s.InScan && s.IsPaired && s.Background >= 5).SelectMany(s => OfSample(comparison, s)),
        .. comparison.Rates.Where(r => r.Background >= 5).SelectMany(r => new[] { Fakes(r, EndToEnd, ""), Fakes(r, Search, WithSearch) })
            .OfType<MuonClaim>(),
    ];

    /// <summary>Largest mean over seeds of |bias| / core over bins of pT, with the statistical 95 % range of that bin's median.</summary>
    public static PairedDifference LargestBias(MuonSampleResult sample, string method = EndToEnd)
    {
        IReadOnlyList<MuonMethodResult> seeds = sample.Of(method);
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
    internal static MuonClaim? Fakes(MuonRates rates, string method, string words)
    {
        IReadOnlyList<MuonMethodRates> seeds = rates.Of(method);
        if (seeds.Count == 0 || rates.Of("classical").Count == 0)
        {
            return null;
        }

        double classical = rates.Of("classical")[0].FakeShare;
        double own = seeds.Average(r => r.FakeShare);
        PairedDifference difference = PairedDifference.OverSeeds(
            [.. seeds.Select(r => r.FakeShare - classical)], ((own * (1 - own)) + (classical * (1 - classical))) / Math.Max(
            1, rates.WithoutMuon));
        return new(
            "fake rate at equal efficiency no worse than classical" + words,
            string.Create(CultureInfo.InvariantCulture, $"without a muon, {rates.Background:0.##}"),
            difference,
            SignedFine,
            "95 % interval of the difference in accepted share below +0.001, and not above 0",
            difference.Low > 0 ? VerdictOutcome.Fails : difference.High < FakeMargin ? VerdictOutcome.Holds : VerdictOutcome.Undecided);
    }

    private static IEnumerable<MuonClaim> OfSample(MuonComparison comparison, MuonSampleResult sample) =>
        [.. AgainstFactorised(comparison.Differences(sample), sample), .. AgainstTruth(comparison.Differences(sample), sample),
            .. AgainstClassical(comparison, sample)];

    private static IEnumerable<MuonClaim> AgainstFactorised(MuonDifferences differences, MuonSampleResult sample)
    {
        if (sample.Background is not (5 or 10 or 20))
        {
            yield break;
        }

        MuonClaim Narrower(string name, string first, string second) =>
            MuonClaim.Below(name, sample.Name, differences.CoreWidth(first, second), 0, Signed, "95 % interval below 0");
        MuonClaim Unbiased(string name, string method)
        {
            PairedDifference bias = LargestBias(sample, method);
            return MuonClaim.Value(name, sample.Name, bias, bias.Value < MuonVerdict.BiasShare, "0.00", "below 0.25");
        }

        yield return Narrower(Core, EndToEnd, Factorised);
        if (sample.Of(Factorised + MuonEvaluation.OutlierSuffix).Count > 0)
        {
            yield return Narrower(CoreOutliers, EndToEnd, Factorised + MuonEvaluation.OutlierSuffix);
        }

        yield return Unbiased(Bias, EndToEnd);
        if (sample.Of(Search).Count > 0)
        {
            yield return Narrower(CoreSearch, Search, Factorised + MuonEvaluation.SearchSuffix);
            yield return Unbiased(Bias + WithSearch, Search);
        }

        yield return MuonClaim.Above(Auc, sample.Name, differences.Auc(EndToEnd, Factorised), -0.001, SignedFine,
            "95 % interval above -0.001");
        yield return MuonClaim.Above(AveragePrecision, sample.Name, differences.AveragePrecision(EndToEnd, Factorised), -0.001, SignedFine,
            "95 % interval above -0.001");
    }

    private static IEnumerable<MuonClaim> AgainstTruth(MuonDifferences differences, MuonSampleResult sample)
    {
        if (sample.Of("truth").Count == 0)
        {
            yield break;
        }

        PairedDifference ratio = differences.CoreWidthRatio(EndToEnd, "truth");
        if (sample.Background is 5)
        {
            yield return MuonClaim.Value("core within 10 % of truth", sample.Name, ratio, ratio.Value <= 1.10, "0.000", "ratio up to 1.10");
        }
        else if (sample.Background is 20)
        {
            yield return MuonClaim.Value("core within 25 % of truth", sample.Name, ratio, ratio.Value <= 1.25, "0.000", "ratio up to 1.25");
        }

        PairedDifference tail = differences.Tail5(EndToEnd, "truth");
        yield return MuonClaim.Value("tail beyond 5 limits less than 2 % above truth", sample.Name, tail, tail.Value < 0.02,
            SignedEfficiency, "below 0.02");
    }

    private static IEnumerable<MuonClaim> AgainstClassical(MuonComparison comparison, MuonSampleResult sample)
    {
        if (sample.Of("classical").Count == 0)
        {
            yield break;
        }

        MuonDifferences differences = comparison.Differences(sample);
        foreach ((string suffix, string words) in new[
            ] { ("", ""), (MuonEvaluation.OutlierSuffix, WithOutliers), (MuonEvaluation.SearchSuffix, WithSearch) })
        {
            if (sample.Of(EndToEnd + suffix).Count == 0)
            {
                continue;
            }

            // Where muons were counted in many events, these decide; what truth gains on classical is all that there is to gain.
            MuonEfficiency? many = comparison.Efficiencies.FirstOrDefault(e => e.Name == sample.Name && e.Of(EndToEnd + suffix).Count > 0);
            (PairedDifference gain, double room) = many is null
                ? (differences.Efficiency(EndToEnd + suffix, "classical"), sample.Of("truth").Count == 0 ? double.NaN
                    : differences.Efficiency("truth", "classical").Value)
                : (many.Difference(EndToEnd + suffix, "classical"), many.Difference("truth", "classical").Value);
            string format = many is null ? SignedEfficiency : SignedFine;
            string bound = string.Create(
                CultureInfo.InvariantCulture,
                $"95 % interval above 0 (labels as weights: "
                + $"{room.ToString(format, CultureInfo.InvariantCulture)}"
                + $"{(many is null ? "" : string.Create(CultureInfo.InvariantCulture, $"; {many.Attempted} events"))})");
            yield return MuonClaim.Above(Efficient + words, sample.Name, gain, 0, format, bound);
            if (suffix != MuonEvaluation.OutlierSuffix)
            {
                yield return MuonClaim.Below("narrower core than classical" + words, sample.Name,
                    differences.CoreWidth(EndToEnd + suffix, "classical"), 0, Signed, "95 % interval below 0");
            }
        }
    }
}
