namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>The events that a report draws: by rules, so that nobody picks the pretty ones.</summary>
internal static class MuonEventChoice
{
    private const double TypicalPt = 20;
    private static readonly string[] _trained = ["end-to-end", "factorised"];

    /// <summary>For a sample: an ordinary event, the one where the first seed's end-to-end fit gains most over its twin's, and the one
    /// where it loses most.</summary>
    public static IEnumerable<StationDisplay> Of(MuonComparison comparison, MuonSampleResult sample)
    {
        if (sample.LoadEvent is not { } load || sample.Of("end-to-end") is not [{ } endToEnd, ..]
            || sample.Of("factorised") is not [{ } factorised, ..])
        {
            yield break;
        }

        double[] error = Errors(comparison, sample, endToEnd);
        double[] twin = Errors(comparison, sample, factorised);
        MuonModel[] models = [.. _trained.Select(method =>
            comparison.Models.First(m => m.Method == method && m.Experiment.Seed == endToEnd.Seed))];
        int[] known = [.. Enumerable.Range(0, error.Length).Where(e => double.IsFinite(error[e]) && double.IsFinite(twin[e]))];
        if (known.Length == 0)
        {
            yield break;
        }

        int[] picks =
        [
            known.MinBy(e => Math.Abs((1 / Math.Abs(sample.Events.TruthQOverPt[e])) - TypicalPt)),
            known.MaxBy(e => twin[e] - error[e]),
            known.MaxBy(e => error[e] - twin[e]),
        ];
        string[] reasons = ["The event nearest to 20 GeV.", "Where end-to-end gains most over its twin.",
            "Where end-to-end loses most against its twin."];
        foreach ((int e, string reason) in picks.Zip(reasons))
        {
            EventSet one = load(sample.Events.EventNumber[e]);
            string note = string.Create(CultureInfo.InvariantCulture,
                $"{reason} Error of q/pT: {error[e]:0.00} limits, of the twin {twin[e]:0.00}.");
            yield return MuonEventPicture.Draw(comparison.Chain, models, one, 0, note);
        }
    }

    private static double[] Errors(MuonComparison comparison, MuonSampleResult sample, MuonMethodResult result)
    {
        double[] errors = new double[sample.Events.Count];
        for (int e = 0; e < errors.Length; e++)
        {
            double truth = sample.Events.TruthQOverPt[e];
            errors[e] = sample.Events.TruthMuon[e] != 0 && result.Tracks.Status[e] == SolveStatus.Converged
                ? Math.Abs(result.Tracks.QOverPt[e] - truth) / Math.Abs(truth) / comparison.Chain.Limit.Relative(1 / Math.Abs(truth))
                : double.NaN;
        }

        return errors;
    }
}
