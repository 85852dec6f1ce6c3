using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sagitta.Cli.CommandLine;
using Sagitta.Experiments.Reports.Documents;
using Sagitta.Experiments.Results;
using Sagitta.Experiments.Validation;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta validate-simulation": the simulation against Geant4 deposits of the same vertices.</summary>
internal static class ValidateSimulationVerb
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<string[]> deposits = new("--deposits") { HelpName = "FILE", Description = "Deposits as CSV, plain or .gz; given several times, samples are pooled" };
        Option<string[]> truth = new("--truth") { HelpName = "FILE", Description = "Their muons, one file for each of --deposits" };
        Option<string> detectorName = new("--detector") { HelpName = "NAME|FILE", Description = "The detector of the deposits", DefaultValueFactory = _ => "toy16" };
        Option<int> copies = CommonOptions.WholeNumber("--copies", "N", "How often each vertex is simulated", 10, 1);
        VerbCommand verb = new(
            "validate-simulation",
            "Compare the simulation with Geant4 deposits of the same vertices; exit code 1 if a check fails",
            "sagitta validate-simulation --deposits fixed10_hits.csv.gz --truth fixed10_truth.csv.gz --out out",
            "sagitta validate-simulation --deposits a_hits.csv.gz --truth a_truth.csv.gz --deposits b_hits.csv.gz --truth b_truth.csv.gz --summary -")
        {
            deposits,
            truth,
            detectorName,
            copies,
            CommonOptions.Seed,
            CommonOptions.Out,
            CommonOptions.Summary,
        };
        verb.SetRun(run =>
        {
            string[] depositPaths = run.Required(deposits);
            string[] truthPaths = run.Required(truth);
            if (depositPaths.Length != truthPaths.Length)
            {
                throw new UsageException($"there are {depositPaths.Length} files of --deposits and {truthPaths.Length} of --truth; give one --truth for each --deposits");
            }

            ValidationResult result = FileValidation.Run(run.Value(detectorName)!, depositPaths, truthPaths, new() { Copies = run.Value(copies), Seed = run.Seed }, run.Progress, run.Stop);
            run.Summary.Sections["checks"] = new JsonArray([.. result.Checks.Select(AsJson)]);
            if (run.Out is not null)
            {
                ReportWriter.WriteFile(Path.Combine(run.Out, "validation.html"), result.Report);
            }

            run.WriteSummary();
            TextWriter table = ToStandardOutput(run) ? TextWriter.Null : run.Output;
            foreach (CheckSummary check in result.Checks)
            {
                table.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(check.Holds ? "ok  " : "FAIL")}  {check.Name}: {check.Value:0.0000} ({check.Bound})"));
            }

            return result.Holds ? 0 : 1;
        });
        return verb;
    }

    private static bool ToStandardOutput(VerbRun run) => run.Value(CommonOptions.Summary) == "-";

    private static JsonNode AsJson(CheckSummary check) => new JsonObject
    {
        ["name"] = check.Name,
        ["value"] = double.IsFinite(check.Value) ? check.Value : null,
        ["bound"] = check.Bound,
        ["holds"] = check.Holds,
    };
}
