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
    public const string AveragePrecision = "average precision no worse than factorised";
    /// <summary>More muons found than by the classical method.</summary>
    public const string Efficient = "more efficient than classical";

    // A method that finds fewer muons than this is no method to compare with.
    private const double LeastEfficiency = 0.5;

    // As for AUC and average precision: a thousandth more is no worse, unless it is known to be more.
    private const double FakeMargin = 0.001;
    private const string WithSearch = ", with track search";
    private static readonly MuonMethod _outliers = MuonMethod.EndToEnd with { Cleaning = HitCleaning.OutlierRemoval };
    private static readonly MuonMethod _search = MuonMethod.EndToEnd with { Cleaning = HitCleaning.TrackSearch };

    /// <summary>The claims of every sample of the flux scan that has both methods, and of the events without a muon.</summary>
    public static IReadOnlyList<MuonClaim> Of(MuonComparison comparison) =>
    [
        .. comparison.Samples.Where(s => s.InScan && s.IsPaired && s.Background >= 5).SelectMany(s => OfSample(comparison, s)),
        .. comparison.Rates.Where(r => r.Background >= 5)
            .SelectMany(r => new[] { Fakes(r, MuonMethod.EndToEnd, ""), Fakes(r, _search, WithSearch) }).OfType<MuonClaim>(),
    ];

    /// <summary>Largest mean over seeds of |bias| / core over bins of pT, with the statistical 95 % range of that bin's median.</summary>
    public static PairedDifference LargestBias(MuonSampleResult sample, MuonMethod method)
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

    /// <summary>Why a method is no method to compare with on a sample; empty where it is one.</summary>
    public static string Failure(MuonSampleResult sample, MuonMethod method)
    {
        IReadOnlyList<MuonMethodResult> seeds = sample.Of(method);
        double efficiency = seeds.Average(s => s.Resolution.Efficiency);
        double failed = seeds.Average(s => (double)s.Resolution.FailedFits / s.Resolution.Attempted);
        return efficiency >= LeastEfficiency && double.IsFinite(seeds.Average(s => s.Resolution.CoreWidth)) ? ""
            : string.Create(CultureInfo.InvariantCulture,
                $"the {method} method fails on this detector: it finds {100 * efficiency:0} % of the muons, and {100 * failed:0} % of "
                + $"its fits have no answer");
    }

    // The share of events without a muon in which a track is accepted, the cut of each method keeping the same share of muons.
    internal static MuonClaim? Fakes(MuonRates rates, MuonMethod method, string words)
    {
        IReadOnlyList<MuonMethodRates> seeds = rates.Of(method);
        if (seeds.Count == 0 || rates.Of(MuonMethod.Classical) is not [{ } reference, ..])
        {
            return null;
        }

        double classical = reference.FakeShare;
        double own = seeds.Average(r => r.FakeShare);
        PairedDifference difference = PairedDifference.OverSeeds(
            [.. seeds.Select(r => r.FakeShare - classical)],
            ((own * (1 - own)) + (classical * (1 - classical))) / Math.Max(1, rates.WithoutMuon));
        MuonClaim claim = new(
            "fake rate at equal efficiency no worse than classical" + words,
            string.Create(CultureInfo.InvariantCulture, $"without a muon, {rates.Background:0.##}"),
            difference,
            MuonClaim.SignedFine,
            "95 % interval of the difference in accepted share below +0.001, and not above 0",
            difference.Low > 0 ? VerdictOutcome.Fails : difference.High < FakeMargin ? VerdictOutcome.Holds : VerdictOutcome.Undecided);
        return claim.Unless(reference.Acceptance.Efficiency >= LeastEfficiency ? "" : string.Create(CultureInfo.InvariantCulture,
            $"the classical method fails on this detector: only {100 * reference.Acceptance.Efficiency:0} % of the muons have a track "
            + $"that it can accept"));
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

        MuonClaim Narrower(string name, MuonMethod first, MuonMethod second) => MuonClaim.Below(
            name, sample.Name, differences.CoreWidth(first, second), 0, MuonClaim.Signed, "95 % interval below 0")
            .Unless(Failure(sample, second));
        MuonClaim Unbiased(string name, MuonMethod method)
        {
            PairedDifference bias = LargestBias(sample, method);
            return MuonClaim.Value(name, sample.Name, bias, bias.Value < MuonVerdict.BiasShare, "0.00", "below 0.25");
        }

        yield return Narrower(Core, MuonMethod.EndToEnd, MuonMethod.Factorised);
        MuonMethod cleaned = MuonMethod.Factorised with { Cleaning = HitCleaning.OutlierRemoval };
        if (sample.Of(cleaned).Count > 0)
        {
            yield return Narrower(CoreOutliers, MuonMethod.EndToEnd, cleaned);
        }

        yield return Unbiased(Bias, MuonMethod.EndToEnd);
        if (sample.Of(_search).Count > 0)
        {
            yield return Narrower(CoreSearch, _search, MuonMethod.Factorised with { Cleaning = HitCleaning.TrackSearch });
            yield return Unbiased(Bias + WithSearch, _search);
        }

        yield return MuonClaim.Above(Auc, sample.Name, differences.Auc(MuonMethod.EndToEnd, MuonMethod.Factorised), -0.001,
            MuonClaim.SignedFine, "95 % interval above -0.001");
        yield return MuonClaim.Above(AveragePrecision, sample.Name,
            differences.AveragePrecision(MuonMethod.EndToEnd, MuonMethod.Factorised),
            -0.001, MuonClaim.SignedFine, "95 % interval above -0.001");
    }

    private static IEnumerable<MuonClaim> AgainstTruth(MuonDifferences differences, MuonSampleResult sample)
    {
        if (sample.Of(MuonMethod.Truth).Count == 0)
        {
            yield break;
        }

        string failure = Failure(sample, MuonMethod.Truth);
        PairedDifference ratio = differences.CoreWidthRatio(MuonMethod.EndToEnd, MuonMethod.Truth);
        double? most = sample.Background switch { 5 => 1.10, 20 => 1.25, _ => null };
        if (most is { } bound)
        {
            yield return MuonClaim.Value(
                string.Create(CultureInfo.InvariantCulture, $"core within {100 * (bound - 1):0} % of truth"), sample.Name, ratio,
                ratio.Value <= bound, "0.000", string.Create(CultureInfo.InvariantCulture, $"ratio up to {bound:0.00}")).Unless(failure);
        }

        PairedDifference tail = differences.Tail5(MuonMethod.EndToEnd, MuonMethod.Truth);
        yield return MuonClaim.Value("tail beyond 5 limits less than 2 % above truth", sample.Name, tail, tail.Value < 0.02,
            MuonClaim.SignedFour, "below 0.02").Unless(failure);
    }

    private static IEnumerable<MuonClaim> AgainstClassical(MuonComparison comparison, MuonSampleResult sample)
    {
        if (sample.Of(MuonMethod.Classical).Count == 0)
        {
            yield break;
        }

        string failure = Failure(sample, MuonMethod.Classical);
        MuonDifferences differences = comparison.Differences(sample);
        foreach ((MuonMethod method, string words) in new[]
            { (MuonMethod.EndToEnd, ""), (_outliers, ", with outlier removal"), (_search, WithSearch) })
        {
            if (sample.Of(method).Count == 0)
            {
                continue;
            }

            // Where muons were counted in many events, these decide; what truth gains on classical is all that there is to gain.
            MuonEfficiency? many = comparison.Efficiencies.FirstOrDefault(e => e.Name == sample.Name && e.Of(method).Count > 0);
            (PairedDifference gain, double room) = many is null
                ? (differences.Efficiency(method, MuonMethod.Classical), sample.Of(MuonMethod.Truth).Count == 0 ? double.NaN
                    : differences.Efficiency(MuonMethod.Truth, MuonMethod.Classical).Value)
                : (many.Difference(method, MuonMethod.Classical), many.Difference(MuonMethod.Truth, MuonMethod.Classical).Value);
            string format = many is null ? MuonClaim.SignedFour : MuonClaim.SignedFine;
            string events = many is null ? "" : string.Create(CultureInfo.InvariantCulture, $"; {many.Attempted} events");
            yield return MuonClaim.Above(Efficient + words, sample.Name, gain, 0, format,
                $"95 % interval above 0 (labels as weights: {room.ToString(format, CultureInfo.InvariantCulture)}{events})")
                    .Unless(failure);
            if (method.Cleaning != HitCleaning.OutlierRemoval)
            {
                yield return MuonClaim.Below("narrower core than classical" + words, sample.Name,
                    differences.CoreWidth(method, MuonMethod.Classical), 0, MuonClaim.Signed, "95 % interval below 0").Unless(failure);
            }
        }
    }
}

