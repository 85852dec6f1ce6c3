using System.Globalization;
using Sagitta.Experiments.Reports.Documents;
using Sagitta.Reconstruction.Metrics;

namespace Sagitta.Experiments.Muon;

/// <summary>The verdict in words, made from the numbers: is the end-to-end method better than its factorised twin?</summary>
public static class MuonVerdict
{
    /// <summary>A gain in core counts only where the absolute bias is under this share of the core in every bin of pT.</summary>
    public const double BiasShare = 0.25;

    /// <summary>The verdict over all samples.</summary>
    public static Verdict Of(MuonComparison comparison)
    {
        List<Claim> claims = [];
        foreach (MuonSampleResult sample in comparison.Samples)
        {
            PairedDifference core = comparison.CoreWidthDifference(sample);
            PairedDifference auc = comparison.AucDifference(sample);
            claims.Add(new(
                $"{sample.Name}: end-to-end has the narrower core",
                Interval(core, "0.000"),
                "interval below 0",
                core.High < 0 ? VerdictOutcome.Holds : core.Low > 0 ? VerdictOutcome.Fails : VerdictOutcome.Undecided));
            bool unbiased = sample.Of("end-to-end").All(BiasIsSmall);
            claims.Add(new(
                $"{sample.Name}: its bias is under a quarter of its core in every bin of pT",
                unbiased ? "yes" : "no",
                "every bin, every seed",
                unbiased ? VerdictOutcome.Holds : VerdictOutcome.Fails));
            claims.Add(new(
                $"{sample.Name}: hit selection is no worse",
                "AUC " + Interval(auc, "0.0000"),
                "interval above -0.001",
                auc.Low > -0.001 ? VerdictOutcome.Holds : auc.High < -0.001 ? VerdictOutcome.Fails : VerdictOutcome.Undecided));
        }

        VerdictOutcome[] outcomes = [.. claims.Select(c => c.Outcome)];
        VerdictOutcome whole = outcomes.Contains(VerdictOutcome.Fails) ? VerdictOutcome.Fails
            : outcomes.Contains(VerdictOutcome.Undecided) ? VerdictOutcome.Undecided : VerdictOutcome.Holds;
        return new(whole, whole switch
        {
            VerdictOutcome.Holds => "Training through the fit measures momentum better than its factorised twin on every sample.",
            VerdictOutcome.Fails => "At least one claim does not hold in this run.",
            _ => "Nothing speaks against the claims, but this run is too small to decide all of them.",
        })
        {
            Text = "Differences are end-to-end minus factorised, paired over seeds on the same events, with 95 % intervals: Student's t over seeds, the variance of a bootstrap over events added (with one seed, that variance alone).",
            Claims = claims,
        };
    }

    /// <summary>Whether |bias| is under a quarter of the core in every bin.</summary>
    public static bool BiasIsSmall(MuonMethodResult result) =>
        result.Resolution.Binned.All(b => b.Attempted == 0 || Math.Abs(b.Bias) < BiasShare * b.CoreWidth);

    private static string Interval(PairedDifference difference, string format)
    {
        string Signed(double value) => value.ToString($"+{format};-{format};{format}", CultureInfo.InvariantCulture);
        return $"{Signed(difference.Value)} [{Signed(difference.Low)}, {Signed(difference.High)}]";
    }
}
