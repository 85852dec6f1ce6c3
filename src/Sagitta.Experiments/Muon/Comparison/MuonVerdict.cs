namespace Sagitta.Experiments.Muon.Comparison;

/// <summary>The verdict in words, made from the numbers: is the end-to-end method better than its factorised twin, by how much, and what
/// does it cost?</summary>
internal static class MuonVerdict
{
    /// <summary>A gain in core counts only where the absolute bias is under this share of the core in every bin of pT.</summary>
    public const double BiasShare = 0.25;

    /// <summary>A claim as a row of a table.</summary>
    public static IReadOnlyList<MetricColumn<MuonClaim>> ClaimColumns { get; } =
    [
        new("sample", "Sample", "", "The sample.", c => c.Sample),
        new("name", "Claim", "", "What is claimed.", c => c.Name),
        new("measured", "Measured, 95 %", "", "What was measured, with its interval.", c => Interval(c.Measured, c.Format)),
        new("bound", "Bound", "", "What it had to be.", c => c.Bound),
        new("holds", "Holds", "", "Whether it is so.",
            c => c.Outcome switch { VerdictOutcome.Holds => "yes", VerdictOutcome.Fails => "no", _ => "not decided" }),
    ];

    /// <summary>The claims that are judged: those that were fixed before the run, or all where none were.</summary>
    public static IReadOnlyList<MuonClaim> Decided(MuonComparison comparison) =>
        comparison.Primary.Count > 0 ? comparison.Primary : MuonClaims.Of(comparison);

    /// <summary>The verdict over all samples.</summary>
    public static Verdict Of(MuonComparison comparison)
    {
        IReadOnlyList<MuonClaim> claims = Decided(comparison);
        return new(Whole(claims), Headline(comparison, claims))
        {
            Text = Sentences(comparison, claims)
                + " Differences are end-to-end minus the other method where no other is named, paired over seeds on the same events. "
                    + "Their 95 % intervals are "
                + "those of Student's t over seeds, to which the variance under resampling of events is added (with one seed, they have "
                + "that variance alone).",
            Claims = [.. claims.Select(c => new Claim($"{c.Sample}: {c.Name}", Interval(c.Measured, c.Format), c.Bound, c.Outcome))],
        };
    }

    /// <summary>Holds if every claim does, fails if any fails, else undecided.</summary>
    public static VerdictOutcome Whole(IEnumerable<MuonClaim> claims) => Verdict.Whole(claims.Select(c => c.Outcome));

    /// <summary>The first claim in one sentence.</summary>
    public static string Headline(MuonComparison comparison, IReadOnlyList<MuonClaim> claims)
    {
        if (comparison.Primary.Count > 0)
        {
            return MuonPrimaryClaims.Headline(comparison.Primary);
        }

        MuonClaim[] core = [.. claims.Where(c => c.Name is MuonClaims.Core or MuonClaims.CoreOutliers or MuonClaims.CoreSearch
            or MuonClaims.Bias)];
        if (core.Length == 0)
        {
            return "This run has no sample that decides whether training through the fit pays.";
        }

        string where = string.Join(", ", core.Select(c => c.Sample).Distinct(StringComparer.Ordinal));
        string gain = Gains(comparison, core);
        return Whole(core) switch
        {
            VerdictOutcome.Holds =>
                $"Training through the fit pays: {gain} narrower than its factorised twin in every reading, with every interval below "
                + $"zero and without bias, on {where}.",
            VerdictOutcome.Fails =>
                $"The gain of training through the fit is not established: {gain} narrower than its factorised twin (negative: wider), "
                + $"but {Failing(core, VerdictOutcome.Fails)}.",
            _ => $"Training through the fit looks better ({gain} narrower than its factorised twin; negative: wider), but this run does "
                + $"not decide it everywhere: {Failing(core, VerdictOutcome.Undecided)}.",
        };
    }

