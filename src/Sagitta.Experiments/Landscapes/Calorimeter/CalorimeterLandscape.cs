using System.Text.Json.Nodes;
using Sagitta.Autodiff.Storage;
using Sagitta.Experiments.Calorimeter;
using Sagitta.Experiments.Landscapes.Connectivity;
using Sagitta.Experiments.Landscapes.Curvature;
using Sagitta.Experiments.Landscapes.Similarity;
using Sagitta.Experiments.Landscapes.Slices;
using Sagitta.Experiments.Reports.Documents;

namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>All analyses of segment networks, in order, with their part of the report and of the summary.</summary>
internal static class CalorimeterLandscape
{
    /// <summary>Runs what the models allow; false if there are none.</summary>
    public static bool Run(LandscapeContext context, IReadOnlyList<string> places, JsonObject summary, List<Block> blocks, List<(string Name, string Value)> facts)
    {
        using CalorimeterModels models = new(places);
        if (models.All.Count == 0)
        {
            return false;
        }

        CalorimeterExperiment experiment = models.All[0].Model.Experiment;
        FrameStock stock = new(context.Options.Data, experiment.Data.Preparation, experiment.Gates);
        if (stock.Take("train", 1).Count == 0)
        {
            throw new BadInputException($"'{context.Options.Data.Folder}'", $"its events fill no frame of {context.Options.Data.Protons} protons", "give data.folder with more events or a smaller data.protons");
        }

        ModelName[] names = [.. models.All.Select(m => m.Name)];
        facts.Add(("Calorimeter models", string.Join(", ", names.Select(m => m.ToString()))));
        var tables = CalorimeterTables.Run(context, models, stock);
        IReadOnlyList<ModelCurvature> curvature = CalorimeterCurvature.Run(context, models, stock);
        IReadOnlyList<ModelSlice> slices = CalorimeterSlices.Run(context, models, stock, curvature);
        IReadOnlyList<ModelPath> paths = CalorimeterConnectivity.Run(context, models, stock);
        IReadOnlyList<ModelSimilarity> similarities = CalorimeterSimilarity.Run(context, models, stock);
        IReadOnlyList<CalorimeterStability> stabilities = CalorimeterStability.Run(context, models, stock);
        summary["calorimeter"] = new JsonObject
        {
            ["models"] = new JsonArray([.. names.Select(m => (JsonNode)m.ToString())]),
            ["curvature"] = CurvatureSummary.Of(curvature),
            ["slices"] = SliceSummary.Of(slices),
            ["connectivity"] = ConnectivityReport.Summary(paths),
            ["similarity"] = SimilarityReport.Summary(similarities),
            ["stability"] = CalorimeterStabilityReport.Summary(stabilities),
        };
        blocks.Add(new Heading("Calorimeter: graphs, costs and results"));
        blocks.Add(new Paragraph("Methods: `ptt` predicts, then tracks; `pat-L` predicts and tracks with interpolation factor L."));
        if (models.LeftOut.Count > 0)
        {
            blocks.Add(new Paragraph($"Left out, since another model has the same method and seed or the network is not the line graph's: {string.Join(", ", models.LeftOut.Select(Path.GetFileName))}."));
        }

        blocks.AddRange(CalorimeterTablesReport.Of(tables));
        blocks.Add(CalorimeterTablesReport.Trainings(names) as Block ?? new Paragraph("No run kept `metrics.csv` beside its model, so no course of a training is drawn."));
        blocks.Add(new Heading("Calorimeter: curvature"));
        blocks.AddRange(CurvatureReport.Of(curvature));
        blocks.Add(new Heading("Calorimeter: slices"));
        blocks.AddRange(SliceReport.Of(slices, [SegmentProbe.Hamming, SegmentProbe.CrossEntropy]));
        blocks.Add(new Heading("Calorimeter: paths between models"));
        blocks.AddRange(ConnectivityReport.Of(
            paths,
            [
                new(SegmentProbe.Hamming, "Hamming loss", "10^{-3}", 1e3), new(SegmentProbe.CrossEntropy, "Cross-entropy", "10^{-3}", 1e3),
                new(SegmentProbe.TruePositiveRate, "TPR", "%", 100), new(SegmentProbe.FalsePositiveRate, "FPR", "%", 100),
            ],
            ConnectivityReport.Missing(paths, names)));
        blocks.Add(new Heading("Calorimeter: similarity"));
        blocks.AddRange(SimilarityReport.Of(similarities, context.Options.Similarity.Permutations, context.Key.Split("permutations")));
        blocks.Add(new Heading("Calorimeter: stability and ensembles"));
        blocks.AddRange(CalorimeterStabilityReport.Of(stabilities));
        return true;
    }
}
