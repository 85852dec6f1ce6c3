using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>All analyses of hit scorers: the composite loss with and without its fit terms around both methods, paths, similarity,
/// stability.</summary>
internal static class MuonLandscape
{
    /// <summary>Tells what there will be to do.</summary>
    public static void Announce(LandscapeContext context, IReadOnlyList<string> places)
    {
        MuonLandscapeModels models = new(places);
        if (models.All.Count > 0)
        {
            Expect(context, models);
        }
    }

    /// <summary>Runs what the models allow; false if there are none.</summary>
    public static bool Run(LandscapeContext context, IReadOnlyList<string> places, LandscapeOutput output)
    {
        MuonLandscapeModels models = new(places);
        if (models.All.Count == 0)
        {
            return false;
        }

        Detector detector = models.All[0].Model.Detector;
        MuonChain chain = new(models.All[0].Model.Experiment, detector);
        Lazy<EventSet> training = new(() => Simulate("training", context.Options.Data.MuonEvents));
        Lazy<EventSet> test = new(() => Simulate("test", context.Options.Data.MuonTestEvents));
        ModelName[] names = [.. models.All.Select(m => m.Name)];
        output.Facts.Add(("Muon models", ModelName.Summary(names)));
        output.Facts.Add(("Muon events", string.Create(
            CultureInfo.InvariantCulture,
            $"{context.Options.Data.MuonBackground} kHz/cm2; curvature {context.Options.Curvature.Events}, slices "
                + $"{context.Options.Slices.Events}, paths {context.Options.Connectivity.Events}, predictions "
                + $"{context.Options.Data.MuonTestEvents} events")));

        // What is most asked for comes first: an interrupted run has the first seed of both methods and the paths.
        List<ModelCurvature> curvature = [];
        List<ModelSlice> slices = [];
        Around([.. models.Leading(1)], whole: true);
        IReadOnlyList<ModelPath> paths = Paths(context, models, chain, training);
        IReadOnlyList<ModelSimilarity> similarities = MuonSimilarity.Run(context, models, chain, test);
        IReadOnlyList<MuonStability> stabilities = MuonStability.Run(context, models, chain, test);
        Around([.. models.Leading(context.Options.ModelsPerMethod).Except(models.Leading(1))], whole: false);
        curvature = [.. names.SelectMany(name => curvature.Where(c => c.Model == name))];
        slices = [.. names.SelectMany(name => slices.Where(s => s.Model == name))];
        output.Summary["muon"] = new JsonObject
        {
            ["models"] = new JsonArray([.. names.Select(m => (JsonNode)m.ToString())]),
            ["curvature"] = CurvatureSummary.Of(curvature),
            ["slices"] = SliceSummary.Of(slices),
            ["connectivity"] = ConnectivityReport.Summary(paths),
            ["similarity"] = SimilarityReport.Summary(similarities),
            ["stability"] = MuonStabilityReport.Summary(stabilities),
        };
        output.AddPublished(new Heading("Muons: what was found"));
        output.AddPublished(Findings.Table(MuonFindings.Of(
            curvature, slices, paths, similarities, stabilities, context.Options.Similarity.Permutations, context.Key.Split(
            "permutations"))));
        output.AddPublished(new Heading("Muons: curvature"));
        output.Blocks.Add(
            new Paragraph(
            "The composite loss is the same function around both methods: class-balanced cross-entropy of hits plus the weighted "
            + "residual of q/pT through clustering and fit. "
            + "`classification` is its first term alone, which is all that `factorised` was trained on."));
        output.AddPublished(CurvatureReport.Of(curvature));
        output.Blocks.Add(new Heading("Muons: slices"));
        output.Blocks.AddRange(SliceReport.Of(slices, [CompositeProbe.Composite, CompositeProbe.Classification, CompositeProbe.Fit]));
        output.AddPublished(new Heading("Muons: paths between models"));
        output.AddPublished(ConnectivityReport.Of(
            paths,
            [new(CompositeProbe.Composite, "Composite loss", "", 1), new(CompositeProbe.Classification, "Classification", "", 1),
                new(CompositeProbe.Fit, "Fit term", "", 1)],
            ConnectivityReport.Missing(paths, names)));
        output.Blocks.Add(new Heading("Muons: similarity"));
        output.Blocks.AddRange(SimilarityReport.Of(similarities, context.Options.Similarity.Permutations,
            context.Key.Split("permutations")));
        output.AddPublished(new Heading("Muons: stability and ensembles"));
        output.AddPublished(MuonStabilityReport.Of(stabilities));
        return true;

        void Around((ModelName Name, MuonModel Model)[] chosen, bool whole)
        {
            foreach ((ModelName name, MuonModel model) in chosen)
            {
                ModelCurvature[] own = [.. Curvature(context, models, name, model, chain, training, whole)];
                curvature.AddRange(own);
                slices.AddRange(Slices(context, models, name, model, chain, training, own.First(c => c.Own), whole));
            }
        }

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

    // First guesses of seconds for the default form on two idle cores.
    private static void Expect(LandscapeContext context, MuonLandscapeModels models)
    {
        ModelName[] names = [.. models.All.Select(m => m.Name)];
        int first = models.Leading(1).Count();
        int others = models.Leading(context.Options.ModelsPerMethod).Count() - first;
        ConnectivityOptions paths = context.Options.Connectivity;
        context.Work.Expect("muon curvature", 2 * first, 40);
        context.Work.Expect("muon eigenpairs", 2 * others, 15);
        context.Work.Expect("muon slices", others + (3 * first), 8);
        context.Work.Expect("muon paths", ModelPairs.Within(names, paths.Pairs).Count + ModelPairs.Between(names, paths.Pairs).Count, 15);
        context.Work.Expect("muon similarity", names.Length > 1 ? 1 : 0, 2 * names.Length);
        context.Work.Expect("muon stability", names.GroupBy(n => n.Method, StringComparer.Ordinal).Count(g => g.Count() > 1), 10);
    }

    private static IEnumerable<ModelCurvature> Curvature(
        LandscapeContext context, MuonLandscapeModels models, ModelName name, MuonModel model, MuonChain chain, Lazy<EventSet> events,
            bool whole)
    {
        MuonLossOptions options = models.CompositeLoss;
        foreach (bool withFit in (bool[])[true, false])
        {
            string loss = withFit ? "composite" : "classification";
            CurvatureResult result = context.Analyse(
                whole ? "muon curvature" : "muon eigenpairs",
                $"muon-curvature-{name.Slug}-{loss}",
                context.Origin(context.Options.Curvature, name.Fingerprint, options.ToString(), whole ? "whole" : "leading"),
                () =>
                {
                    MuonSample sample = new(chain, events.Value, context.Options.Curvature.Events, options.Classification);
                    using CompositeLoss objective = new(sample, models.LossOn(chain), withFit, context.Threads);
                    using IStageProgress stage = context.Progress.Begin($"curvature of {loss}, {name}", 0, "products");
                    return CurvatureAnalysis.Run(
                        objective, ParameterSpace.Vector(model.Parameters), context.Options.Curvature, whole, context.Key.Split("curvature")
                            .Split(name.Slug), stage, context.Stop);
                });
            yield return new(name, loss, withFit == model.Experiment.Loss.EndToEnd, result);
        }
    }

    private static IReadOnlyList<ModelSlice> Slices(
        LandscapeContext context, MuonLandscapeModels models, ModelName name, MuonModel model, MuonChain chain, Lazy<EventSet> events,
            ModelCurvature own, bool whole) => SliceAnalysis.Run(
        context,
        "muon",
        models.CompositeLoss.ToString(),
        name,
        chain.Scorer.Layout,
        ParameterSpace.Vector(model.Parameters),
        own,
        [("", () => Probe(context, models, chain, events.Value, context.Options.Slices.Events))],
        whole);

    private static IReadOnlyList<ModelPath> Paths(
        LandscapeContext context, MuonLandscapeModels models, MuonChain chain, Lazy<EventSet> events)
    {
        if (models.All.Count < 2)
        {
            return [];
        }

        MuonLossOptions options = models.CompositeLoss;
        MuonSample sample = new(chain, events.Value, context.Options.Connectivity.Events, options.Classification);
        using CompositeProbe probe = Probe(context, models, chain, events.Value, Math.Max(8, context.Options.Connectivity.Events / 3));
        using CompositeCurveLoss classification = new(sample, models.LossOn(chain, withFit: false), context.Threads.Count);
        using CompositeCurveLoss composite = new(sample, models.LossOn(chain), context.Threads.Count);
        return ConnectivityAnalysis.Run(
            context, "muon", options.ToString(), [.. models.All.Select(m => (m.Name, m.Model.Parameters.Values.ToArray()))], probe, [
                ("classification", classification), ("composite loss", composite)]);
    }

    private static CompositeProbe Probe(LandscapeContext context, MuonLandscapeModels models, MuonChain chain, EventSet events,
        int count) =>
        new(new(chain, events, count, models.CompositeLoss.Classification), models.LossOn(chain), context.Threads.Count);
}
