namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>The figures of a comparison; for a network method the first seed stands in them.</summary>
internal static class MuonFigures
{
    private const int RocPoints = 400;
    private const int ResidualBins = 60;
    private const double ResidualRange = 6;

    /// <summary>ROC curves of the hits: background rejected against muon hits kept.</summary>
    public static Illustration Roc(MuonSampleResult sample)
    {
        List<Mark> marks = [];
        foreach (MuonMethodResult result in First(sample).Where(r => r.Roc is not null))
        {
            // Curves have a point for each distinct score: thinned by true positive rate, they look the same.
            List<double> x = [];
            List<double> y = [];
            double next = 0;
            for (int i = 0; i < result.Roc!.TruePositiveRate.Length; i++)
            {
                if (result.Roc.TruePositiveRate[i] >= next)
                {
                    x.Add(result.Roc.TruePositiveRate[i]);
                    y.Add(result.Roc.FalsePositiveRate[i]);
                    next = result.Roc.TruePositiveRate[i] + (1.0 / RocPoints);
                }
            }

            marks.Add(new Curve(x, y) { Label = result.Method, Series = Series(result.Method) });
        }

        Panel panel = new(
            new("Muon hits kept") { Low = 0.8, High = 1 },
            new("Other hits kept") { Scale = AxisScale.Logarithmic, Low = 1e-4, High = 1 },
            marks);
        return new(new(panel) { Description = $"ROC of the hits of {sample.Name}" },
            "Receiver operating characteristic of the hits; lower is better.");
    }

    /// <summary>Residuals of q/pT in limits.</summary>
    public static Illustration Residuals(MuonComparison comparison, MuonSampleResult sample)
    {
        double[] edges = [.. Enumerable.Range(0, ResidualBins + 1).Select(i => (2 * ResidualRange * i / ResidualBins) - ResidualRange)];
        List<Mark> marks = [];
        foreach (MuonMethodResult result in First(sample).Where(r => r.Method != "road"))
        {
            TrackOutcome[] outcomes = result.Tracks.Outcomes(sample.Events);
            double[] contents = new double[ResidualBins];
            foreach (TrackOutcome outcome in outcomes)
            {
                double x = outcome.Residual / comparison.Chain.Limit.Relative(outcome.TruePt);
                int bin = (int)Math.Floor((x + ResidualRange) / (2 * ResidualRange) * ResidualBins);
                if (double.IsFinite(x) && bin >= 0 && bin < ResidualBins)
                {
                    contents[bin] += 1.0 / outcomes.Length;
                }
            }

            marks.Add(new Histogram(edges, contents) { Label = result.Method, Series = Series(result.Method) });
        }

        Panel panel = new(new("r / limit(pT)"), new("Fraction of events") { Scale = AxisScale.Logarithmic, Low = 1e-4 }, marks);
        return new(new(panel) { Description = $"Residuals of {sample.Name}" },
            "Residuals of q/pT in units of the limit at the true pT; events outside and failed fits are not drawn but count in the table.");
    }

    /// <summary>Core width of r against pT beside the limit.</summary>
    public static Illustration Resolution(MuonSampleResult sample)
    {
        IReadOnlyList<MuonMethodResult> results = [.. First(sample).Where(r => r.Method != "road")];
        IReadOnlyList<ResolutionBin> bins = results[0].Resolution.Binned;
        List<Mark> marks =
        [
            new Curve([.. bins.Select(Centre)], [.. bins.Select(b => 100 * b.Limit)]) { Label = "limit", Series = Palette.Neutral,
                Style = LineStyle.Dashed },
        ];
        foreach (MuonMethodResult result in results)
        {
            marks.Add(new Points([.. result.Resolution.Binned.Select(Centre)], [.. result.Resolution.Binned.Select(b => 100 * b.CoreWidth)])
            {
                Label = result.Method,
                Series = Series(result.Method),
                Joined = true,

                // The standard error of a Gaussian's width; the core's own is 10 to 20 % larger.
                YErrorLow = [.. result.Resolution.Binned.Select(b => 100 * b.CoreWidth / Math.Sqrt(2.0 * Math.Max(b.Attempted, 1)))],
            });
        }

        Panel panel = new(
            new("True pT", "GeV") { Scale = AxisScale.Logarithmic },
            new("Core width of r", "%") { Scale = AxisScale.Logarithmic },
            marks);
        return new(new(panel) { Description = $"Resolution of {sample.Name}" },
            "Core width of r in bins of true pT, with the Cramer-Rao bound of 0.1 mm planes (measured strips may be better than that).");
    }

    private static double Centre(ResolutionBin bin) => Math.Sqrt(bin.PtLow * bin.PtHigh);

    private static IEnumerable<MuonMethodResult> First(MuonSampleResult sample) => sample.MethodNames.Select(name => sample.Of(name)[0]);

    /// <summary>The colour of a method, the same in all figures.</summary>
    internal static int Series(string method) => method switch
    {
        "truth" => 0,
        "end-to-end" => 1,
        "factorised" => 2,
        "classical" => 3,
        "factorised" + MuonEvaluation.OutlierSuffix => 5,
        "end-to-end" + MuonEvaluation.OutlierSuffix => 6,
        "factorised" + MuonEvaluation.SearchSuffix => 7,
        "end-to-end" + MuonEvaluation.SearchSuffix => 8,
        _ => 4,
    };
}
