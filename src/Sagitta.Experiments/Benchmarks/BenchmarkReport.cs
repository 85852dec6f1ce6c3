using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Benchmarks;

/// <summary>The figures of one run of "sagitta bench", as a table and as JSON (docs/formats.md).</summary>
/// <param name="Threads">Threads of training and reconstruction.</param>
/// <param name="Peaks">What a core can do at most.</param>
/// <param name="Sizes">Mean sizes of the events of each system.</param>
/// <param name="Figures">In the order of the table.</param>
internal sealed record BenchmarkReport(int Threads, MachinePeaks Peaks, IReadOnlyList<EventSizes> Sizes,
    IReadOnlyList<BenchmarkFigure> Figures)
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>The table that is printed. The bound is the one scaled to the measured peak.</summary>
    public string Table()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{Processor()}, {Threads} threads, {Peaks.VectorBits}-bit vectors, {Peaks.Gigaflops:F0} GFLOP/s and "
            + $"{Peaks.GigabytesPerSecond:F1} GB/s a core");
        foreach (EventSizes sizes in Sizes)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{sizes.System} events: {string.Join(" and ", sizes.Means.Select(m =>
                string.Create(CultureInfo.InvariantCulture, $"{m.Mean:F0} {m.Name}")))} on average");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"bounds scaled from {MachinePeaks.ReferenceGigaflops:F0} GFLOP/s");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"",-32}{"median",9}{"best",9}  {"unit",-9}{"bound",11} reached");
        foreach (BenchmarkFigure figure in Figures)
        {
            string bound = double.IsNaN(figure.Bound) ? "" : (figure.AtMost ? "<= " : ">= ") + Number(figure.BoundAt(Peaks.Gigaflops));
            string reached = figure.Reached(Peaks.Gigaflops) switch { true => "yes", false => "no", null => "" };
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{figure.Name,-32}{Number(figure.Value),9}{Number(figure.Best),9}  {figure.Unit,-9}{bound,11} {reached}").TrimEnd());
        }

        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"",-34}{"time/limit",12}{"bound",12}  limit of one event or frame on a core, us");
        foreach (BenchmarkFigure figure in Figures.Where(f => f.Work is not null))
        {
            string bound = double.IsNaN(figure.FactorBound) ? "" : "<= " + Number(figure.FactorBound);
            text.AppendLine(CultureInfo.InvariantCulture, $"{figure.Name,-34}{Number(figure.Factor(Peaks)),12}{bound,12}  {string.Join(", ",
                figure.Work!.Select(part => $"{part.Part} {Number(1e6 * Peaks.LeastSeconds(part.Operations, part.Bytes))}"))}");
        }

        return text.ToString();
    }

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

            if (figure.Work is { } work)
            {
                entry["limit"] = new JsonObject
                {
                    ["factor"] = Rounded(figure.Factor(Peaks)),
                    ["bound"] = double.IsNaN(figure.FactorBound) ? null : Rounded(figure.FactorBound),
                    ["microseconds"] = new JsonObject(work.Select(part => KeyValuePair.Create(part.Part,
                        (JsonNode?)Rounded(1e6 * Peaks.LeastSeconds(part.Operations, part.Bytes))))),
                };
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
        JsonObject root = new() { ["version"] = RunSummary.Version, ["machine"] = machine };
        foreach (EventSizes sizes in Sizes)
        {
            root[sizes.System + "Event"] = new JsonObject(sizes.Means.Select(m => KeyValuePair.Create(m.Name, (JsonNode?)Rounded(m.Mean))));
        }

        root["results"] = results;
        return root.ToJsonString(_indented) + "\n";
    }

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
        ? NumberText.Rounded(value, "g5") : 0;

    private static string Number(double value) => double.IsNaN(value) ? "" : Math.Abs(value) >= 100
        ? value.ToString("N0", CultureInfo.InvariantCulture) : value.ToString("G3", CultureInfo.InvariantCulture);
}

/// <summary>One line of "sagitta bench".</summary>
/// <param name="Name">Its name in the JSON file: "muon.train".</param>
/// <param name="Value">The figure: the median of its samples.</param>
/// <param name="Unit">"events/s", "us".</param>
internal sealed record BenchmarkFigure(string Name, double Value, string Unit)
{
    /// <summary>The best sample, which says what the code can do where other programs disturb; NaN where there is none.</summary>
    public double Best { get; init; } = double.NaN;
    /// <summary>What is asked for on a core whose peak is <see cref="MachinePeaks.ReferenceGigaflops"/>; NaN where nothing is.</summary>
    public double Bound { get; init; } = double.NaN;
    /// <summary>Whether the bound is a time or another number that must not be exceeded.</summary>
    public bool AtMost { get; init; }
    /// <summary>Whether the bound depends on the speed of the machine.</summary>
    public bool Scales { get; init; } = true;

    /// <summary>Seconds of a core for one event or frame; NaN where <see cref="Work"/> is not counted.</summary>
    public double CoreSeconds { get; init; } = double.NaN;
    /// <summary>What one event or frame takes at least; null where it is not counted.</summary>
    public IReadOnlyList<ChainWork>? Work { get; init; }
    /// <summary>How many times the least time is asked for at most; NaN where nothing is.</summary>
    public double FactorBound { get; init; } = double.NaN;

    /// <summary>Times the least time that it takes.</summary>
    public double Factor(MachinePeaks peaks) => CoreSeconds / ChainWork.LeastSeconds(Work!, peaks);

    /// <summary>A time in units of 1 / <paramref name="factor"/> seconds that must not exceed a bound.</summary>
    public static BenchmarkFigure Time(string name, Timing time, double factor, string unit, double bound) =>
        new(name, factor * time.Median, unit) { Best = factor * time.Fastest, Bound = bound, AtMost = true };

    /// <summary>The bound on a core of that peak: rates grow with it, times fall.</summary>
    public double BoundAt(double gigaflops)
    {
        double speed = gigaflops / MachinePeaks.ReferenceGigaflops;
        return !Scales ? Bound : AtMost ? Bound / speed : Bound * speed;
    }

    /// <summary>Whether the scaled bound is reached; null without a bound.</summary>
    public bool? Reached(double gigaflops) => double.IsNaN(Bound) ? null : AtMost ? Value <= BoundAt(gigaflops)
        : Value >= BoundAt(gigaflops);
}
