namespace Sagitta.Experiments.Landscapes.Similarity;

/// <summary>How alike two models are: disagreement of their decisions, and for each part of the network the CKA of every layer with every
/// layer, row by row.</summary>
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

    /// <summary>Name of the group of pairs of two methods that began at the same weights.</summary>
    public const string OneSeed = "one seed";

    /// <summary>Whether both are of one method: they differ in initialisation alone.</summary>
    public bool OneMethod => First.Method == Second.Method;
    /// <summary>As <see cref="Group"/>, but pairs of two methods are grouped by the families of these ("pat / pat", "pat / ptt"), and those
    /// that began at the same weights are a group of their own.</summary>
    public string Family => OneMethod ? First.Method : First.Seed == Second.Seed ? OneSeed : Joined(First.Family, Second.Family);
    /// <summary>"ptt", or "pat-25 / ptt" for two methods.</summary>
    public string Group => OneMethod ? First.Method : Joined(First.Method, Second.Method);

    private static string Joined(string first, string second) =>
        string.CompareOrdinal(first, second) <= 0 ? $"{first} / {second}" : $"{second} / {first}";
}

/// <summary>CKA between all pairs of models, minibatch by minibatch, so that the layers of only one minibatch are held at a time.</summary>
internal static class AlignmentAnalysis
{
    /// <summary>Aligns all pairs.</summary>
    /// <returns>For each pair (first below second, in order) and each part the CKA of every layer with every layer.</returns>
    public static double[][][] Run(
        int models, int batches, Func<int, int, IReadOnlyList<IReadOnlyList<ActivationBatch>>> layers, WorkerThreads threads,
            IStageProgress stage, CancellationToken stop)
    {
        (int First, int Second)[] pairs = [.. Pairs(models)];
        KernelAlignment[][] alignments = new KernelAlignment[pairs.Length][];
        for (int batch = 0; batch < batches; batch++)
        {
            stop.ThrowIfCancellationRequested();
            IReadOnlyList<IReadOnlyList<ActivationBatch>>[] activations = new IReadOnlyList<IReadOnlyList<ActivationBatch>>[models];
            int number = batch;
            threads.Run(models, (model, _) => activations[model] = layers(model, number));
            threads.Run(pairs.Length, (pair, _) =>
            {
                (int first, int second) = pairs[pair];
                alignments[pair] ??= [.. activations[first].Zip(activations[second], (a, b) => new KernelAlignment(a.Count, b.Count))];
                for (int part = 0; part < alignments[pair].Length; part++)
                {
                    alignments[pair][part].Add(activations[first][part], activations[second][part]);
                }
            });
            stage.Advance();
        }

        return [.. alignments.Select(pair => pair.Select(part => part.Values()).ToArray())];
    }

    /// <summary>All pairs of that many models.</summary>
    public static IEnumerable<(int First, int Second)> Pairs(int models) =>
        from i in Enumerable.Range(0, models)
        from j in Enumerable.Range(i + 1, models - i - 1)
        select (i, j);
}
