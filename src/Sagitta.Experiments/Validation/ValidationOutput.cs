using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Validation;

/// <summary>What a validation writes: summary, page, and a line for each check.</summary>
internal static class ValidationOutput
{
    /// <summary>Writes it; 0 if all checks hold, else 1.</summary>
    public static int Write(VerbRun run, ValidationResult result)
    {
        run.Summary.Sections["checks"] = new JsonArray([.. result.Checks.Select(AsJson)]);
        if (run.Out is not null)
        {
            ReportWriter.WriteFile(Path.Combine(run.Out, "validation.html"), result.Report);
        }

        run.Output.Write(string.Concat(result.Checks.Select(check => string.Create(CultureInfo.InvariantCulture,
            $"{(check.Holds ? "ok  " : "FAIL")}  {check.Name}: {check.Value:0.0000} ({check.Bound}){Environment.NewLine}"))));
        run.WriteSummary();
        return result.Holds ? 0 : 1;
    }

    private static JsonNode AsJson(CheckSummary check) => new JsonObject
    {
        ["name"] = check.Name,
        ["value"] = double.IsFinite(check.Value) ? check.Value : null,
        ["bound"] = check.Bound,
        ["holds"] = check.Holds,
    };
}
