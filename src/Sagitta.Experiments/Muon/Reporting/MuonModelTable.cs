using System.Text;
using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>Models on the same events, each against the first, with 95 % intervals under resampling of events.</summary>
internal sealed class MuonModelTable
{
    private readonly IReadOnlyList<MuonModel> _models;
    private readonly MuonSampleResult _sample;
    private readonly MuonDifferences _differences;

    /// <summary>A table; the methods of <paramref name="sample"/> are the models' files, in their order.</summary>
    public MuonModelTable(IReadOnlyList<MuonModel> models, MuonSampleResult sample, ResolutionLimit limit)
    {
        _models = models;
        _sample = sample;
        _differences = new(sample, limit);
    }

    /// <summary>As JSON: one entry a model.</summary>
    public JsonObject ToJson()
    {
        JsonArray entries = [];
        foreach ((MuonModel model, MuonMethodResult result) in _models.Zip(_sample.Methods))
        {
            JsonObject entry = new()
            {
                ["model"] = result.Method,
                ["method"] = model.Method,
                ["seed"] = model.Experiment.Seed,
                ["reading"] = result.Reading,
                ["auc"] = Number(result.Auc),
                ["averagePrecision"] = Number(result.AveragePrecision),
                ["efficiency"] = Number(result.Resolution.Efficiency),
                ["coreWidth"] = Number(result.Resolution.CoreWidth),
                ["tail5"] = Number(result.Resolution.Tail5),
            };
            if (!ReferenceEquals(result, _sample.Methods[0]))
            {
                string first = _sample.Methods[0].Method;
                entry["minusFirst"] = new JsonObject
                {
                    ["auc"] = Interval(_differences.Auc(result.Method, first)),
                    ["efficiency"] = Interval(_differences.Efficiency(result.Method, first)),
                    ["coreWidth"] = Interval(_differences.CoreWidth(result.Method, first)),
                    ["tail5"] = Interval(_differences.Tail5(result.Method, first)),
                };
            }

            entries.Add((JsonNode)entry);
        }

        return new() { ["events"] = _sample.Events.Count, ["models"] = entries };
    }

    /// <summary>As plain text.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{_sample.Events.Count} events; core and tails of r / limit; differences to the first model with 95 % intervals over "
                + $"events\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{"",-3} {"method",-12} {"seed",4} {"reading",-10} {"AUC",7} {"effic.",7} {"core",7} {">5",7}   {"core minus first",-26} "
            + $"{"AUC minus first",-30}\n");
        for (int i = 0; i < _sample.Methods.Count; i++)
        {
            MuonMethodResult result = _sample.Methods[i];
            text.Append(
                CultureInfo.InvariantCulture,
                $"{i + 1,-3} {_models[i].Method,-12} {_models[i].Experiment.Seed,4} {result.Reading,-10} {result.Auc,7:0.0000} "
                + $"{result.Resolution.Efficiency,7:0.0000} {result.Resolution.CoreWidth,7:0.000} {result.Resolution.Tail5,7:0.0000}   ");
            if (i > 0)
            {
                string first = _sample.Methods[0].Method;
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{MuonVerdict.Interval(_differences.CoreWidth(result.Method, first), "+0.000;-0.000;0.000"),-26} "
                    + $"{MuonVerdict.Interval(_differences.Auc(result.Method, first), "+0.00000;-0.00000;0.00000"),-30}");
            }

            text.Append('\n');
        }

        for (int i = 0; i < _sample.Methods.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1}: {_sample.Methods[i].Method}\n");
        }

        return text.ToString();
    }

    private static JsonObject Interval(PairedDifference difference) =>
        new() { ["value"] = Number(difference.Value), ["low"] = Number(difference.Low), ["high"] = Number(difference.High) };

    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
