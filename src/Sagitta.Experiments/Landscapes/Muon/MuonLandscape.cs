using System.Text.Json.Nodes;
using Sagitta.Autodiff.Randomness;
using Sagitta.Experiments.Landscapes.Calorimeter;
using Sagitta.Experiments.Landscapes.Connectivity;
using Sagitta.Experiments.Landscapes.Curvature;
using Sagitta.Experiments.Landscapes.Similarity;
using Sagitta.Experiments.Landscapes.Slices;
using Sagitta.Experiments.Muon;
using Sagitta.Experiments.Progress;
using Sagitta.Experiments.Reports.Documents;
using Sagitta.Physics.Detectors;
using Sagitta.Physics.Events;
using Sagitta.Physics.Simulation;

namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>All analyses of hit scorers: the composite loss with and without its fit terms around both methods, paths, similarity, stability.</summary>
internal static class MuonLandscape
{
    /// <summary>Runs what the models allow; false if there are none.</summary>
    public static bool Run(LandscapeContext context, IReadOnlyList<string> places, JsonObject summary, List<Block> blocks, List<(string Name, string Value)> facts)
    {
        MuonLandscapeModels models = new(places);
        if (models.All.Count == 0)
        {
            return false;
        }

        MuonExperiment experiment = models.All[0].Model.Experiment;
        Detector detector = DetectorFile.Load(experiment.Detector);
        MuonChain chain = new(experiment, detector);
        Lazy<EventSet> training = new(() => Simulate("training", context.Options.Data.MuonEvents));
        Lazy<EventSet> test = new(() => Simulate("test", context.Options.Data.MuonTestEvents));
        ModelName[] names = [.. models.All.Select(m => m.Name)];
        facts.Add(("Muon models", string.Join(", ", names.Select(m => m.ToString()))));
        IReadOnlyList<ModelCurvature> curvature = Curvature(context, models, chain, training);
        IReadOnlyList<ModelSlice> slices = Slices(context, models, chain, training, curvature);
        IReadOnlyList<ModelPath> paths = Paths(context, models, chain, training);
        IReadOnlyList<ModelSimilarity> similarities = MuonSimilarity.Run(context, models, chain, test);
        IReadOnlyList<MuonStability> stabilities = MuonStability.Run(context, models, chain, test);
        summary["muon"] = new JsonObject
        {
            ["models"] = new JsonArray([.. names.Select(m => (JsonNode)m.ToString())]),
            ["curvature"] = CurvatureSummary.Of(curvature),
            ["slices"] = SliceSummary.Of(slices),
            ["connectivity"] = ConnectivityReport.Summary(paths),
            ["similarity"] = SimilarityReport.Summary(similarities),
            ["stability"] = MuonStabilityReport.Summary(stabilities),
        };
        blocks.Add(new Heading("Muons: curvature"));
        blocks.Add(new Paragraph("The composite loss is the same function around both methods: class-balanced cross-entropy of hits plus the weighted residual of q/pT through clustering and fit. "
            + "`classification` is its first term alone, which is all that `factorised` was trained on."));
        blocks.AddRange(CurvatureReport.Of(curvature));
        blocks.Add(new Heading("Muons: slices"));
        blocks.AddRange(SliceReport.Of(slices, [CompositeProbe.Composite, CompositeProbe.Classification, CompositeProbe.Fit]));
        blocks.Add(new Heading("Muons: paths between models"));
        blocks.AddRange(ConnectivityReport.Of(
            paths,
            [new(CompositeProbe.Composite, "Composite loss", "", 1), new(CompositeProbe.Classification, "Classification", "", 1), new(CompositeProbe.Fit, "Fit term", "", 1)],
            ConnectivityReport.Missing(paths, names)));
        blocks.Add(new Heading("Muons: similarity"));
        blocks.AddRange(SimilarityReport.Of(similarities, context.Options.Similarity.Permutations, context.Key.Split("permutations")));
        blocks.Add(new Heading("Muons: stability and ensembles"));
        blocks.AddRange(MuonStabilityReport.Of(stabilities));
        return true;

        EventSet Simulate(string purpose, int count)
        {
            using IStageProgress stage = context.Progress.Begin($"simulate muons, {purpose}", count, "events");
            return MuonSimulation.Generate(
                detector,
                new() { Digitisation = new() { Background = new() { KHzPerCm2 = [context.Options.Data.MuonBackground] } } },
                RandomKey.FromSeed(0).Split("landscape").Split(purpose).State,
                0,
                count,
                context.Threads);
        }
    }

