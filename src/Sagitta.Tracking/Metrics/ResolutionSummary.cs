namespace Sagitta.Tracking.Metrics;

/// <summary>How well a method measures momentum, over all attempted events with a muon. Core width, bias, RMS and tails are of r /
/// limit(pT), with r = (q/pT - truth) / truth; failed fits count half at plus and half at minus infinity.</summary>
internal sealed record ResolutionSummary
{
    /// <summary>A muon is found where the fit converged to less than this many limits from its q/pT.</summary>
    public const double EfficientLimits = 5;
    // Pulls within which 68 and 95 % of a Gaussian lie.
    private const double Pull68 = 0.994458;
    private const double Pull95 = 1.959964;

    /// <summary>Events with a muon.</summary>
    public required int Attempted { get; init; }
    /// <summary>Fits without an answer.</summary>
    public required int FailedFits { get; init; }
    /// <summary>Converged and |r| under 5 limits.</summary>
    public required double Efficiency { get; init; }
    /// <summary>Half of the 16-84 % quantile span.</summary>
    public required double CoreWidth { get; init; }
    /// <summary>Median of r / limit.</summary>
    public required double Bias { get; init; }
    /// <summary>RMS of the central 95 %.</summary>
    public required double Rms95 { get; init; }
    /// <summary>Fraction beyond 3 limits.</summary>
    public required double Tail3 { get; init; }
    /// <summary>Fraction beyond 5 limits.</summary>
    public required double Tail5 { get; init; }
    /// <summary>Core width of (q/pT - truth) / error over converged fits; NaN where no errors are stated.</summary>
    public required double PullWidth { get; init; }
    /// <summary>The core width that r / limit would have if every stated error held: Gaussians of these widths together. Of labels as
    /// weights it is the Cramer-Rao bound of the planes as they are, event by event; NaN where no errors are stated.</summary>
    public required double StatedWidth { get; init; }
    /// <summary>Median pull, with the sign of the charge, so that a loss of energy shows.</summary>
    public required double PullMedian { get; init; }
    /// <summary>Share of converged fits whose stated error covers the truth at 68 %.</summary>
    public required double Coverage68 { get; init; }
    /// <summary>The same at 95 %.</summary>
    public required double Coverage95 { get; init; }
    /// <summary>Fraction of converged fits with the wrong sign.</summary>
    public required double ChargeMisidentification { get; init; }
    /// <summary>The same in bins of true pT.</summary>
    public required IReadOnlyList<ResolutionBin> Binned { get; init; }

    /// <summary>Summarises the outcomes.</summary>
    /// <param name="outcomes">One an attempted event with a muon.</param>
    /// <param name="relativeLimit">The relative limit at a true pT in GeV.</param>
    /// <param name="binBorders">Increasing borders of true pT, GeV; fewer than two give no bins.</param>
    public static ResolutionSummary Of(ReadOnlySpan<TrackOutcome> outcomes, Func<double, double> relativeLimit,
        ReadOnlySpan<double> binBorders)
    {
        double[] limits = new double[outcomes.Length];
        double[] normalised = new double[outcomes.Length];
        List<double> pulls = [];
        List<double> stated = [];
        int converged = 0;
        int efficient = 0;
        int wrongSign = 0;
        for (int i = 0; i < outcomes.Length; i++)
        {
            TrackOutcome outcome = outcomes[i];
            limits[i] = relativeLimit(outcome.TruePt);
            normalised[i] = outcome.Residual / limits[i];
            if (outcome.Status != SolveStatus.Converged)
            {
                continue;
            }

            converged++;
            efficient += Math.Abs(normalised[i]) < EfficientLimits ? 1 : 0;
            wrongSign += outcome.QOverPt * outcome.Truth < 0 ? 1 : 0;
            if (double.IsFinite(outcome.Error))
            {
                stated.Add(outcome.Error / Math.Abs(outcome.Truth) / limits[i]);
                pulls.Add(outcome.Pull);
            }
        }

        ResidualSample sample = new(normalised);
        ResidualSample pull = new(pulls.ToArray());
        return new()
        {
            Attempted = outcomes.Length,
            FailedFits = outcomes.Length - converged,
            Efficiency = (double)efficient / outcomes.Length,
            CoreWidth = sample.CoreWidth,
            Bias = sample.Median,
            Rms95 = sample.Rms95,
            Tail3 = sample.TailFraction(3),
            Tail5 = sample.TailFraction(5),
            PullWidth = pull.CoreWidth,
            PullMedian = pull.Median,
            StatedWidth = WidthOfGaussians([.. stated]),
            Coverage68 = Covered(pulls, Pull68),
            Coverage95 = Covered(pulls, Pull95),
            ChargeMisidentification = (double)wrongSign / converged,
            Binned = Bins(outcomes, limits, binBorders),
        };
    }

