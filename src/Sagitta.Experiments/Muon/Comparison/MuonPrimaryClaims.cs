namespace Sagitta.Experiments.Muon.Comparison;

/// <summary>The few claims that were fixed before a comparison ran, all of end-to-end minus local, judged at 5 % after Holm's correction
/// for their number.</summary>
internal static class MuonPrimaryClaims
{
    private const double Level = 0.05;

    private static PairedDifference None => new(double.NaN, double.NaN, double.NaN);

    /// <summary>The claims of the configuration; none where it has none. One that the run has no sample for is not decided.</summary>
    public static IReadOnlyList<MuonClaim> Of(MuonComparison comparison)
    {
        IReadOnlyList<PrimaryClaimOptions> asked = comparison.Models.Count > 0 ? comparison.Models[0].Experiment.Claims : [];
        (PairedDifference Difference, int Seeds)[] found = [.. asked.Select(claim => Measured(comparison, claim))];
        double[] corrected = HolmCorrection.Corrected([.. found.Select(f => f.Difference.PValue(f.Seeds))]);
        return [.. asked.Select((claim, i) => Judged(claim, found[i].Difference, corrected[i], asked.Count))];
    }

    /// <summary>The answer in one sentence, with what was decided.</summary>
    public static string Headline(IReadOnlyList<MuonClaim> claims)
    {
        string Told(VerdictOutcome outcome, string words)
        {
            MuonClaim[] found = [.. claims.Where(c => c.Outcome == outcome)];
            string named = string.Join("; ", found.Select(c => $"{c.Name} on {c.Sample} {MuonVerdict.Interval(c.Measured, c.Format)}"));
            return $"{found.Length} {words}{(outcome == VerdictOutcome.Undecided || named.Length == 0 ? "" : $" ({named})")}";
        }

        return $"Of {claims.Count} claims, fixed before the run, that the gradient of the fit adds to a target for each plane, "
            + $"{Told(VerdictOutcome.Holds, "hold")}, {Told(VerdictOutcome.Fails, "are decided the other way")} and "
            + $"{Told(VerdictOutcome.Undecided, "are not decided")}.";
    }

    /// <summary>What each step from method to method changes, as a table.</summary>
    public static IReadOnlyList<MetricColumn<(string Sample, string Step, string Methods, PairedDifference Core)>> ChangeColumns { get; } =
    [
        new("sample", "Sample", "", "The sample.", c => c.Sample),
        new("step", "Step", "", "What is added.", c => c.Step),
        new("methods", "Difference", "", "Which methods are compared.", c => c.Methods),
        new("core", "Change of the core, 95 %", "", "Negative is narrower.", c => MuonVerdict.Interval(c.Core, MuonClaim.Signed)),
    ];

    /// <summary>Its rows, for each sample whose core a claim looks at.</summary>
    public static IEnumerable<(string Sample, string Step, string Methods, PairedDifference Core)> Changes(MuonComparison comparison) =>
        from sample in CoreSamples(comparison)
        let differences = comparison.Differences(sample)
        from step in Steps(sample)
        select (sample.Name, step.Name, $"{step.First} minus {step.Second}", differences.CoreWidth(step.First, step.Second));

    /// <summary>The steps that a sample has the methods of: the measurement stage, a target for each plane, and the gradient of the
    /// fit.</summary>
    public static IEnumerable<(string Name, MuonMethod First, MuonMethod Second)> Steps(MuonSampleResult sample) =>
        sample.MethodsInOrder.Where(m => m.WithoutStage).Select(m => ("the measurement stage", m with { WithoutStage = false }, m))
            .Append(("a target for each plane", MuonMethod.Local, MuonMethod.Factorised))
            .Append(("the gradient of the fit", MuonMethod.EndToEnd, MuonMethod.Local))
            .Where(step => sample.Of(step.Item2).Count > 0 && sample.Of(step.Item3).Count > 0);

