namespace Sagitta.Experiments.Landscapes;

/// <summary>Comparison of what models compute.</summary>
internal sealed record SimilarityOptions
{
    /// <summary>Rows of a minibatch (published: 1,024).</summary>
    public int BatchRows { get; init; } = 1024;

    /// <summary>Minibatches, the same rows for all models.</summary>
    public int Batches { get; init; } = 12;

    /// <summary>Random regroupings of the significance test (published: 1,000).</summary>
    public int Permutations { get; init; } = 1000;
}
