using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>All analyses of segment networks, in order, with their part of the report and of the summary.</summary>
internal static class CalorimeterLandscape
{
    /// <summary>Tells what there will be to do.</summary>
    public static void Announce(LandscapeContext context, IReadOnlyList<string> places)
    {
        using CalorimeterModels models = new(places);
        if (models.All.Count > 0)
        {
            Expect(context, models);
        }
    }

    /// <summary>Runs what the models allow; false if there are none.</summary>
    public static bool Run(LandscapeContext context, IReadOnlyList<string> places, LandscapeOutput output)
    {
        using CalorimeterModels models = new(places);
        if (models.All.Count == 0)
        {
            return false;
        }

        CalorimeterExperiment experiment = models.All[0].Model.Experiment;
        int protons = Protons(context, models);
        context = context with { Options = context.Options with { Data = context.Options.Data with { Protons = protons } } };
        FrameStock stock = new(context.Options.Data, experiment.Data.Preparation, experiment.Gates);
        if (stock.Take("train", 1).Count == 0)
        {
            throw new BadInputException($"'{context.Options.Data.Folder}'", $"its events fill no frame of {protons} protons",
                "give data.folder with more events or a smaller data.protons");
        }

        ModelName[] names = [.. models.All.Select(m => m.Name)];
        output.Facts.Add(("Calorimeter models", ModelName.Summary(names)));
        output.Facts.Add(("Calorimeter frames", string.Create(
            CultureInfo.InvariantCulture,
            $"{protons} protons; curvature {context.Options.Curvature.Frames}, slices {context.Options.Slices.Frames}, paths "
            + $"{context.Options.Connectivity.Frames} frames")));

        // What is most asked for comes first: an interrupted run has the first seed of all methods and the paths.
        var tables = CalorimeterTables.Run(context, models, stock);
        List<ModelCurvature> curvature = [];
        List<ModelSlice> slices = [];
        Around([.. models.Leading(1)], whole: true);
        IReadOnlyList<ModelPath> paths = CalorimeterConnectivity.Run(context, models, stock);
        IReadOnlyList<ModelSimilarity> similarities = CalorimeterSimilarity.Run(context, models, stock);
        IReadOnlyList<CalorimeterStability> stabilities = CalorimeterStability.Run(context, models, stock);
        Around([.. models.Leading(context.Options.ModelsPerMethod).Except(models.Leading(1))], whole: false);
        curvature = [.. names.SelectMany(name => curvature.Where(c => c.Model == name))];
        slices = [.. names.SelectMany(name => slices.Where(s => s.Model == name))];
        output.Summary["calorimeter"] = new JsonObject
        {
            ["models"] = new JsonArray([.. names.Select(m => (JsonNode)m.ToString())]),
            ["curvature"] = CurvatureSummary.Of(curvature),
            ["slices"] = SliceSummary.Of(slices),
            ["connectivity"] = ConnectivityReport.Summary(paths),
            ["similarity"] = SimilarityReport.Summary(similarities),
            ["stability"] = CalorimeterStabilityReport.Summary(stabilities),
        };
        output.AddPublished(new Heading("Calorimeter: what was found"));
        output.AddPublished(Findings.Table(CalorimeterFindings.Of(
            curvature, slices, paths, similarities, stabilities, models.Lambda, context.Options.Similarity.Permutations, context.Key.Split(
            "permutations"))));
        output.Blocks.Add(new Heading("Calorimeter: graphs, costs and results"));
        output.Blocks.Add(new Paragraph("Methods: `ptt` predicts, then tracks; `pat-L` predicts and tracks with interpolation factor L."
            + string.Concat(models.Shortened.Select(s => $" `{s.Key}` is `{s.Value}`."))));
        if (models.LeftOut.Count > 0)
        {
            output.Blocks.Add(
                new Paragraph(
                $"Left out, since another model has the same method and seed or the network is none of the published two: "
                + $"{string.Join(", ", models.LeftOut.Select(Path.GetFileName))}."));
        }

        output.Blocks.AddRange(CalorimeterTablesReport.Of(tables));
        output.Blocks.Add(CalorimeterReport.Picture(stock.Take("test", context.Options.Data.Waters.Count)[^1].Frame, models.All[^1].Model));
        output.Blocks.Add(CalorimeterTablesReport.Trainings(names) as Block
            ?? new Paragraph("No run kept `metrics.csv` beside its model, so no course of a training is drawn."));
        output.AddPublished(new Heading("Calorimeter: curvature"));
        output.AddPublished(CurvatureReport.Of(curvature));
        output.Blocks.Add(new Heading("Calorimeter: slices"));
        output.Blocks.AddRange(SliceReport.Of(slices, [SegmentProbe.Hamming, SegmentProbe.CrossEntropy]));
        output.AddPublished(new Heading("Calorimeter: paths between models"));
        output.AddPublished(ConnectivityReport.Of(
            paths,
            [
                new(SegmentProbe.Hamming, "Hamming loss", "10^{-3}", 1e3), new(
                    SegmentProbe.CrossEntropy, "Cross-entropy", "10^{-3}", 1e3) { Tabled = false },
                new(SegmentProbe.TruePositiveRate, "TPR", "%", 100), new(
                    SegmentProbe.FalsePositiveRate, "FPR", "%", 100) { Tabled = false },
            ],
            ConnectivityReport.Missing(paths, names)));
        output.Blocks.Add(new Heading("Calorimeter: similarity"));
        output.Blocks.AddRange(SimilarityReport.Of(similarities, context.Options.Similarity.Permutations, context.Key.Split("permutations"),
            models.Lambda));
        output.AddPublished(new Heading("Calorimeter: stability and ensembles"));
        output.AddPublished(CalorimeterStabilityReport.Of(stabilities));
        return true;

        void Around((ModelName Name, CalorimeterModel Model)[] chosen, bool whole)
        {
            foreach ((ModelName name, CalorimeterModel model) in chosen)
            {
                ModelCurvature[] own = [.. CalorimeterCurvature.Of(context, name, model, stock, whole)];
                curvature.AddRange(own);
                slices.AddRange(CalorimeterSlices.Of(context, name, model, stock, own, whole));
            }
        }
    }

