namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>Similarity of hit scorers: the hits that they keep (weight above one half in each model's reading), and CKA of the outputs of
/// their blocks over hits.</summary>
internal static class MuonSimilarity
{
    // Events whose hits make up a minibatch and more.
    private const int EventsPerBatch = 16;

    /// <summary>Compares all pairs of models.</summary>
    public static IReadOnlyList<ModelSimilarity> Run(
        LandscapeContext context, MuonLandscapeModels models, MuonChain chain, Lazy<EventSet> sample)
    {
        if (models.All.Count < 2)
        {
            return [];
        }

        SimilarityOptions options = context.Options.Similarity;
        return context.Analyse("muon similarity", "muon-similarity",
            context.Origin(options, models.All.Select(m => m.Name.Fingerprint)), () =>
        {
            EventSet events = sample.Value;
            MuonEvaluation evaluation = new(chain, context.Threads);
            bool[] truth = [.. events.LabelHit.Select(label => label != 0)];
            bool[][] kept = [.. models.All.Select(m => m.Model.Reading.Weights(evaluation.Logits(m.Model.Parameters, events).Weight)
                .Select(w => w > 0.5).ToArray())];
            using IStageProgress stage = context.Progress.Begin("CKA of the hit scorers", options.Batches, "minibatches");
            double[][][] alignments = AlignmentAnalysis.Run(
                models.All.Count,
                options.Batches,
                (model, batch) => [Blocks(models.All[model].Model, chain, events, batch, options.BatchRows, context.Key.Split("rows")
                    .Split((ulong)batch))],
                context.Threads,
                stage,
                context.Stop);
            return AlignmentAnalysis.Pairs(models.All.Count)
                .Select((pair, i) => new ModelSimilarity(
                    models.All[pair.First].Name, models.All[pair.Second].Name, Disagreement.Of(
                        kept[pair.First], kept[pair.Second], truth), ["blocks"], alignments[i]))
                .ToArray();
        });
    }

    private static ActivationBatch[] Blocks(MuonModel model, MuonChain chain, EventSet events, int batch, int rows, RandomKey key)
    {
        int groups = Math.Max(1, events.Count / EventsPerBatch);
        int first = batch % groups * EventsPerBatch;
        HitGraph graph = new();
        chain.Graphs.Build(events.Hits, [.. Enumerable.Range(first, Math.Min(EventsPerBatch, events.Count - first))], graph);
        RandomDraws draws = key.Draws();
        int[] hits = [.. Enumerable.Range(0, rows).Select(_ => draws.NextIndex(graph.Hits))];
        using Tape<float> tape = new(recording: false);
        tape.Bind(model.Parameters);
        List<Tensor<float>> blocks = [];
        chain.Scorer.Forward(tape, graph, blocks);
        return [.. blocks.Select(block =>
        {
            float[] values = new float[rows * block.Columns];
            for (int i = 0; i < rows; i++)
            {
                block.Values.Slice(hits[i] * block.Columns, block.Columns).CopyTo(values.AsSpan(i * block.Columns));
            }

            return new ActivationBatch(values, rows, block.Columns);
        })];
    }
}
