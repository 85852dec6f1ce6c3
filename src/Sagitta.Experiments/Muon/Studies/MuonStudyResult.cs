using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Muon.Studies;

/// <summary>What a study found, as one table.</summary>
/// <param name="Name">Name of the study: what --only takes.</param>
/// <param name="Question">What it asks and how, in a sentence or two.</param>
/// <param name="Columns">What its numbers are.</param>
/// <param name="Rows">A label and as many numbers as there are columns; NaN where there is none.</param>
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

    /// <summary>Reads a result; null if there is none or it depends on something else.</summary>
    public static MuonStudyResult? TryRead(string name, string path, string key)
    {
        if (!File.Exists(path) || JsonNode.Parse(File.ReadAllText(path)) is not JsonObject json || (string?)json["key"] != key)
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

    /// <summary>The result as plain text.</summary>
    public override string ToString()
    {
        int width = Rows.Select(r => r.Label.Length).Append(6).Max();
        IEnumerable<string> lines =
        [
            $"{Name}: {Question}",
            "".PadRight(width) + string.Concat(Columns.Select(c => $" {c,12}")),
            .. Rows.Select(r => r.Label.PadRight(width) + string.Concat(
                r.Values.Select(v => $" {(double.IsFinite(v) ? v.ToString("0.0000", CultureInfo.InvariantCulture) : "-"),12}"))),
        ];
        return string.Join('\n', lines) + "\n";
    }
}