    // Half of the central 68 % of a mixture of Gaussians about 0, by bisection.
    private static double WidthOfGaussians(double[] widths)
    {
        if (widths.Length == 0)
        {
            return double.NaN;
        }

        double low = 0;
        double high = 2 * widths.Max();
        while (high - low > 1e-6 * high)
        {
            double middle = (low + high) / 2;
            double within = widths.Average(width => MathNet.Numerics.SpecialFunctions.Erf(middle / (Math.Sqrt(2) * width)));
            (low, high) = within < 0.68 ? (middle, high) : (low, middle);
        }

        return high;
    }

    private static double Covered(List<double> pulls, double within) =>
        pulls.Count == 0 ? double.NaN : pulls.Count(pull => Math.Abs(pull) <= within) / (double)pulls.Count;

    private static List<ResolutionBin> Bins(ReadOnlySpan<TrackOutcome> outcomes, double[] limits, ReadOnlySpan<double> borders)
    {
        List<ResolutionBin> bins = [];
        for (int b = 0; b + 1 < borders.Length; b++)
        {
            List<double> residuals = [];
            List<double> pulls = [];
            double limit = 0;
            for (int i = 0; i < outcomes.Length; i++)
            {
                if (outcomes[i].TruePt >= borders[b] && outcomes[i].TruePt < borders[b + 1])
                {
                    residuals.Add(outcomes[i].Residual);
                    limit += limits[i];
                    if (outcomes[i].Status == SolveStatus.Converged && double.IsFinite(outcomes[i].Error))
                    {
                        pulls.Add(outcomes[i].Pull);
                    }
                }
            }

            ResidualSample sample = new(residuals.ToArray());
            bins.Add(new(borders[b], borders[b + 1], sample.Count, sample.Failed, sample.CoreWidth, sample.Median, sample.Rms95,
                limit / sample.Count)
            {
                PullWidth = new ResidualSample(pulls.ToArray()).CoreWidth,
                Coverage68 = Covered(pulls, Pull68),
                Coverage95 = Covered(pulls, Pull95),
            });
        }

        return bins;
    }
}

/// <summary>Resolution in one bin of true pT. Core width and bias are of r = (q/pT - truth) / truth.</summary>
/// <param name="PtLow">Lower border, GeV.</param>
/// <param name="PtHigh">Upper border, GeV.</param>
/// <param name="Attempted">Events.</param>
/// <param name="FailedFits">Events whose fit failed.</param>
/// <param name="CoreWidth">Half of the 16-84 % span of r.</param>
/// <param name="Bias">Median of r.</param>
/// <param name="Rms95">RMS of the central 95 % of r.</param>
/// <param name="Limit">Mean over the bin's events of the relative limit at their true pT; NaN without events.</param>
internal sealed record ResolutionBin(double PtLow, double PtHigh, int Attempted, int FailedFits, double CoreWidth, double Bias,
    double Rms95, double Limit)
{
    /// <summary>Core width of the pulls of converged fits; NaN where no errors are stated, as below.</summary>
    public double PullWidth { get; init; } = double.NaN;

    /// <summary>Share of these whose stated error covers the truth at 68 %.</summary>
    public double Coverage68 { get; init; } = double.NaN;

    /// <summary>The same at 95 %.</summary>
    public double Coverage95 { get; init; } = double.NaN;
}

/// <summary>One attempted event with a muon: what a method said and what was true.</summary>
/// <param name="Status">How the fit ended.</param>
/// <param name="QOverPt">Fitted q/pT, 1/GeV.</param>
/// <param name="Error">Its standard deviation as the fit states it, 1/GeV; NaN where a method states none.</param>
/// <param name="Truth">True q/pT, 1/GeV, not 0.</param>
internal readonly record struct TrackOutcome(SolveStatus Status, double QOverPt, double Error, double Truth)
{
    /// <summary>(q/pT - truth) / truth, or NaN for a failed fit.</summary>
    public double Residual => Status == SolveStatus.Converged ? (QOverPt - Truth) / Truth : double.NaN;

    /// <summary>Distance from the truth in stated errors, with the sign of the charge.</summary>
    public double Pull => (QOverPt - Truth) * Math.Sign(Truth) / Error;

    public double TruePt => 1 / Math.Abs(Truth);
}
