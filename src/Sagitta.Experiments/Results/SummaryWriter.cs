using System.Text.Encodings.Web;
using System.Text.Json;
using Sagitta.Autodiff.Storage;

namespace Sagitta.Experiments.Results;

/// <summary>
/// Writes a <see cref="RunSummary"/> as JSON under names that scripts depend on; numbers that are not finite become null, and the file
/// appears under its name only when it is whole.
/// </summary>
public static class SummaryWriter
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the file, replacing an older one.</summary>
    public static void WriteFile(string path, RunSummary summary) => AtomicFile.Write(path, stream => Write(stream, summary));

    /// <summary>Writes to a stream, which stays open.</summary>
    public static void Write(Stream stream, RunSummary summary)
    {
        using Utf8JsonWriter json = new(stream, s_options);
        json.WriteStartObject();
        json.WriteString("command", summary.Command);
        json.WriteString("version", summary.Version);
        json.WriteNumber("seed", summary.Seed);
        json.WriteNumber("threads", summary.Threads);
        Number(json, "wallSeconds", summary.WallSeconds);
        Number(json, "peakMemoryMiB", summary.PeakMemoryMiB);
        if (summary.Muon is not null)
        {
            json.WriteStartObject("muon");
            WriteMuon(json, summary.Muon);
            json.WriteEndObject();
        }

        if (summary.Calorimeter is not null)
        {
            json.WriteStartObject("calorimeter");
            WriteCalorimeter(json, summary.Calorimeter);
            json.WriteEndObject();
        }

        if (summary.Checks is not null)
        {
            json.WriteStartArray("checks");
            foreach (CheckSummary check in summary.Checks)
            {
                json.WriteStartObject();
                json.WriteString("name", check.Name);
                Number(json, "value", check.Value);
                json.WriteString("bound", check.Bound);
                json.WriteBoolean("holds", check.Holds);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
    }

    private static void WriteMuon(Utf8JsonWriter json, MuonSummary muon)
    {
        json.WriteStartArray("limit");
        foreach (LimitPoint point in muon.Limit)
        {
            json.WriteStartObject();
            Number(json, "pt", point.Pt);
            Number(json, "relative", point.Relative);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("samples");
        foreach (MuonSampleSummary sample in muon.Samples)
        {
            json.WriteStartObject(sample.Name);
            json.WriteString("source", sample.Source);
            json.WriteNumber("events", sample.Events);
            Number(json, "backgroundKHzPerCm2", sample.BackgroundKHzPerCm2);
            json.WriteStartObject("methods");
            foreach (MuonMethodSummary method in sample.Methods)
            {
                WriteMethod(json, method);
            }

            json.WriteEndObject();
            json.WriteStartObject("differences");
            foreach (DifferenceSummary difference in sample.Differences)
            {
                json.WriteStartObject($"{difference.First} minus {difference.Second}");
                foreach ((string metric, Interval interval) in difference.Metrics)
                {
                    json.WriteStartObject(metric);
                    Number(json, "value", interval.Value);
                    Number(json, "low", interval.Low);
                    Number(json, "high", interval.High);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteMethod(Utf8JsonWriter json, MuonMethodSummary method)
    {
        json.WriteStartObject(method.Name);
        json.WriteString("reading", method.Reading);
        Number(json, "auc", method.Auc);
        Number(json, "averagePrecision", method.AveragePrecision);
        Number(json, "efficiency", method.Efficiency);
        Number(json, "hitEfficiency", method.HitEfficiency);
        Number(json, "hitPurity", method.HitPurity);
        json.WriteNumber("attempted", method.Attempted);
        json.WriteNumber("failedFits", method.FailedFits);
        Number(json, "coreWidth", method.CoreWidth);
        Number(json, "rms95", method.Rms95);
        Number(json, "tail3", method.Tail3);
        Number(json, "tail5", method.Tail5);
        Number(json, "bias", method.Bias);
        Number(json, "pullWidth", method.PullWidth);
        Number(json, "chargeMisidentification", method.ChargeMisidentification);
        json.WriteStartArray("binned");
        foreach (MomentumBinSummary bin in method.Binned)
        {
            json.WriteStartObject();
            Number(json, "ptLow", bin.PtLow);
            Number(json, "ptHigh", bin.PtHigh);
            json.WriteNumber("attempted", bin.Attempted);
            Number(json, "coreWidth", bin.CoreWidth);
            Number(json, "bias", bin.Bias);
            Number(json, "limit", bin.Limit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCalorimeter(Utf8JsonWriter json, CalorimeterSummary calorimeter)
    {
        json.WriteStartObject("samples");
        foreach (CalorimeterSampleSummary sample in calorimeter.Samples)
        {
            json.WriteStartObject(sample.Name);
            json.WriteNumber("water", sample.Water);
            json.WriteNumber("protonsPerFrame", sample.ProtonsPerFrame);
            json.WriteNumber("frames", sample.Frames);
            json.WriteStartObject("methods");
            foreach (IGrouping<string, CalorimeterMethodSummary> group in sample.Methods.GroupBy(m => m.Name, StringComparer.Ordinal))
            {
                CalorimeterMethodSummary[] models = [.. group];
                json.WritePropertyName(group.Key);
                if (models.Length > 1)
                {
                    json.WriteStartArray();
                }

                foreach (CalorimeterMethodSummary model in models)
                {
                    json.WriteStartObject();
                    Number(json, "lambda", model.Lambda);
                    json.WriteNumber("seed", model.Seed);
                    Number(json, "purity", model.Purity);
                    Number(json, "efficiency", model.Efficiency);
                    Number(json, "efficiencyReference", model.EfficiencyReference);
                    Number(json, "truePositiveRate", model.TruePositiveRate);
                    Number(json, "falsePositiveRate", model.FalsePositiveRate);
                    json.WriteEndObject();
                }

                if (models.Length > 1)
                {
                    json.WriteEndArray();
                }
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
