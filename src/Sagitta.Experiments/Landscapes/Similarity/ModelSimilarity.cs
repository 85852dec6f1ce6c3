namespace Sagitta.Experiments.Landscapes.Similarity;

/// <summary>How alike two models are.</summary>
/// <param name="First">One model.</param>
/// <param name="Second">The other.</param>
/// <param name="Disagreement">Of their decisions.</param>
/// <param name="Modules">Names of the parts of the network that are compared.</param>
/// <param name="Alignments">For each part the CKA of every layer with every layer, row by row.</param>
internal sealed record ModelSimilarity(ModelName First, ModelName Second, Disagreement Disagreement, IReadOnlyList<string> Modules,
    double[][] Alignments)
{
    /// <summary>Mean of the whole layer-by-layer matrix of a part, as published.</summary>
    public double MeanOf(int module) => Alignments[module].Average();

    /// <summary>Mean of equal layers of a part.</summary>
    public double DiagonalOf(int module)
    {
        double[] values = Alignments[module];
        int layers = (int)Math.Round(Math.Sqrt(values.Length));
        return Enumerable.Range(0, layers).Average(i => values[(i * layers) + i]);
    }

    /// <summary>
    /// As <see cref="Group"/>, but all pairs of two different methods of one kind ("pat-25", "pat-50") or of two kinds are one group, "pat
    /// / pat" and "pat / ptt", and those that began at the same weights another, "one seed".
    /// </summary>
    public string Family => First.Method == Second.Method ? First.Method
        : First.Seed == Second.Seed ? "one seed"
        : string.Join(" / ", new[] { Kind(First.Method), Kind(Second.Method) }.Order(StringComparer.Ordinal));

    private static string Kind(string method) => method.StartsWith("pat-", StringComparison.Ordinal) ? "pat" : method;

    /// <summary>"ptt", or "pat-25 / ptt" for two methods.</summary>
    public string Group => First.Method == Second.Method ? First.Method
        : string.Join(" / ", new[] { First.Method, Second.Method }.Order(StringComparer.Ordinal));
}