    private static int Protons(LandscapeContext context, CalorimeterModels models) =>
        context.Options.Data.Protons > 0 ? context.Options.Data.Protons : models.All[0].Model.Experiment.Training.Protons;

    // First guesses of seconds for the default form on two idle cores, frames of 50 protons.
    private static void Expect(LandscapeContext context, CalorimeterModels models)
    {
        int protons = Protons(context, models);
        int first = models.Methods.Count;
        int joint = models.Methods.Count(m => m != "ptt");
        int others = models.Leading(context.Options.ModelsPerMethod).Count() - first;
        ModelName[] names = [.. models.All.Select(m => m.Name)];
        double occupancy = Math.Pow(protons / 50.0, 2);
        context.Work.Expect("calorimeter tables", 1, 1.5 * models.All.Count);
        context.Work.Expect(CalorimeterCurvature.Whole, first + joint, 50 * occupancy);
        context.Work.Expect(CalorimeterCurvature.Leading, others, 15 * occupancy);
        context.Work.Expect("calorimeter slices", (2 * others) + (2 * 3 * first), 4 * occupancy);
        context.Work.Expect(
            "calorimeter paths", ModelPairs.Within(names, context.Options.Connectivity.Pairs).Count + ModelPairs.Between(
                names, context.Options.Connectivity.Pairs).Count, 25 * occupancy);
        context.Work.Expect("calorimeter similarity", names.Length > 1 ? 1 : 0, 0.5 * names.Length * names.Length);
        context.Work.Expect("calorimeter stability", models.Methods.Count(m => names.Count(n => n.Method == m) > 1), 5);
    }
}
