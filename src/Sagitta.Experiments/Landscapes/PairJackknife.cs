namespace Sagitta.Experiments.Landscapes;

/// <summary>
/// The standard error, from the choice of seeds, of a mean over all pairs of models: each model left out in turn with all its pairs
/// (jackknife; Efron and Stein, Annals of Statistics 9, 1981). Pairs share models, so their spread over the root of their number would be
/// too small.
/// </summary>
internal static class PairJackknife
{
    /// <summary>The error; NaN with fewer than three models.</summary>
    /// <param name="models">Number of models.</param>
    /// <param name="pairs">Values of the pairs, in the order (0, 1), (0, 2), ... (1, 2), ...</param>
    public static double Error(int models, IReadOnlyList<double> pairs)
    {
        if (models < 3)
        {
            return double.NaN;
        }

        double[] without = new double[models];
        int count = (models - 1) * (models - 2) / 2;
        for (int left = 0; left < models; left++)
        {
            int pair = 0;
            for (int a = 0; a < models; a++)
            {
                for (int b = a + 1; b < models; b++, pair++)
                {
                    without[left] += a != left && b != left ? pairs[pair] / count : 0;
                }
            }
        }

        double mean = without.Average();
        return Math.Sqrt((models - 1.0) / models * without.Sum(v => (v - mean) * (v - mean)));
    }
}
