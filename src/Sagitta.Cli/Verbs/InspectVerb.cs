using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta inspect": what a file of ours holds. Also the pattern for other verbs: options, one call into Experiments,
/// output.</summary>
internal static class InspectVerb
{
    private static readonly double[] _momenta = [5, 10, 20, 30, 50, 100];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> file = new("file")
        {
            Description =
            "An NPZ archive of events or tracks, a safetensors model or checkpoint, or a detector (YAML file or shipped name)"
        };
        Option<double> resolution = SharedOptions.Number(
            "--resolution", "MM", "Resolution of a detector's planes; that of its file if not given", 0.1, 1e-6);
        Option<double> vertex = SharedOptions.Number("--vertex", "MM", "How well y at z = 0 is known where a vertex constrains the track",
            0.1, 1e-6);
        Option<double[]> momenta = new("--pt")
        {
            HelpName = "GEV",
            Description = "pT at which the limit of a detector is stated; may be repeated",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result =>
            {
                double[] values = [.. result.Tokens.Select(token =>
                    double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double pt) ? pt : double.NaN)];
                if (!values.All(pt => pt > 0 && double.IsFinite(pt)))
                {
                    result.AddError("--pt: give momenta in GeV above 0 such as 10");
                }

                return values;
            },
        };
        VerbCommand verb = new(
            "inspect",
            "List the arrays of an NPZ file, the tensors and metadata of a safetensors file, or what a detector can measure",
            "sagitta inspect events.npz",
            "sagitta inspect model.safetensors",
            "sagitta inspect three-station --pt 10 --pt 100 --vertex 0.5")
        {
            file, resolution, vertex, momenta,
        };
        verb.SetRun(run =>
        {
            string path = run.Value(file)!;
            IEnumerable<string> lines = Path.GetExtension(path).ToLowerInvariant() is "" or ".yaml" or ".yml"
                ? new DetectorInspection(run.Given(resolution) ? run.Value(resolution) : null, run.Value(vertex), run.Given(momenta)
                    ? run.Value(momenta)! : _momenta)
                    .Describe(path)
                : FileInspection.Describe(path);
            foreach (string line in lines)
            {
                run.Output.WriteLine(line);
            }

            return 0;
        });
        return verb;
    }
}
