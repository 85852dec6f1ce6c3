using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta validate-simulation": the simulation against Geant4 deposits of the same vertices.</summary>
internal static class ValidateSimulationVerb
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<string[]> deposits = new("--deposits")
        {
            HelpName = "FILE",
            Description = "Deposits as CSV, plain or .gz; given several times, samples are pooled"
        };
        Option<string[]> truth = new("--truth") { HelpName = "FILE", Description = "Their muons, one file for each of --deposits" };
        Option<string> detectorName = new("--detector")
        {
            HelpName = "NAME|FILE",
            Description = "The detector of the deposits",
            DefaultValueFactory = _ => "toy16"
        };
        Option<int> copies = SharedOptions.WholeNumber("--copies", "N", "How often each vertex is simulated", 10, 1);
        VerbCommand verb = new(
            "validate-simulation",
            "Compare the simulation with Geant4 deposits of the same vertices; exit code 1 if a check fails",
            "sagitta validate-simulation --deposits fixed10_hits.csv.gz --truth fixed10_truth.csv.gz --out out",
            "sagitta validate-simulation --deposits a_hits.csv.gz --truth a_truth.csv.gz --deposits b_hits.csv.gz --truth b_truth.csv.gz "
                + "--summary -")
        {
            deposits,
            truth,
            detectorName,
            copies,
            SharedOptions.Seed,
            SharedOptions.Out,
            SharedOptions.Summary,
            CalorimeterSimulationVerbs.Validate(),
        };
        verb.SetRun(run =>
        {
            string[] depositPaths = run.Required(deposits);
            string[] truthPaths = run.Required(truth);
            if (depositPaths.Length != truthPaths.Length)
            {
                throw new UsageException(
                    $"there are {depositPaths.Length} files of --deposits and {truthPaths.Length} of --truth; give one --truth for each "
                    + $"--deposits");
            }

            ValidationResult result = FileValidation.Run(run.Value(detectorName)!, depositPaths, truthPaths,
                new() { Copies = run.Value(copies), Seed = run.Seed }, run.Progress, run.Stop);
            return ValidationOutput.Write(run, result);
        });
        return verb;
    }
}
