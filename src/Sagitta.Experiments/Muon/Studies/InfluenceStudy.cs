namespace Sagitta.Experiments.Muon.Studies;

/// <summary>The influence of hits through the gradient against taking them away and fitting again.</summary>
internal static class InfluenceStudy
{
    private const int Events = 200;

    /// <summary>Correlation and slope over all hits of some events, by how much of its plane's weight a hit carries.</summary>
    public static MuonStudyResult Run(MuonStudyContext context)
    {
        MuonComparison headline = context.Headline.Value;
        MuonModel model = headline.Models.FirstOrDefault(m => m.Method == "end-to-end") ?? headline.Models[0];
        MuonExperiment small = context.Options.Experiment
            with
        { Data = context.Options.Experiment.Data with { Test = Math.Min(Events, context.Options.Experiment.Data.Test) } };
        EventSet events = MuonSamples.Test(small, context.Detector, context.Flux, context.Threads);
        using WorkerThreads one = new(1);
        MuonMethodResult result = new MuonEvaluation(headline.Chain, one).Network(model, events);
        List<(double Share, double First, double Exact)> pairs = [];
        using HitInfluence influence = new(headline.Chain.Tracks);
        for (int e = 0; e < events.Count; e++)
        {
            context.Stop.ThrowIfCancellationRequested();
            if (result.Tracks.Status[e] == SolveStatus.Converged)
            {
                Compare(influence, events, e, result, pairs);
            }
        }

        (string Label, double Low, double High)[] groups = [
            ("under 1 %", 0, 0.01), ("1 to 10 %", 0.01, 0.1), ("10 to 50 %", 0.1, 0.5), ("over 50 %", 0.5, double.PositiveInfinity)];
        return new(
            "influence",
            "Change of q/pT in its errors if a hit is removed: -w d(q/pT)/dw through the implicit gradient against a new fit without the "
                + "hit, for hits by their share of their plane's weight. The gradient is right for hits that change their plane by "
                + "little; taking away most of a plane, or most of its spread, is no small change.",
            ["hits", "correlation", "slope", "mean |first|", "mean |exact|"],
            [.. groups.Select(g => Row($"share {g.Label}", [.. pairs.Where(p => p.Share >= g.Low && p.Share < g.High)]))]);
    }

    private static void Compare(HitInfluence influence, EventSet events, int e, MuonMethodResult result,
        List<(double Share, double First, double Exact)> pairs)
    {
        int first = events.HitOffsets[e];
        double[] weights = result.Weights![first..events.HitOffsets[e + 1]];
        double[] linear = influence.OfRemoval(events.Hits, e, weights);
        double centre = influence.QOverPt(events.Hits, e, weights);
        double error = result.Tracks.QOverPtError[e];
        double[] totals = new double[events.PlaneCount];
        for (int i = 0; i < weights.Length; i++)
        {
            totals[events.HitPlane[first + i]] += weights[i];
        }

        for (int i = 0; i < weights.Length; i++)
        {
            // Hits that weigh next to nothing move the fit by rounding alone.
            if (weights[i] > 1e-6)
            {
                double kept = weights[i];
                weights[i] = 0;
                double exact = (influence.QOverPt(events.Hits, e, weights) - centre) / error;
                weights[i] = kept;
                if (double.IsFinite(exact))
                {
                    pairs.Add((kept / totals[events.HitPlane[first + i]], linear[i] / error, exact));
                }
            }
        }
    }

    private static MuonStudyRow Row(string label, (double Share, double First, double Exact)[] pairs)
    {
        double xx = pairs.Sum(p => p.First * p.First);
        double xy = pairs.Sum(p => p.First * p.Exact);
        double yy = pairs.Sum(p => p.Exact * p.Exact);
        return new(label,
        [
            pairs.Length, xy / Math.Sqrt(xx * yy), xy / xx, pairs.Length == 0 ? double.NaN
                : pairs.Average(p => Math.Abs(p.First)), pairs.Length == 0 ? double.NaN : pairs.Average(p => Math.Abs(p.Exact)),
        ]);
    }
}
