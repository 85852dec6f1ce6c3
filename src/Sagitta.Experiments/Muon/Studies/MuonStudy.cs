using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Muon.Studies;

/// <summary>A question beside the main comparison, answered on its own and kept, so that a stopped run goes on with the next; its name is
/// what --only takes. Those that train networks belong to the full run alone.</summary>
internal sealed record MuonStudy(string Name, bool Trains, Func<MuonStudyContext, MuonStudyResult> Run)
{
    /// <summary>The answer in the run's folder if it is there and of the same options, else answered now.</summary>
    public MuonStudyResult Answer(MuonStudyContext context)
    {
        string path = Path.Combine(context.Folder, "studies", Name + ".json");
        string key = KeyOf(context);
        if (MuonStudyResult.TryRead(Name, path, key) is { } known)
        {
            return known;
        }

        context.Stop.ThrowIfCancellationRequested();
        MuonStudyResult result = Run(context);
        result.Write(path, key);
        return result;
    }

    /// <summary>The answer if the run's folder has it.</summary>
    public MuonStudyResult? ReadAnswer(MuonStudyContext context) =>
        MuonStudyResult.TryRead(Name, Path.Combine(context.Folder, "studies", Name + ".json"), KeyOf(context));

    // No study counts the muons found in the large sample.
    private static string KeyOf(MuonStudyContext context) =>
        $"{ConfigurationFile.Write(context.Options.Experiment with { Data = context.Options.Experiment.Data with { Efficiency = [] } })}"
        + $"seeds {context.Options.Seeds}, of studies {context.Seeds}, "
        + $"{string.Join(", ", context.Options.Geant4.Select(g => Path.GetFileName(g.Hits)))}";
}

/// <summary>All studies by name.</summary>
internal static class MuonStudies
{
    /// <summary>In the order of the report: those that only evaluate first.</summary>
    public static IReadOnlyList<MuonStudy> All { get; } =
    [
        new("readings", false, SensitivityStudies.Readings),
        new("wrong-field", false, SensitivityStudies.WrongField),
        new("misaligned", false, SensitivityStudies.Misaligned),
        new("gradient", false, GradientStudy.Run),
        new("influence", false, InfluenceStudy.Run),
        new("loss-classification", true, context => TrainingStudies.Loss(context, "classification")),
        new("loss-fit", true, context => TrainingStudies.Loss(context, "fit")),
        new("loss-likelihood", true, context => TrainingStudies.Loss(context, "likelihood")),
        new("detached-sigma", true, TrainingStudies.DetachedSigma),
        new("size-1k", true, context => TrainingStudies.Size(context, "size-1k", 1000)),
        new("size-5k", true, context => TrainingStudies.Size(context, "size-5k", 5000)),
        new("size-20k", true, context => TrainingStudies.Size(context, "size-20k", 20_000)),
        new("size-100k", true, context => TrainingStudies.Size(context, "size-100k", 100_000)),
        new("detector-toy17", true, context => TrainingStudies.OtherDetector(context, "toy17")),
        new("detector-three-station", true, context => TrainingStudies.OtherDetector(context, "three-station")),
    ];

    /// <summary>The study of a name.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static MuonStudy Named(string name) => All.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.Ordinal))
        ?? throw new BadInputException($"--only {name}", "there is no study of this name",
            $"give one of {string.Join(", ", All.Select(s => s.Name))}");
}

/// <summary>What a study found, as one table: what it asks and how, in a sentence or two, and rows of a label and as many numbers as there
/// are columns, NaN where there is none.</summary>
internal sealed record MuonStudyResult(string Name, string Question, IReadOnlyList<string> Columns, IReadOnlyList<MuonStudyRow> Rows)
{
    /// <summary>The result as JSON, numbers that are not finite as null.</summary>
    public JsonObject ToJson() => new()
    {
        ["question"] = Question,
        ["columns"] = new JsonArray([.. Columns.Select(c => (JsonNode)c)]),
        ["rows"] = new JsonArray([.. Rows.Select(r => (JsonNode)new JsonObject
        {
            ["label"] = r.Label,
            ["values"] = new JsonArray([.. r.Values.Select(v => double.IsFinite(v) ? JsonValue.Create(v) : null)]),
        })]),
    };

    /// <summary>Writes the result; <paramref name="key"/> says what it depends on.</summary>
    public void Write(string path, string key)
    {
        JsonObject json = ToJson();
        json["key"] = key;
        AtomicFile.WriteText(path, json.ToJsonString(new() { WriteIndented = true }) + "\n");
    }

    // A damaged one is computed again.
    private static JsonNode? Parsed(string path)
    {
        try
        {
            return !File.Exists(path) ? null
                : JsonNode.Parse(File.ReadAllText(path), documentOptions: new() { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads a result; null if there is none, it is damaged or it depends on something else.</summary>
    public static MuonStudyResult? TryRead(string name, string path, string key)
    {
        if (Parsed(path) is not JsonObject json || (string?)json["key"] != key)
        {
            return null;
        }

        return new(
            name,
            (string)json["question"]!,
            [.. json["columns"]!.AsArray().Select(c => (string)c!)],
            [.. json["rows"]!.AsArray().Select(r => new MuonStudyRow(
                (string)r!["label"]!, [.. r["values"]!.AsArray().Select(v => v is null ? double.NaN : (double)v)]))]);
    }

    /// <summary>The columns of its table, the row's label first.</summary>
    public IReadOnlyList<MetricColumn<MuonStudyRow>> MetricColumns =>
    [
        new("label", "", "", "What the row is of.", row => row.Label) { Width = -Rows.Select(r => r.Label.Length).Append(6).Max() },
        .. Columns.Select((name, i) => new MetricColumn<MuonStudyRow>(
            name, name, FormatOf(name), Question, row => row.Values[i]) { Width = 14 }),
    ];

    public override string ToString() => $"{Name}: {Question}\n{MetricTable.PlainText(MetricColumns, Rows)}";

    // Counts are whole; relative differences are as small as rounding.
    private static string FormatOf(string column) =>
        column.StartsWith("ns ", StringComparison.Ordinal) || column is "hits" or "bytes kept" ? "0"
            : column.EndsWith("diff.", StringComparison.Ordinal) ? "0.000000000000" : "0.0000";
}

/// <summary>A row of a study's table.</summary>
internal sealed record MuonStudyRow(string Label, IReadOnlyList<double> Values);
