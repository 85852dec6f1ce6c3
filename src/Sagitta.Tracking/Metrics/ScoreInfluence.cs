namespace Sagitta.Tracking.Metrics;

/// <summary>How much each event moves the area under the ROC curve and the average precision: the derivative of either with respect to the
/// event's weight. Under resampling of events both have, to first order, the variance of the sum of squares of these numbers (the
/// infinitesimal jackknife; Efron, The Jackknife, the Bootstrap and Other Resampling Plans, 1982, chapter 6; for the area of clustered
/// data: Obuchowski, Biometrics 53 (1997) 567). A bootstrap would sort millions of hits again for every replica.</summary>
internal sealed class ScoreInfluence
{
    /// <summary>Influences that are known already, one an event.</summary>
    public ScoreInfluence(double[] area, double[] averagePrecision) => (Area, AveragePrecision) = (area, averagePrecision);

    /// <summary>d area / d weight of each event; they sum to 0.</summary>
    public double[] Area { get; }
    /// <summary>d average precision / d weight of each event; they sum to 0.</summary>
    public double[] AveragePrecision { get; }

    /// <summary>The influence of every event.</summary>
    /// <param name="ranked">Scores of all hits.</param>
    /// <param name="offsets">Events + 1 borders into them, before ranking.</param>
    /// <param name="curve">Their curve.</param>
    public static ScoreInfluence Of(RankedScores ranked, ReadOnlySpan<int> offsets, RocCurve curve)
    {
        double[] onArea = new double[ranked.Count];
        double[] onPrecision = new double[ranked.Count];
        double positives = ranked.Positives;
        double negatives = ranked.Negatives;
        long positivesBelow = 0;
        long negativesBelow = 0;

        // From the lowest score up: what an added hit does to the precision at all scores not above its own.
        double byPositive = 0;
        double byNegative = 0;
        for (int first = 0; first < ranked.Count;)
        {
            int end = first + 1;
            while (end < ranked.Count && ranked.Score(end) == ranked.Score(first))
            {
                end++;
            }

            int tiedPositives = ranked.PositivesIn(first, end);
            int tiedNegatives = end - first - tiedPositives;
            double kept = positives - positivesBelow;
            double keptFalse = negatives - negativesBelow;
            double total = kept + keptFalse;
            byPositive += tiedPositives / positives * keptFalse / (total * total);
            byNegative -= tiedPositives / positives * kept / (total * total);
            double rankOfPositive = (negativesBelow + (tiedNegatives / 2.0)) / negatives;
            double rankOfNegative = (positives - positivesBelow - (tiedPositives / 2.0)) / positives;
            for (int rank = first; rank < end; rank++)
            {
                bool positive = ranked.Label(rank) != 0;
                onArea[ranked.Place(rank)] = positive ? (rankOfPositive - curve.Area) / positives
                    : (rankOfNegative - curve.Area) / negatives;
                onPrecision[ranked.Place(rank)] = positive ? (((kept / total) - curve.AveragePrecision) / positives) + byPositive
                    : byNegative;
            }

            positivesBelow += tiedPositives;
            negativesBelow += tiedNegatives;
            first = end;
        }

        return new(Sum(onArea, offsets), Sum(onPrecision, offsets));
    }

    private static double[] Sum(double[] hits, ReadOnlySpan<int> offsets)
    {
        double[] events = new double[offsets.Length - 1];
        for (int e = 0; e < events.Length; e++)
        {
            for (int i = offsets[e]; i < offsets[e + 1]; i++)
            {
                events[e] += hits[i];
            }
        }

        return events;
    }
}
