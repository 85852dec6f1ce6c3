using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>Models on the same events, each against the first, with 95 % intervals under resampling of events.</summary>
internal sealed class MuonModelTable
{
    private static readonly IReadOnlyList<MetricColumn<MuonMethodRow>> _metrics =
        [.. new[] { "reading", "auc", "averagePrecision", "efficiency", "coreWidth", "tail5" }.Select(MuonMetrics.Named)];

    private readonly MuonSampleResult _sample;
    private readonly IReadOnlyList<Row> _rows;
    private readonly IReadOnlyList<MetricColumn<Row>> _differences;

    /// <summary>A table; the methods of <paramref name="sample"/> are variants named by the models' files, in their order.</summary>
    public MuonModelTable(IReadOnlyList<MuonModel> models, MuonSampleResult sample, ResolutionLimit limit)
    {
        _sample = sample;
        _rows = [.. models.Zip(sample.Methods, (model, result) => (model, result)).Select(
            (pair, i) => new Row(i + 1, pair.model, new(pair.result.Method, [pair.result])))];
        MuonDifferences differences = new(sample, limit);
        _differences =
        [
            Difference("coreWidth", "core minus first", MuonClaim.Signed, 26, differences.CoreWidth),
            Difference("auc", "AUC minus first", MuonClaim.SignedFine, 30, differences.Auc),
            Difference("efficiency", "effic. minus first", MuonClaim.SignedFour, 27, differences.Efficiency),
            Difference("tail5", ">5 minus first", MuonClaim.SignedFour, 27, differences.Tail5),
        ];
    }

    /// <summary>As JSON: one entry a model.</summary>
    public JsonObject ToJson()
    {
        JsonArray entries = [];
        foreach (Row row in _rows)
        {
            JsonObject entry = MetricTable.Json(_metrics, row.Result);
            entry["model"] = row.Result.Method.Name;
            entry["method"] = row.Model.Method.Name;
            entry["seed"] = row.Model.Experiment.Seed;
            if (row.Number > 1)
            {
                entry["minusFirst"] = MetricTable.Json(_differences, row);
            }

            entries.Add((JsonNode)entry);
        }

        return new() { ["events"] = _sample.Events.Count, ["models"] = entries };
    }

    public override string ToString()
    {
        IReadOnlyList<MetricColumn<Row>> columns =
        [
            new("number", "", "0", "Number of the model.", row => row.Number) { Width = -3 },
            new("method", "method", "", "How it was trained.", row => row.Model.Method.Name) { Width = -12 },
            new("seed", "seed", "0", "Its seed.", row => row.Model.Experiment.Seed) { Width = 4 },
            .. _metrics.Where(c => c.Name != "averagePrecision").Select(c => c.Of((Row row) => row.Result)),
            .. _differences.Take(2),
        ];
        return string.Create(CultureInfo.InvariantCulture,
            $"{_sample.Events.Count} events; core and tails of r / limit; differences to the first model with 95 % intervals over events\n")
            + MetricTable.PlainText(columns, _rows)
            + string.Concat(_rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Number}: {row.Result.Method}\n")));
    }

    private MetricColumn<Row> Difference(
        string name, string header, string format, int width, Func<MuonMethod, MuonMethod, PairedDifference> difference) => new(
        name, header, format, "Difference to the first model, with its 95 % interval.",
        row => row.Number == 1 ? "" : MuonMetrics.Of(difference(row.Result.Method, _rows[0].Result.Method)))
        { Width = -width };

    private sealed record Row(int Number, MuonModel Model, MuonMethodRow Result);
}
