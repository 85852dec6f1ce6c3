using System.Diagnostics;

namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>The tables and figures of the published study that need no landscape: graph sizes, operations, times, the edge filter, purity
/// and efficiency.</summary>
internal sealed record CalorimeterTables(
    IReadOnlyList<GraphStatistics> Graphs, IReadOnlyList<FrameTimes> Times, EdgeFilter Filter, IReadOnlyList<SampleQuality> Results)
{
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

                        foreach ((ModelName name, CalorimeterModel model) in models.All.Concat(models.HitGraph))
                        {
                            CalorimeterMetrics metrics = new(evaluation.Run(model, frames));
                            results.Add(new(name, model.Experiment.Network.Graph == ScoredGraph.Hit, data.Waters[w], protons,
                                metrics.Purity, metrics.PurityError, metrics.Efficiency, metrics.EfficiencyError,
                                metrics.EfficiencyReference));
                        }
                    }

                    stage.Advance();
                }
            }

            return new CalorimeterTables(graphs, times, EdgeFilter.Of(stock.Take("train", context.Options.Curvature.Frames)), results);
        });

    // One thread; the quickest of a few repetitions is the least disturbed one.
    private static FrameTimes Time(string graph, int water, int protons, IReadOnlyList<CalorimeterFrame> frames, CalorimeterModel model)
    {
        using CalorimeterChain reconstruction = new();
        using Tape<float> tape = new(recording: false);
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

/// <summary>Mean time of a frame on one thread in ms, the quickest of five repetitions of each frame: graph and scores, and all the way
/// to tracks.</summary>
internal sealed record FrameTimes(string Graph, int Water, int Protons, double Prediction, double Reconstruction);

/// <summary>How well one model finds tracks on one sample (water in mm): means over frames with their standard errors, and the efficiency
/// as published counts it.</summary>
internal sealed record SampleQuality(
    ModelName Model, bool HitGraph, int Water, int Protons, double Purity, double PurityError, double Efficiency, double EfficiencyError,
    double EfficiencyReference)
{
    public string Label => (HitGraph ? PublishedResults.HitGraph : "") + Model.Method;
}

/// <summary>Sizes of the graphs of one kind of frame, mean and standard deviation over frames, and the operations (1e9) of a forward pass
/// as published counts them. Segments are edges of the hit graph and nodes of the line graph, whose edges count in both directions; the hit
/// graph's network has the published width of 64.</summary>
internal sealed record GraphStatistics(
    int Water, int Protons, int Frames, double Hits, double HitsSpread, double Segments, double SegmentsSpread, double Edges,
        double EdgesSpread, double Operations, double HitOperations)
{
    // Published counting: 1 for each multiply-add of a linear layer, 5 for each element of a normalisation.
    private const double PerEdge = (5 * 144) + (144 * 16) + (5 * 16) + (16 * 16) + (5 * 16) + (16 * 16);
    private const double PerSegment = (5 * 24) + (24 * 16) + (5 * 16) + (16 * 16) + (5 * 16) + (16 * 16) + (5 * 16) + (5 * 16) + (
        16 * 16) + (5 * 16) + (16 * 16) + (5 * 16) + 16;

    // The hit graph: messages from 11 and a score from 192 numbers for each segment, an update from 68 for each hit.
    private const double HitPerSegment = (5 * 11) + (11 * 64) + (2 * ((5 * 64) + (64 * 64))) + (5 * 192) + (192 * 64) + (5 * 64) + (
        64 * 64) + (5 * 64) + 64;
    private const double HitPerHit = (5 * 68) + (68 * 64) + (2 * ((5 * 64) + (64 * 64))) + (5 * 64);

    public static GraphStatistics Of(int water, int protons, IReadOnlyList<CalorimeterFrame> frames, GateOptions gates)
    {
        SegmentGraph graph = new();
        double[][] counts = [.. frames.Select(frame =>
        {
            graph.Build(frame, gates);
            return new double[] { frame.Count, graph.Count, 2.0 * graph.Links };
        })];
        (double hits, double hitsSpread) = Moments(counts, 0);
        (double segments, double segmentsSpread) = Moments(counts, 1);
        (double edges, double edgesSpread) = Moments(counts, 2);
        return new(water, protons, frames.Count, hits, hitsSpread, segments, segmentsSpread, edges, edgesSpread,
            ((edges * PerEdge) + (segments * PerSegment)) * 1e-9, ((segments * HitPerSegment) + (hits * HitPerHit)) * 1e-9);
    }

    private static (double Mean, double Spread) Moments(double[][] counts, int column)
    {
        if (counts.Length == 0)
        {
            return (double.NaN, double.NaN);
        }

        double mean = counts.Average(c => c[column]);
        return (mean, Math.Sqrt(counts.Average(c => (c[column] - mean) * (c[column] - mean))));
    }
}

/// <summary>The share of pairs of hits that a limit on the angle to the beam (rad) removes: of true and of all pairs, between calorimeter
/// layers and towards the tracker (deeper hit below layer 3).</summary>
internal sealed record EdgeFilter(double[] Thresholds, double[] TrueCalorimeter, double[] AllCalorimeter, double[] TrueTracker,
    double[] AllTracker)
{
    /// <summary>Counts over frames, at the published limits from 0 to 0.6 rad.</summary>
    public static EdgeFilter Of(IReadOnlyList<LandscapeFrame> frames)
    {
        // Just short of a right angle every pair of neighbouring layers is an edge.
        GateOptions open = new() { CalorimeterAngle = 1.57, TrackerAngle = 1.57 };
        double[] thresholds = [.. Enumerable.Range(0, 13).Select(i => 0.05 * i)];
        double[][] kept = [new double[13], new double[13], new double[13], new double[13]];
        double[] all = new double[4];
        SegmentGraph graph = new();
        foreach (LandscapeFrame frame in frames)
        {
            graph.Build(frame.Frame, open);
            for (int e = 0; e < graph.Count; e++)
            {
                int a = graph.Deeper[e];
                int b = graph.Shallower[e];
                double angle = Math.Atan2(
                    Math.Sqrt(Math.Pow(frame.Frame.X[a] - frame.Frame.X[b], 2) + Math.Pow(frame.Frame.Y[a] - frame.Frame.Y[b], 2)),
                        frame.Frame.Z[a] - frame.Frame.Z[b]);
                int group = frame.Frame.Layer[a] < 3 ? 2 : 0;
                Count(group + 1, angle);
                if (graph.Label[e])
                {
                    Count(group, angle);
                }
            }
        }

        return new(thresholds, Removed(0), Removed(1), Removed(2), Removed(3));

        void Count(int group, double angle)
        {
            all[group]++;
            for (int i = 0; i < thresholds.Length; i++)
            {
                kept[group][i] += angle < thresholds[i] ? 1 : 0;
            }
        }

        double[] Removed(int group) => [.. kept[group].Select(k => 1 - (k / Math.Max(1, all[group])))];
    }
}