    /// <summary>What the steps to the end-to-end method change on the first sample whose core a claim looks at.</summary>
    public static string Answers(MuonComparison comparison) => string.Concat(CoreSamples(comparison).Take(1).Select(sample =>
    {
        MuonDifferences differences = comparison.Differences(sample);
        IEnumerable<string> told = Steps(sample).Where(s => !s.Second.WithoutStage || s.First == MuonMethod.EndToEnd).Select(s =>
            $"by {MuonVerdict.Interval(differences.CoreWidth(s.First, s.Second), MuonClaim.Signed)} with {s.Name} ({s.First} minus "
                + $"{s.Second})");
        return $"On {sample.Name} the core width, in limits, changes {string.Join(", ", told)}.";
    }));

    private static IEnumerable<MuonSampleResult> CoreSamples(MuonComparison comparison) => comparison.Models[0].Experiment.Claims
        .Where(c => c.Quantity == PrimaryQuantity.CoreWidth).Select(c => Sample(comparison, c)).OfType<MuonSampleResult>().Distinct();

    private static MuonSampleResult? Sample(MuonComparison comparison, PrimaryClaimOptions claim) =>
        comparison.Samples.FirstOrDefault(s => s.InScan && s.Background == claim.Background && s.Events.Source == claim.Source
            && s.Of(MuonMethod.EndToEnd).Count > 0 && s.Of(MuonMethod.Local).Count > 0);

    private static (PairedDifference Difference, int Seeds) Measured(MuonComparison comparison, PrimaryClaimOptions claim)
    {
        if (claim.Quantity == PrimaryQuantity.EfficiencyAtFixedFakes)
        {
            return comparison.Rates.FirstOrDefault(r => r.Background == claim.Background) is { } rates ? AtFixedFakes(rates) : (None, 1);
        }

        if (Sample(comparison, claim) is not { } sample)
        {
            return (None, 1);
        }

        MuonDifferences differences = comparison.Differences(sample);
        return (claim.Quantity == PrimaryQuantity.CoreWidth ? differences.CoreWidth(MuonMethod.EndToEnd, MuonMethod.Local)
            : differences.AveragePrecision(MuonMethod.EndToEnd, MuonMethod.Local), sample.Of(MuonMethod.EndToEnd).Count);
    }

    // The variance of events is that of independent muons, which for the same muons is too large.
    private static (PairedDifference Difference, int Seeds) AtFixedFakes(MuonRates rates)
    {
        (MuonMethodRates A, MuonMethodRates B)[] pairs =
            MuonDifferences.Pairs(rates.Of(MuonMethod.EndToEnd), rates.Of(MuonMethod.Local), r => r.Seed);
        double Variance(Func<(MuonMethodRates A, MuonMethodRates B), double> share)
        {
            double mean = pairs.Length == 0 ? 0 : pairs.Average(share);
            return mean * (1 - mean) / Math.Max(1, rates.Muons);
        }

        return (PairedDifference.OverSeeds([.. pairs.Select(p => p.A.EfficiencyAtFixedFakes - p.B.EfficiencyAtFixedFakes)],
            Variance(p => p.A.EfficiencyAtFixedFakes) + Variance(p => p.B.EfficiencyAtFixedFakes)), pairs.Length);
    }

    private static MuonClaim Judged(PrimaryClaimOptions claim, PairedDifference measured, double corrected, int count)
    {
        (string name, double sign, string format) = claim.Quantity switch
        {
            PrimaryQuantity.CoreWidth => ("core of end-to-end minus local", -1.0, MuonClaim.Signed),
            PrimaryQuantity.AveragePrecision => ("average precision of end-to-end minus local", 1.0, MuonClaim.SignedFine),
            _ => ("efficiency at 1 % fakes of end-to-end minus local", 1.0, MuonClaim.SignedFour),
        };
        string source = claim.Quantity == PrimaryQuantity.EfficiencyAtFixedFakes ? "simulation" : claim.Source;
        VerdictOutcome outcome = !(corrected < Level) ? VerdictOutcome.Undecided
            : sign * measured.Value > 0 ? VerdictOutcome.Holds : VerdictOutcome.Fails;
        return new(name, string.Create(CultureInfo.InvariantCulture, $"{source}-{claim.Background:0.##}"), measured, format,
            string.Create(CultureInfo.InvariantCulture,
                $"{(sign < 0 ? "below" : "above")} 0 with p under {Level} after Holm's correction for {count} claims: p = "
                    + $"{corrected:0.0000}"),
            outcome);
    }
}
