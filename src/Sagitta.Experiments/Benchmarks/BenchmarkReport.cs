using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Benchmarks;

/// <summary>The figures of one run of "sagitta bench", as a table and as JSON (docs/formats.md).</summary>
/// <param name="Threads">Threads of training and reconstruction.</param>
/// <param name="Peaks">What a core can do at most.</param>
/// <param name="Hits">Mean hits of a muon event.</param>
/// <param name="Edges">Mean edges of its graph.</param>
/// <param name="Figures">In the order of the table.</param>
internal sealed record BenchmarkReport(int Threads, MachinePeaks Peaks, double Hits, double Edges, IReadOnlyList<BenchmarkFigure> Figures)
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>The table that is printed. The bound is the one scaled to the measured peak.</summary>
    public string Table()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{Processor()}, {Threads} threads, {Peaks.VectorBits}-bit vectors, {Peaks.Gigaflops:F0} GFLOP/s and "
            + $"{Peaks.GigabytesPerSecond:F1} GB/s a core");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"muon events: {Hits:F0} hits and {Edges:F0} edges on average; bounds scaled from {MachinePeaks.ReferenceGigaflops:F0} "
                + $"GFLOP/s");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"",-34}{"median",12}{"best",12}  {"unit",-12}{"bound",14}");
        foreach (BenchmarkFigure figure in Figures)
        {
            string bound = double.IsNaN(figure.Bound) ? "" : (figure.AtMost ? "<= " : ">= ") + Number(figure.BoundAt(Peaks.Gigaflops));
            string reached = figure.Reached(Peaks.Gigaflops) switch { true => "reached", false => "not reached", null => "" };
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{figure.Name,-34}{Number(figure.Value),12}{Number(figure.Best),12}  {figure.Unit,-12}{bound,14}  {reached}").TrimEnd());
        }

        return text.ToString();
    }

    /// <summary>The report as JSON.</summary>
    public string ToJson()
    {
        JsonObject results = [];
        foreach (BenchmarkFigure figure in Figures)
        {
            JsonObject entry = new() { ["value"] = Rounded(figure.Value), ["unit"] = figure.Unit };
            if (!double.IsNaN(figure.Best))
            {
                entry["best"] = Rounded(figure.Best);
            }

            if (figure.Reached(Peaks.Gigaflops) is { } reached)
            {
                entry["bound"] = Rounded(figure.Bound);
                entry["boundScaledToPeak"] = Rounded(figure.BoundAt(Peaks.Gigaflops));
                entry["reached"] = reached;
            }

            results[figure.Name] = entry;
        }

        JsonObject machine = new()
        {
            ["processor"] = Processor(),
            ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
            ["system"] = RuntimeInformation.OSDescription,
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["cores"] = Environment.ProcessorCount,
            ["threads"] = Threads,
            ["vectorBits"] = Peaks.VectorBits,
            ["peakGigaflops"] = Rounded(Peaks.Gigaflops),
            ["readGigabytesPerSecond"] = Rounded(Peaks.GigabytesPerSecond),
        };
        JsonObject root = new()
        {
            ["version"] = RunSummary.Version,
            ["machine"] = machine,
            ["muonEvent"] = new JsonObject { ["hits"] = Rounded(Hits), ["edges"] = Rounded(Edges) },
            ["results"] = results,
        };
        return root.ToJsonString(_indented) + "\n";
    }

    /// <summary>Writes the JSON, whole or not at all.</summary>
    public void Write(string path) => AtomicFile.WriteText(path, ToJson());

    private static string Processor()
    {
        const string Information = "/proc/cpuinfo";
        string? line = File.Exists(Information) ? File.ReadLines(Information).FirstOrDefault(
            l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown processor";
    }

    private static double Rounded(double value) => double.IsFinite(value) && value != 0
        ? double.Parse(value.ToString("g5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : 0;

    private static string Number(double value) => double.IsNaN(value) ? "" : Math.Abs(value) >= 100
        ? value.ToString("N0", CultureInfo.InvariantCulture) : value.ToString("G3", CultureInfo.InvariantCulture);
}
