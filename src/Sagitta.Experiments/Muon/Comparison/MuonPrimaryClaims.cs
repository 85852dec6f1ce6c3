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

    /// <summary>The answer in a few sentences.</summary>
    public static string Headline(IReadOnlyList<MuonClaim> claims)
    {
        string Told(VerdictOutcome outcome, string words)
        {
            string[] named = [.. claims.Where(c => c.Outcome == outcome)
                .Select(c => $"{c.Name} on {c.Sample} {MuonVerdict.Interval(c.Measured, c.Format)}")];
            return named.Length == 0 ? "" : $" {words}: {string.Join("; ", named)}.";
        }

        return $"What the gradient of the fit adds to a target for each plane, by {claims.Count} claims fixed before the run."
            + Told(VerdictOutcome.Holds, "It is better") + Told(VerdictOutcome.Fails, "It is worse")
            + Told(VerdictOutcome.Undecided, "Not decided");
    }

    /// <summary>What the three questions come to on each sample whose core a claim looks at: what the measurement stage gives, what a
    /// target for each plane gives, and what the gradient of the fit adds.</summary>
    public static string Answers(MuonComparison comparison)
    {
        IEnumerable<MuonSampleResult> samples = comparison.Models[0].Experiment.Claims
            .Where(c => c.Quantity == PrimaryQuantity.CoreWidth)
            .Select(c => Sample(comparison, c)).OfType<MuonSampleResult>().Distinct();
        return string.Join(' ', samples.Select(sample =>
        {
            MuonDifferences differences = comparison.Differences(sample);
            string Of(MuonMethod first, MuonMethod second) =>
                MuonVerdict.Interval(differences.CoreWidth(first, second), MuonClaim.Signed);
            string stage = string.Join(", ", sample.MethodsInOrder.Where(m => m.WithoutStage)
                .Select(m => $"{m with { WithoutStage = false }} {Of(m with { WithoutStage = false }, m)}"));
            return $"On {sample.Name} the core changes by the measurement stage: {stage}; by a target for each plane (local minus "
                + $"factorised): {Of(MuonMethod.Local, MuonMethod.Factorised)}; by the gradient of the fit (end-to-end minus local): "
                + $"{Of(MuonMethod.EndToEnd, MuonMethod.Local)}.";
        }));
    }

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