/// <summary>One claim about one sample, the same for all samples: what was measured, with its 95 % interval where it has one, and what it
/// had to be, in words.</summary>
internal sealed record MuonClaim(string Name, string Sample, PairedDifference Measured, string Format, string Bound, VerdictOutcome Outcome)
{
    /// <summary>Formats of differences in width, in efficiency, and of small ones.</summary>
    public const string Signed = "+0.000;-0.000;0.000";
    public const string SignedFour = "+0.0000;-0.0000;0.0000";
    public const string SignedFine = "+0.00000;-0.00000;0.00000";
    /// <summary>Why the numbers decide nothing, such as a method that fails; empty where they decide.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The same claim, not decided if there is a reason not to decide it.</summary>
    public MuonClaim Unless(string reason) => reason.Length == 0 ? this
        : this with { Outcome = VerdictOutcome.Undecided, Reason = reason, Bound = $"not decided: {reason}" };

    /// <summary>A claim that an interval lies below a bound.</summary>
    public static MuonClaim Below(string name, string sample, PairedDifference measured, double bound, string format, string words) =>
        new(name, sample, measured, format, words, measured.High < bound ? VerdictOutcome.Holds : measured.Low >= bound
            ? VerdictOutcome.Fails : VerdictOutcome.Undecided);

    /// <summary>A claim that an interval lies above a bound.</summary>
    public static MuonClaim Above(string name, string sample, PairedDifference measured, double bound, string format, string words) =>
        new(name, sample, measured, format, words, measured.Low > bound ? VerdictOutcome.Holds : measured.High <= bound
            ? VerdictOutcome.Fails : VerdictOutcome.Undecided);

    /// <summary>A claim about the value itself, its interval shown beside it.</summary>
    public static MuonClaim Value(string name, string sample, PairedDifference measured, bool holds, string format, string words) =>
        new(name, sample, measured, format, words, holds ? VerdictOutcome.Holds : VerdictOutcome.Fails);
}
