namespace Sagitta.Tracking.Metrics;

/// <summary>Holm's step-down correction of several tests (Scand. J. Statist. 6 (1979) 65): the probability of any false answer among them
/// is at most the level at which corrected p-values are judged, however the tests depend on each other.</summary>
internal static class HolmCorrection
{
    /// <summary>Corrected p-values in the order of <paramref name="pValues"/>: of m tests the k-th smallest is multiplied by m - k + 1, is
    /// no smaller than the one before it, and at most 1. NaN stays NaN and counts as a test.</summary>
    public static double[] Corrected(ReadOnlySpan<double> pValues)
    {
        double[] corrected = pValues.ToArray();
        int[] order = [.. Enumerable.Range(0, corrected.Length).OrderBy(i => double.IsNaN(corrected[i]) ? 2 : corrected[i])];
        double largest = 0;
        for (int k = 0; k < order.Length; k++)
        {
            double scaled = Math.Min(1, corrected[order[k]] * (order.Length - k));
            corrected[order[k]] = double.IsNaN(scaled) ? double.NaN : largest = Math.Max(largest, scaled);
        }

        return corrected;
    }
}