    private static List<ModelCurvature> Curvature(LandscapeContext context, MuonLandscapeModels models, MuonChain chain, Lazy<EventSet> events)
    {
        MuonLossOptions options = models.CompositeLoss;
        List<ModelCurvature> results = [];
        foreach ((ModelName name, MuonModel model) in models.Leading(context.Options.ModelsPerMethod))
        {
            bool whole = !results.Exists(r => r.Model.Method == name.Method);
            foreach (bool withFit in (bool[])[false, true])
            {
                string loss = withFit ? "composite" : "classification";
                CurvatureResult result = context.Store.Get(
                    $"muon-curvature-{name.Slug}-{loss}",
                    context.Origin(context.Options.Curvature, name.Fingerprint, options.ToString(), whole ? "whole" : "leading"),
                    () =>
                    {
                        MuonSample sample = new(chain, events.Value, context.Options.Curvature.Events, options.Classification);
                        using CompositeLoss objective = new(sample, options, withFit, context.Threads);
                        using IStageProgress stage = context.Progress.Begin($"curvature of {loss}, {name}", 0, "products");
                        return CurvatureAnalysis.Run(
                            objective, CalorimeterCurvature.Centre(model.Parameters), context.Options.Curvature, whole, context.Key.Split("curvature").Split(name.Slug), stage, context.Stop);
                    });
                results.Add(new(name, loss, withFit == model.Experiment.Loss.EndToEnd, result));
            }
        }

        return results;
    }

    private static List<ModelSlice> Slices(LandscapeContext context, MuonLandscapeModels models, MuonChain chain, Lazy<EventSet> events, IReadOnlyList<ModelCurvature> curvatures)
    {
        List<ModelSlice> slices = [];
        foreach ((ModelName name, MuonModel model) in models.Leading(context.Options.ModelsPerMethod))
        {
            bool first = !slices.Exists(s => s.Model.Method == name.Method);
            slices.AddRange(SliceAnalysis.Run(
                context,
                "muon",
                name,
                chain.Scorer.Layout,
                CalorimeterCurvature.Centre(model.Parameters),
                curvatures.First(c => c.Model == name && c.Own).Result,
                [("", () => Probe(context, models, chain, events.Value, context.Options.Slices.Events))],
                first));
        }

        return slices;
    }

    private static IReadOnlyList<ModelPath> Paths(LandscapeContext context, MuonLandscapeModels models, MuonChain chain, Lazy<EventSet> events)
    {
        if (models.All.Count < 2)
        {
            return [];
        }

        MuonLossOptions options = models.CompositeLoss;
        MuonSample sample = new(chain, events.Value, context.Options.Connectivity.Events, options.Classification);
        using CompositeProbe probe = Probe(context, models, chain, events.Value, Math.Max(8, context.Options.Connectivity.Events / 3));
        using CompositeCurveLoss classification = new(sample, options, withFit: false, context.Threads.Count);
        using CompositeCurveLoss composite = new(sample, options, withFit: true, context.Threads.Count);
        return ConnectivityAnalysis.Run(
            context, "muon", [.. models.All.Select(m => (m.Name, m.Model.Parameters.Values.ToArray()))], probe, [("classification", classification), ("composite loss", composite)]);
    }

    private static CompositeProbe Probe(LandscapeContext context, MuonLandscapeModels models, MuonChain chain, EventSet events, int count)
    {
        MuonLossOptions options = models.CompositeLoss;
        return new(new(chain, events, count, options.Classification), options, context.Threads.Count);
    }
}
