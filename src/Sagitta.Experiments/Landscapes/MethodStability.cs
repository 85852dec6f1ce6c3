using System.Text.Json.Serialization;

namespace Sagitta.Experiments.Landscapes;

/// <summary>How much single tracks change between the seeds of one method, and what an ensemble of the seeds makes of it.</summary>
internal abstract record MethodStability
{
    [JsonPropertyOrder(-1)]
    public string Method { get; init; } = "";

    [JsonPropertyOrder(-1)]
    public int Seeds { get; init; }

    /// <summary>Time of the ensemble over that of one model.</summary>
    [JsonPropertyOrder(1)]
    public required double EnsembleCost { get; init; }

    /// <summary>Whether the method was trained through the track.</summary>
    [JsonIgnore]
    public bool EndToEnd { get; init; }

    /// <summary>What changes with the seed, with its errors from the sample and from the choice of seeds (NaN with fewer than
    /// three).</summary>
    public abstract (double Value, double SampleError, double SeedError) Change();

    /// <summary>Both errors together.</summary>
    public double Error()
    {
        (_, double sample, double seed) = Change();
        return Math.Sqrt(Math.Pow(sample, 2) + (double.IsNaN(seed) ? 0 : Math.Pow(seed, 2)));
    }

    /// <summary>The change and what the ensemble gains, in words for findings, and all numbers for the table.</summary>
    public abstract string ChangeInWords();
    public abstract string EnsembleInWords();
    public abstract IReadOnlyList<Metric> Cells();

    /// <summary>The standard error, from the choice of seeds, of a mean over all pairs of models: each model left out in turn with all its
    /// pairs (jackknife; Efron and Stein, Annals of Statistics 9, 1981). Pairs share models, so their spread over the root of their number
    /// would be too small. NaN with fewer than three models; the pairs come in the order (0, 1), (0, 2), ... (1, 2), ...</summary>
    public static double PairJackknife(int models, IReadOnlyList<double> pairs)
    {
        if (models < 3)
        {
            return double.NaN;
        }

        double[] without = new double[models];
        int count = (models - 1) * (models - 2) / 2;
        for (int left = 0; left < models; left++)
        {
            foreach (((int a, int b), double value) in AlignmentAnalysis.Pairs(models).Zip(pairs))
            {
                without[left] += a != left && b != left ? value / count : 0;
            }
        }

        double mean = without.Average();
        return Math.Sqrt((models - 1.0) / models * without.Sum(v => (v - mean) * (v - mean)));
    }
}

/// <summary>Stabilities of a system's methods in the report: the question, how the change is shown, columns after method and
/// seeds.</summary>
internal sealed record StabilityText(
    string Question, double Factor, string Format, string Unit, IReadOnlyList<TableColumn> Columns, string Caption)
{
    public Table Table(IReadOnlyList<MethodStability> stabilities) => new(
        ["method", new("seeds") { Decimals = 0 }, .. Columns, new("cost") { Decimals = 2 }],
        [.. stabilities.Select(s => (Metric[])[s.Method, s.Seeds, .. s.Cells(), s.EnsembleCost])])
    { Caption = Caption };

    public IEnumerable<Finding> Findings(IReadOnlyList<MethodStability> stabilities)
    {
        if (stabilities.Count == 0)
        {
            yield break;
        }

        yield return new(Question, string.Join("; ", stabilities.Select(s => s.ChangeInWords())) + ".");
        if (stabilities.FirstOrDefault(s => !s.EndToEnd) is { } separate && stabilities.Any(s => s.EndToEnd))
        {
            yield return new("Does end-to-end training reduce that?",
                string.Join("; ", stabilities.Where(s => s.EndToEnd).Select(s => Difference(s, separate))) + ".");
        }

        yield return new("What does an ensemble gain, and cost?", string.Join("; ", stabilities.Select(s =>
            string.Create(
                CultureInfo.InvariantCulture, $"{s.Method}: {s.EnsembleInWords()}, {s.EnsembleCost:0.0} times the time of one model")))
                + ".");
    }

    private string Difference(MethodStability joint, MethodStability separate)
    {
        double difference = joint.Change().Value - separate.Change().Value;
        double error = Math.Sqrt(Math.Pow(joint.Error(), 2) + Math.Pow(separate.Error(), 2));
        string signed = (Factor * difference).ToString($"+{Format};-{Format}", CultureInfo.InvariantCulture);
        string reduced = difference < -2 * error ? "yes" : difference > 2 * error ? "no, it raises it" : "not decided";
        return $"{joint.Method} minus {separate.Method} {signed} +- {(Factor * error).ToString(Format, CultureInfo.InvariantCulture)} "
            + $"{Unit} "
            + string.Create(CultureInfo.InvariantCulture, $"({joint.Seeds} and {separate.Seeds} seeds): {reduced}");
    }
}
