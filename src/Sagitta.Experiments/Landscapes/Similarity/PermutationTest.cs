namespace Sagitta.Experiments.Landscapes.Similarity;

/// <summary>Welch's t of two groups with a one-sided p-value from random regroupings.</summary>
/// <param name="T">Welch's t: positive if the first group's mean is higher.</param>
/// <param name="P">Share of regroupings, the observed one counted, with at least this t.</param>
internal sealed record PermutationTest(double T, double P)
{
    /// <summary>Tests whether the first group has the higher mean; NaN with fewer than two values in a group.</summary>
    public static PermutationTest Higher(IReadOnlyList<double> first, IReadOnlyList<double> second, int permutations, RandomKey key)
    {
        if (first.Count < 2 || second.Count < 2)
        {
            return new(double.NaN, double.NaN);
        }

        double[] all = [.. first, .. second];
        double observed = Welch(all, first.Count);
        RandomDraws draws = key.Draws();
        int asHigh = 1;
        for (int p = 0; p < permutations; p++)
        {
            for (int i = all.Length - 1; i > 0; i--)
            {
                int j = draws.NextIndex(i + 1);
                (all[i], all[j]) = (all[j], all[i]);
            }

            asHigh += Welch(all, first.Count) >= observed ? 1 : 0;
        }

        return new(observed, asHigh / (permutations + 1.0));
    }

    private static double Welch(double[] values, int border)
    {
        (double meanA, double errorA) = Moments(values.AsSpan(0, border));
        (double meanB, double errorB) = Moments(values.AsSpan(border));
        double error = Math.Sqrt(errorA + errorB);
        return error > 0 ? (meanA - meanB) / error : Math.Sign(meanA - meanB) * double.MaxValue;
    }

    private static (double Mean, double SquaredError) Moments(ReadOnlySpan<double> values)
    {
        double mean = 0;
        foreach (double value in values)
        {
            mean += value / values.Length;
        }

        double variance = 0;
        foreach (double value in values)
        {
            variance += (value - mean) * (value - mean) / (values.Length - 1);
        }

        return (mean, variance / values.Length);
    }
}
