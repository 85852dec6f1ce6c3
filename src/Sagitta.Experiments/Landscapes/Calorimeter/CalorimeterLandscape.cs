using System.Text.Json.Nodes;
using Sagitta.Autodiff.Storage;
using Sagitta.Experiments.Calorimeter;
using Sagitta.Experiments.Landscapes.Curvature;
using Sagitta.Experiments.Reports.Documents;

namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>All analyses of segment networks, in order, with their part of the report and of the summary.</summary>
internal static class CalorimeterLandscape
{
    /// <summary>Runs what the models allow.</summary>
    public static void Run(LandscapeContext context, IReadOnlyList<string> places, JsonObject summary, List<Block> blocks, List<(string Name, string Value)> facts)
    {
        using CalorimeterModels models = new(places);
        if (models.All.Count == 0)
        {
            throw new BadInputException("--models", "there is no calorimeter model", "give a folder of runs of 'sagitta reproduce calorimeter'");
        }

        CalorimeterExperiment experiment = models.All[0].Model.Experiment;
        FrameStock stock = new(context.Options.Data, experiment.Data.Preparation, experiment.Gates);
        facts.Add(("Calorimeter models", string.Join(", ", models.All.Select(m => m.Name.ToString()))));
        IReadOnlyList<ModelCurvature> curvature = CalorimeterCurvature.Run(context, models, stock);
        summary["calorimeter"] = new JsonObject
        {
            ["models"] = new JsonArray([.. models.All.Select(m => (JsonNode)m.Name.ToString())]),
            ["curvature"] = CurvatureSummary.Of(curvature),
        };
        blocks.Add(new Heading("Calorimeter: curvature"));
        blocks.AddRange(CurvatureReport.Of(curvature));
    }
}
