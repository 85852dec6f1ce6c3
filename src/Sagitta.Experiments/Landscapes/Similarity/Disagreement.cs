namespace Sagitta.Experiments.Landscapes.Similarity;

/// <summary>How often two models decide differently, and that share between the least and the most that their error rates a and b allow
/// (Klabunde et al., arXiv:2305.06329, section on functional similarity): (share - |a - b|) / (min(a + b, 1) - |a - b|), 0 if one's errors
/// are all the other's too, 1 if they share none, NaN if both bounds are equal.</summary>
internal sealed record Disagreement(double Share, double Normalised, double FirstErrors, double SecondErrors)
{
    /// <summary>Compares decisions with each other and with the truth.</summary>
    public static Disagreement Of(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second, ReadOnlySpan<bool> truth)
    {
        if (first.Length != truth.Length || second.Length != truth.Length)
        {
            throw new ArgumentException($"There are {first.Length} and {second.Length} decisions for {truth.Length} truths.",
                nameof(truth));
        }

        int differ = 0, wrongFirst = 0, wrongSecond = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            differ += first[i] != second[i] ? 1 : 0;
            wrongFirst += first[i] != truth[i] ? 1 : 0;
            wrongSecond += second[i] != truth[i] ? 1 : 0;
        }

        double n = Math.Max(1, truth.Length);
        double a = wrongFirst / n, b = wrongSecond / n, share = differ / n;
        double least = Math.Abs(a - b);
        double most = Math.Min(a + b, 1);
        return new(share, most > least ? (share - least) / (most - least) : double.NaN, a, b);
    }
}

/// <summary>Welch's t of two groups, positive if the first mean is higher, with a one-sided p-value: the share of regroupings, the observed
/// one counted, with at least this t.</summary>
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
