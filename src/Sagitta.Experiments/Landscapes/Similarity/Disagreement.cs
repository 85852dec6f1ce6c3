namespace Sagitta.Experiments.Landscapes.Similarity;

/// <summary>
/// How often two models decide differently, and that share between the least and the most that their error rates allow (Klabunde et al.,
/// arXiv:2305.06329, section on functional similarity): 0 if one's errors are all the other's too, 1 if they share none.
/// </summary>
/// <param name="Share">Share of decisions that differ.</param>
/// <param name="Normalised">(share - least) / (most - least) with least = |a - b|, most = min(a + b, 1) of the error rates; NaN if both are
/// equal.</param>
/// <param name="FirstErrors">Error rate of the first model.</param>
/// <param name="SecondErrors">Error rate of the second model.</param>
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
