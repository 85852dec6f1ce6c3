using Sagitta.Autodiff.Randomness;
using Sagitta.Reconstruction.Metrics;
using Sagitta.Reconstruction.Tracks;

namespace Sagitta.Experiments.Muon;

/// <summary>Everything that a comparison of methods found.</summary>
/// <param name="Chain">The stages, with the limit.</param>
/// <param name="Models">The networks.</param>
/// <param name="Samples">Results for each sample.</param>
public sealed record MuonComparison(MuonChain Chain, IReadOnlyList<MuonModel> Models, IReadOnlyList<MuonSampleResult> Samples)
{
    private const int Replicas = 200;

    /// <summary>End-to-end minus factorised in core width of r / limit, paired over seeds, with the variance of a bootstrap over events.</summary>
    public PairedDifference CoreWidthDifference(MuonSampleResult sample)
    {
        IReadOnlyList<MuonMethodResult> endToEnd = sample.Of("end-to-end");
        IReadOnlyList<MuonMethodResult> factorised = sample.Of("factorised");
        double[] differences = [.. endToEnd.Zip(factorised, (a, b) => a.Resolution.CoreWidth - b.Resolution.CoreWidth)];
        double[][] first = [.. endToEnd.Select(m => Normalised(m.Tracks, sample))];
        double[][] second = [.. factorised.Select(m => Normalised(m.Tracks, sample))];
        int events = first.Length == 0 ? 0 : first[0].Length;
        double variance = EventBootstrap.Variance(events, Replicas, RandomKey.FromSeed(0).Split("bootstrap"), chosen =>
        {
            double sum = 0;
            for (int i = 0; i < first.Length; i++)
            {
                sum += (Width(first[i], chosen.Span) - Width(second[i], chosen.Span)) / first.Length;
            }

            return sum;
        });
        return PairedDifference.OverSeeds(differences, variance);
    }

    /// <summary>End-to-end minus factorised in the area under the ROC curve, paired over seeds.</summary>
    public static PairedDifference AucDifference(MuonSampleResult sample) => ScoreDifference(sample, m => m.Auc);

    /// <summary>End-to-end minus factorised in average precision, paired over seeds.</summary>
    public static PairedDifference AveragePrecisionDifference(MuonSampleResult sample) => ScoreDifference(sample, m => m.AveragePrecision);

    // The hundreds of hits of thousands of events make the sample's own variance small beside that of seeds.
    private static PairedDifference ScoreDifference(MuonSampleResult sample, Func<MuonMethodResult, double> score)
    {
        double[] differences = [.. sample.Of("end-to-end").Zip(sample.Of("factorised"), (a, b) => score(a) - score(b))];
        return PairedDifference.OverSeeds(differences, 0);
    }

    private double[] Normalised(TrackTable tracks, MuonSampleResult sample) =>
        [.. tracks.Outcomes(sample.Events).Select(o => o.Residual / Chain.Limit.Relative(o.TruePt))];

    private static double Width(double[] values, ReadOnlySpan<int> chosen)
    {
        double[] resampled = new double[chosen.Length];
        for (int i = 0; i < resampled.Length; i++)
        {
            resampled[i] = values[chosen[i]];
        }

        return new ResidualSample(resampled).CoreWidth;
    }
}
