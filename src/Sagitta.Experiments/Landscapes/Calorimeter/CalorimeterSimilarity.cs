namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>Similarity of segment networks on test frames: the segments that they choose, and CKA of all layers of the three
/// perceptrons.</summary>
internal static class CalorimeterSimilarity
{
    /// <summary>Names of the parts of the network.</summary>
    public static readonly string[] Modules = ["messages", "update", "read-out"];

    /// <summary>Compares all pairs of models.</summary>
    public static IReadOnlyList<ModelSimilarity> Run(LandscapeContext context, CalorimeterModels models, FrameStock stock)
    {
        if (models.All.Count < 2)
        {
            return [];
        }

        SimilarityOptions options = context.Options.Similarity;
        return context.Analyse("calorimeter similarity", "calorimeter-similarity",
            context.Origin(options, models.All.Select(m => m.Name.Fingerprint)), () =>
        {
            IReadOnlyList<LandscapeFrame> frames = stock.Take("test", 3 * context.Options.Data.Waters.Count);
            bool[] truth = [.. frames.SelectMany(f => f.Input.Graph.Label.ToArray())];
            bool[][] chosen = [.. models.All.Select(m => Chosen(context, m.Model, frames))];
            using IStageProgress stage = context.Progress.Begin("CKA of the segment networks", options.Batches, "minibatches");
            double[][][] alignments = AlignmentAnalysis.Run(
                models.All.Count,
                options.Batches,
                (model, batch) => Layers(models.All[model].Model, frames[batch % frames.Count], options.BatchRows, context.Key.Split("rows")
                    .Split((ulong)batch)),
                context.Threads,
                stage,
                context.Stop);
            return AlignmentAnalysis.Pairs(models.All.Count)
                .Select((pair, i) => new ModelSimilarity(
                    models.All[pair.First].Name, models.All[pair.Second].Name, Disagreement.Of(
                        chosen[pair.First], chosen[pair.Second], truth), Modules, alignments[i]))
                .ToArray();
        });
    }

    private static bool[] Chosen(LandscapeContext context, CalorimeterModel model, IReadOnlyList<LandscapeFrame> frames)
    {
        float[][] scores = CalorimeterDecisions.Scores(model, frames, context.Threads);
        return [.. frames.SelectMany((f, i) => CalorimeterDecisions.Chosen(
            f.Input.Graph, CalorimeterDecisions.Assign(f.Input.Graph, scores[i])))];
    }

    // Rows are drawn with replacement from the whole frame, the same for every model.
    private static IReadOnlyList<IReadOnlyList<ActivationBatch>> Layers(
        CalorimeterModel model, LandscapeFrame frame, int rows, RandomKey key)
    {
        RandomDraws draws = key.Draws();
        int[] links = new int[rows];
        int[] segments = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            links[i] = draws.NextIndex(2 * frame.Input.Graph.Links);
            segments[i] = draws.NextIndex(frame.Input.Graph.Count);
        }

        using Tape<float> tape = new(recording: false);
        tape.Bind(model.Parameters);
        List<Tensor<float>>[] layers = [[], [], []];
        ((SegmentNetwork)model.Network).ForwardLayers(tape, frame.Input, links, segments, layers[0], layers[1], layers[2]);
        return [.. layers.Select(part => (IReadOnlyList<ActivationBatch>)[
            .. part.Select(t => new ActivationBatch(t.Values, t.Rows, t.Columns))])];
    }
}
