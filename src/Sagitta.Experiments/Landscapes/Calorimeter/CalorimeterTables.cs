using System.Diagnostics;

namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>The tables and figures of the published study that need no landscape: graph sizes, operations, times, the edge filter, purity
/// and efficiency.</summary>
/// <param name="Graphs">Sizes for each thickness and occupancy.</param>
/// <param name="Times">Milliseconds for each of them.</param>
/// <param name="Filter">The edge filter.</param>
/// <param name="Results">Purity and efficiency of each model on each sample.</param>
internal sealed record CalorimeterTables(
    IReadOnlyList<GraphStatistics> Graphs, IReadOnlyList<FrameTimes> Times, EdgeFilter Filter, IReadOnlyList<SampleQuality> Results)
{
    /// <summary>Makes all of them on test frames.</summary>
    public static CalorimeterTables Run(LandscapeContext context, CalorimeterModels models, FrameStock stock) =>
        context.Analyse("calorimeter tables", "calorimeter-tables",
            context.Origin(context.Options.Data, models.All.Concat(models.HitGraph).Select(m => m.Name.Fingerprint)), () =>
        {
            LandscapeDataOptions data = context.Options.Data;
            IReadOnlyList<CalorimeterEvents> events = stock.Events("test");
            using CalorimeterEvaluation evaluation = new(context.Threads);
            using IStageProgress stage = context.Progress.Begin(
                "tables of the segment networks", data.Waters.Count * data.TestProtons.Count, "samples");
            List<GraphStatistics> graphs = [];
            List<FrameTimes> times = [];
            List<SampleQuality> results = [];
            for (int w = 0; w < data.Waters.Count; w++)
            {
                foreach (int protons in data.TestProtons)
                {
                    context.Stop.ThrowIfCancellationRequested();
                    IReadOnlyList<CalorimeterFrame> frames = events[w].Frames(protons, data.TestFrames);
                    graphs.Add(GraphStatistics.Of(data.Waters[w], protons, frames, models.All[0].Model.Experiment.Gates));
                    if (frames.Count > 0)
                    {
                        times.Add(Time("line graph", data.Waters[w], protons, frames, models.All[0].Model));
                        if (models.HitGraph.Count > 0)
                        {
                            times.Add(Time("hit graph", data.Waters[w], protons, frames, models.HitGraph[0].Model));
                        }

                        foreach ((ModelName name, CalorimeterModel model) in models.All.Concat(
                            models.HitGraph.Select(m => (Labelled(m.Name), m.Model))))
                        {
                            CalorimeterMetrics metrics = new(evaluation.Run(model, frames));
                            results.Add(new(name, data.Waters[w], protons, metrics.Purity, metrics.PurityError, metrics.Efficiency,
                                metrics.EfficiencyError, metrics.EfficiencyReference));
                        }
                    }

                    stage.Advance();
                }
            }

            return new CalorimeterTables(graphs, times, EdgeFilter.Of(stock.Take("train", context.Options.Curvature.Frames)), results);
        });

    // Methods are told apart by their names, so those of the hit graph say so.
    private static ModelName Labelled(ModelName name) => name with { Method = PublishedResults.HitGraph + name.Method };

    // One thread; the quickest of a few repetitions is the least disturbed one.
    private static FrameTimes Time(string graph, int water, int protons, IReadOnlyList<CalorimeterFrame> frames, CalorimeterModel model)
    {
        using CalorimeterChain reconstruction = new();
        using Autodiff.Tensors.Tape<float> tape = new(recording: false);
        SegmentInput input = new();
        double[] prediction = [.. frames.Take(6).Select(frame => Best(() =>
        {
            input.Set(frame, model.Experiment.Gates, withMoments: false);
            tape.Reset();
            tape.Bind(model.Parameters);
            model.Network.Forward(tape, input);
        }))];
        double[] whole = [.. frames.Take(6).Select(frame => Best(() => reconstruction.Reconstruct(frame, model)))];
        return new(graph, water, protons, prediction.Average(), whole.Average());
    }

    private static double Best(Action work)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < 5; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }

        return best;
    }
}
