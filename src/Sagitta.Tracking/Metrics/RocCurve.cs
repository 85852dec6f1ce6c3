namespace Sagitta.Tracking.Metrics;

/// <summary>The receiver operating characteristic of scores against labels. Equal scores are one point, so that ties count half in the
/// area, as in the rank statistic of Mann and Whitney, and the order of hits never matters. NaN scores rank below all others.</summary>
internal sealed class RocCurve
{
    private readonly double[] _falsePositiveRate;
    private readonly double[] _truePositiveRate;
    private readonly double[] _threshold;

    /// <summary>The curve of <paramref name="scores"/> (larger is more positive) against <paramref name="labels"/> (1 positive, 0
    /// negative).</summary>
    /// <param name="scores">One a hit.</param>
    /// <param name="labels">One a hit.</param>
    /// <param name="resolution">Points whose rates differ from the kept one before by less than this are left out; area and precision know
    /// them all.</param>
    public RocCurve(ReadOnlySpan<float> scores, ReadOnlySpan<byte> labels, double resolution = 0)
        : this(new RankedScores(scores, labels), resolution)
    {
    }

    /// <summary>The curve of scores that are ranked already.</summary>
    public RocCurve(RankedScores ranked, double resolution = 0)
    {
        List<double> falseRates = [0];
        List<double> trueRates = [0];
        List<double> thresholds = [double.PositiveInfinity];
        long truePositives = 0;
        long falsePositives = 0;
        double area = 0;
        double precision = 0;
        int end = ranked.Count;
        while (end > 0)
        {
            int first = ranked.FirstTied(end - 1);
            int tiedPositives = ranked.PositivesIn(first, end);
            int tiedNegatives = end - first - tiedPositives;
            area += tiedNegatives * (truePositives + (tiedPositives / 2.0));
            truePositives += tiedPositives;
            falsePositives += tiedNegatives;
            precision += (double)tiedPositives * truePositives / (truePositives + falsePositives);
            double falseRate = (double)falsePositives / ranked.Negatives;
            double trueRate = (double)truePositives / ranked.Positives;
            if (first == 0 || !(falseRate - falseRates[^1] < resolution && trueRate - trueRates[^1] < resolution))
            {
                falseRates.Add(falseRate);
                trueRates.Add(trueRate);
                thresholds.Add(ranked.Score(first));
            }

            end = first;
        }

        // Without pairs both are 0 / 0.
        Area = area / ranked.Positives / ranked.Negatives;
        AveragePrecision = precision / ranked.Positives;
        _falsePositiveRate = [.. falseRates];
        _truePositiveRate = [.. trueRates];
        _threshold = [.. thresholds];
    }

    /// <summary>A curve from its points, as a file holds them.</summary>
    public RocCurve(double area, double averagePrecision, double[] falsePositiveRate, double[] truePositiveRate, double[] threshold)
    {
        if (falsePositiveRate.Length != truePositiveRate.Length || falsePositiveRate.Length != threshold.Length)
        {
            throw new ArgumentException(
                $"{falsePositiveRate.Length}, {truePositiveRate.Length} and {threshold.Length} numbers: one of each a point.", nameof(
                threshold));
        }

        Area = area;
        AveragePrecision = averagePrecision;
        _falsePositiveRate = falsePositiveRate;
        _truePositiveRate = truePositiveRate;
        _threshold = threshold;
    }

    /// <summary>Area under the curve: the probability that a positive outranks a negative, ties counting half; NaN without both.</summary>
    public double Area { get; }
    /// <summary>Average precision: sum over distinct thresholds of the gain in recall times precision; NaN without positives.</summary>
    public double AveragePrecision { get; }

    /// <summary>False positive rate of each point, from 0.</summary>
    public ReadOnlySpan<double> FalsePositiveRate => _falsePositiveRate;

    /// <summary>True positive rate of each point, from 0.</summary>
    public ReadOnlySpan<double> TruePositiveRate => _truePositiveRate;

    /// <summary>The smallest score that counts as positive at each point; infinity first.</summary>
    public ReadOnlySpan<double> Threshold => _threshold;
}
