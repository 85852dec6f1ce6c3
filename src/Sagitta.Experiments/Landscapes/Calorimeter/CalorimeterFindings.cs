namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>What the analyses of segment networks found, in words made from their numbers.</summary>
internal static class CalorimeterFindings
{
    public static IEnumerable<Finding> Of(
        IReadOnlyList<ModelCurvature> curvatures,
        IReadOnlyList<ModelSlice> slices,
        IReadOnlyList<ModelPath> paths,
        IReadOnlyList<ModelSimilarity> similarities,
        IReadOnlyList<CalorimeterStability> stabilities,
        Func<string, double?> lambda,
        int permutations,
        RandomKey key) =>
    [
        .. CurvatureFindings.Of(curvatures),
        .. SliceFindings.Of(slices, [SegmentProbe.Hamming, SegmentProbe.CrossEntropy]),
        .. ConnectivityFindings.Of(paths, new(SegmentProbe.Hamming, "", "10^{-3}", 1e3)),
        .. SimilarityFindings.Of(similarities, permutations, key),
        .. SimilarityFindings.Against(similarities, lambda, "lambda", permutations, key.Split("lambda")),
        .. Stability(stabilities),
    ];

    private static IEnumerable<Finding> Stability(IReadOnlyList<CalorimeterStability> stabilities)
    {
        if (stabilities.Count == 0)
        {
            yield break;
        }

        yield return new(
            "How many particles are found by one seed and missed by another?",
            string.Join("; ", stabilities.Select(s => string.Create(
                CultureInfo.InvariantCulture,
                $"{s.Method} {100 * s.Flips:0.00} +- {100 * s.Error:0.00} %, against {100 * (1 - s.Efficiency):0.0} % missed by one "
                    + $"model; {100 * s.AccidentalShare:0} % of the misses are accidents"))) + ".");
        if (stabilities.FirstOrDefault(s => s.Method == "ptt") is { } separate && stabilities.Any(s => s.Method != "ptt"))
        {
            yield return new(
                "Does end-to-end training reduce that?",
                string.Join("; ", stabilities.Where(s => s.Method != "ptt").Select(s => Against(s, separate))) + ".");
        }

        yield return new(
            "What does an ensemble gain, and cost?",
            string.Join("; ", stabilities.Select(s => string.Create(
                CultureInfo.InvariantCulture,
                $"{s.Method}: efficiency {100 * s.Efficiency:0.0} to {100 * s.EnsembleEfficiency:0.0} %, purity {100 * s.Purity:0.0} to "
                    + $"{100 * s.EnsemblePurity:0.0} %, {s.Cost:0.0} times the time of one model"))) + ".");
    }

    private static string Against(CalorimeterStability joint, CalorimeterStability separate)
    {
        double difference = joint.Flips - separate.Flips;
        double error = Math.Sqrt(Math.Pow(joint.Error, 2) + Math.Pow(separate.Error, 2));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{joint.Method} minus ptt {100 * difference:+0.00;-0.00} +- {100 * error:0.00} %: {Findings.Reduces(difference, error)}");
    }
}
