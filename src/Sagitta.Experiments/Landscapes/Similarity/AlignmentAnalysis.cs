namespace Sagitta.Experiments.Landscapes.Similarity;

/// <summary>CKA between all pairs of models, minibatch by minibatch, so that the layers of only one minibatch are held at a time.</summary>
internal static class AlignmentAnalysis
{
    /// <summary>Aligns all pairs.</summary>
    /// <param name="models">Number of models.</param>
    /// <param name="batches">Number of minibatches.</param>
    /// <param name="layers">Layers of each part of a model for a minibatch, by model and minibatch; called once for each.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="stage">Told of each minibatch.</param>
    /// <param name="stop">Stops between minibatches.</param>
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
    public static IEnumerable<(int First, int Second)> Pairs(int models)
    {
        for (int i = 0; i < models; i++)
        {
            for (int j = i + 1; j < models; j++)
            {
                yield return (i, j);
            }
        }
    }
}
