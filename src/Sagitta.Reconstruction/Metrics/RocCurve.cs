namespace Sagitta.Reconstruction.Metrics;

/// <summary>
/// The receiver operating characteristic of scores against labels. Equal scores are one point, so that ties count half in the area,
/// as in the rank statistic of Mann and Whitney, and the order of hits never matters. NaN scores rank below all others.
/// </summary>
public sealed class RocCurve
{
    private readonly double[] _falsePositiveRate;
    private readonly double[] _truePositiveRate;
    private readonly double[] _threshold;

    /// <summary>The curve of <paramref name="scores"/> (larger is more positive) against <paramref name="labels"/> (1 positive, 0 negative).</summary>
    public RocCurve(ReadOnlySpan<float> scores, ReadOnlySpan<byte> labels)
    {
        if (scores.Length != labels.Length)
        {
            throw new ArgumentException($"{scores.Length} scores for {labels.Length} labels.", nameof(labels));
        }

        float[] keys = new float[scores.Length];
        byte[] sorted = labels.ToArray();
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = float.IsNaN(scores[i]) ? float.NegativeInfinity : scores[i];
        }

        Array.Sort(keys, sorted);
        long positives = 0;
        foreach (byte label in sorted)
        {
            positives += label;
        }

        long negatives = sorted.Length - positives;
        List<double> falseRates = [0];
        List<double> trueRates = [0];
        List<double> thresholds = [double.PositiveInfinity];
        long truePositives = 0;
        long falsePositives = 0;
        double area = 0;
        double precision = 0;
        int place = sorted.Length - 1;
        while (place >= 0)
        {
            float key = keys[place];
            long tiedPositives = 0;
            long tiedNegatives = 0;
            while (place >= 0 && keys[place] == key)
            {
                tiedPositives += sorted[place];
                tiedNegatives += 1 - sorted[place];
                place--;
            }

            area += tiedNegatives * (truePositives + (tiedPositives / 2.0));
            truePositives += tiedPositives;
            falsePositives += tiedNegatives;
            precision += (double)tiedPositives * truePositives / (truePositives + falsePositives);
            falseRates.Add((double)falsePositives / negatives);
            trueRates.Add((double)truePositives / positives);
            thresholds.Add(key);
        }

        Area = positives == 0 || negatives == 0 ? double.NaN : area / positives / negatives;
        AveragePrecision = positives == 0 ? double.NaN : precision / positives;
        _falsePositiveRate = falseRates.ToArray();
        _truePositiveRate = trueRates.ToArray();
        _threshold = thresholds.ToArray();
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
