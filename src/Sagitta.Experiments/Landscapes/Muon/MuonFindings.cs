namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>What the analyses of hit scorers found, in words made from their numbers.</summary>
internal static class MuonFindings
{
    public static IEnumerable<Finding> Of(
        IReadOnlyList<ModelCurvature> curvatures,
        IReadOnlyList<ModelSlice> slices,
        IReadOnlyList<ModelPath> paths,
        IReadOnlyList<ModelSimilarity> similarities,
        IReadOnlyList<MuonStability> stabilities,
        int permutations,
        RandomKey key) =>
    [
        .. CurvatureFindings.Of(curvatures),
        .. SliceFindings.Of(slices, [CompositeProbe.Fit, CompositeProbe.Classification]),
        .. ConnectivityFindings.Of(paths, new(CompositeProbe.Composite, "", "", 1)),
        .. ConnectivityFindings.Of(paths, new(CompositeProbe.Classification, "", "", 1)),
        .. SimilarityFindings.Of(similarities, permutations, key),
        .. Stability(stabilities),
    ];

    private static IEnumerable<Finding> Stability(IReadOnlyList<MuonStability> stabilities)
    {
        if (stabilities.Count == 0)
        {
            yield break;
        }

        yield return new(
            "How much does q/pT of one event change with the seed?",
            string.Join("; ", stabilities.Select(s => string.Create(
                CultureInfo.InvariantCulture,
                $"{s.Method} {s.Instability:0.000} +- {s.Error:0.000} limits, {100 * Math.Pow(s.Instability / s.CoreWidth, 2):0.0} % of "
                    + $"the squared core width {s.CoreWidth:0.000}"))) + ".");
        MuonStability? factorised = stabilities.FirstOrDefault(s => s.Method == MuonMethod.Factorised.Name);
        MuonStability? joint = stabilities.FirstOrDefault(s => s.Method == MuonMethod.EndToEnd.Name);
        if (factorised is not null && joint is not null)
        {
            double difference = joint.Instability - factorised.Instability;
            double error = Math.Sqrt(Math.Pow(joint.Error, 2) + Math.Pow(factorised.Error, 2));
            yield return new(
                "Does end-to-end training reduce that?",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"end-to-end minus factorised {difference:+0.000;-0.000} +- {error:0.000} limits (events and seeds; {joint.Seeds} "
                    + $"and {factorised.Seeds} seeds): {Findings.Reduces(difference, error)}."));
        }

        yield return new(
            "What does an ensemble gain, and cost?",
            string.Join("; ", stabilities.Select(s => string.Create(
                CultureInfo.InvariantCulture,
                $"{s.Method}: core {s.CoreWidth:0.000} to {s.EnsembleCoreWidth:0.000} limits, beyond 5 limits {100 * s.Tail5:0.00} to "
                    + $"{100 * s.EnsembleTail5:0.00} %, {s.Cost:0.0} times the time of one model"))) + ".");
    }
}