    /// <summary>What the other claims come to, a sentence each; <paramref name="brief"/> leaves out the numbers of those that do not
    /// hold.</summary>
    public static string Sentences(MuonComparison comparison, IReadOnlyList<MuonClaim> claims, bool brief = false)
    {
        if (comparison.Primary.Count > 0)
        {
            return MuonPrimaryClaims.Answers(comparison);
        }

        List<string> sentences = [];
        MuonSampleResult[] decided = [.. comparison.Samples.Where(s => claims.Any(c => c.Sample == s.Name && c.Name == MuonClaims.Auc))];
        string[] better = [.. decided.Where(s => comparison.AucDifference(s).Low > 0 && comparison.AveragePrecisionDifference(s).Low > 0)
            .Select(s => s.Name)];
        string[] worse = [.. decided.Where(s => comparison.AucDifference(s).High < 0 || comparison.AveragePrecisionDifference(s).High < 0)
            .Select(s => s.Name)];
        if (decided.Length > 0)
        {
            sentences.Add((better.Length, worse.Length) switch
            {
                ( > 0, 0) when better.Length == decided.Length =>
                    "It also selects hits better: the intervals of AUC and average precision lie above zero on all of these samples.",
                ( > 0, 0) =>
                    $"It selects hits better on {string.Join(", ", better)}; elsewhere no difference in hit selection is established.",
                (0, 0) =>
                    "Nothing is claimed about hit selection: on no sample do the intervals of both AUC and average precision lie above "
                    + "zero.",
                _ => $"It selects hits worse (an interval of AUC or average precision below zero) on "
                    + $"{string.Join(", ", worse)}{(better.Length > 0 ? $", better on {string.Join(", ", better)}" : "")}.",
            });
        }

        MuonClaim[] others = [.. claims.Where(c => c.Name is not (
            MuonClaims.Core or MuonClaims.CoreOutliers or MuonClaims.CoreSearch or MuonClaims.Bias))];
        int holding = others.Count(c => c.Outcome == VerdictOutcome.Holds);
        if (others.Length > 0)
        {
            sentences.Add(string.Create(CultureInfo.InvariantCulture, $"Of the other {others.Length} claims {holding} hold."));
        }

        foreach ((VerdictOutcome outcome, string words) in new[]
            { (VerdictOutcome.Fails, "These claims do not hold"), (VerdictOutcome.Undecided, "This run does not decide these claims") })
        {
            MuonClaim[] named = [.. others.Where(c => c.Reason.Length == 0)];
            if (named.Any(c => c.Outcome == outcome))
            {
                sentences.Add($"{words}: {(brief ? Named(named, outcome) : Failing(named, outcome))}.");
            }
        }

        foreach (IGrouping<string, MuonClaim> failing in claims.Where(c => c.Reason.Length > 0)
            .GroupBy(c => c.Reason, StringComparer.Ordinal))
        {
            string samples = string.Join(", ", failing.Select(c => c.Sample).Distinct(StringComparer.Ordinal));
            sentences.Add($"On {samples} {failing.Key}; claims against it are not decided there: "
                + $"{string.Join("; ", failing.Select(c => c.Name).Distinct(StringComparer.Ordinal))}.");
        }

        return string.Join(' ', sentences);
    }

    /// <summary>Whether |bias| is under a quarter of the core in every bin of one result.</summary>
    public static bool BiasIsSmall(MuonMethodResult result) =>
        result.Resolution.Binned.All(b => b.Attempted == 0 || Math.Abs(b.Bias) < BiasShare * b.CoreWidth);

    /// <summary>A number with its interval.</summary>
    public static string Interval(PairedDifference measured, string format) => MuonMetrics.Of(measured).ToString(format);

    private static string Gains(MuonComparison comparison, MuonClaim[] core)
    {
        double[] gains = [.. comparison.Samples
            .Where(s => core.Any(c => c.Sample == s.Name))
            .Select(s => 100 * (1 - comparison.Differences(s).CoreWidthRatio(MuonMethod.EndToEnd, MuonMethod.Factorised).Value))];
        double low = Math.Round(gains.Min(), 1);
        double high = Math.Round(gains.Max(), 1);
        return low == high
            ? string.Create(CultureInfo.InvariantCulture, $"the core of its momentum residuals is {low:0.0} %")
            : string.Create(CultureInfo.InvariantCulture, $"the core of its momentum residuals is {low:0.0} to {high:0.0} %");
    }

    private static string Named(IEnumerable<MuonClaim> claims, VerdictOutcome outcome) => string.Join("; ", claims
        .Where(c => c.Outcome == outcome)
        .GroupBy(c => c.Name, StringComparer.Ordinal)
        .Select(g => $"{g.Key} ({string.Join(", ", g.Select(c => c.Sample))})"));

    private static string Failing(IEnumerable<MuonClaim> claims, VerdictOutcome outcome) => string.Join("; ", claims
        .Where(c => c.Outcome == outcome)
        .GroupBy(c => c.Name, StringComparer.Ordinal)
        .Select(g => $"{g.Key} ({string.Join(", ", g.Select(c => $"{c.Sample} {Interval(c.Measured, c.Format)}"))})"));
}
