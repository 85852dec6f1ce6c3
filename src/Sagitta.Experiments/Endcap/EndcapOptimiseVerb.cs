using System.Text;

namespace Sagitta.Experiments.Endcap;

/// <summary>"sagitta optimise detector endcap": which stereo angles.</summary>
internal static class EndcapOptimiseVerb
{
    private static readonly double[] _slopes = [0.22, 0.28, 0.36];

    // dx/dz of each muon of a pair.
    private const double HalfOpening = 0.1;
    private static readonly VerbOption<string> _detector =
        VerbOption.Text("--detector", "NAME|FILE", "The shipped detector, or a detector file", EndcapDetector.Shipped);

    private static readonly VerbOption<(double Low, double High)?> _between = DesignOptions.Range("--stereo-between",
        "All stereo angles may have sizes from LOW to HIGH, degrees, whatever the detector file says of them");

    private static readonly VerbOption<bool> _mass = VerbOption.Flag("--mass", "The mass of two muons instead of q/p of one");

    /// <summary>The verb.</summary>
    public static SystemVerb Verb { get; } = new(
        "optimise detector",
        "Give an endcap's planes the stereo angles that measure momenta, or the mass of two muons, best, by the gradient of the expected "
            + "error",
        [_detector, DesignOptions.Momenta, _between, _mass, SharedOptions.Out],
        Run)
    {
        Examples =
        [
            "sagitta optimise detector endcap --stereo-between 0.3:30 --momentum 50 --out better-stereo",
            "sagitta optimise detector endcap --detector mine.yaml --mass --momentum 20 --momentum 50 --out better-mass",
        ],
    };

    private static int Run(VerbRun run)
    {
        const double Degree = Math.PI / 180;
        string folder = run.Folder;
        string source = run.Value(_detector);
        EndcapDetector read = EndcapDetector.Load(source);
        EndcapDetector detector = run.Value(_between) is var (low, high)
            ? read with
            {
                Planes = [.. read.Planes.Select(plane =>
                    plane.StereoAngle == 0 ? plane : plane with { StereoBetween = (low * Degree, high * Degree) })],
            }
            : read;
        EndcapModel model = new(detector);
        IReadOnlyList<DesignTerm> terms = [.. run.Value(DesignOptions.Momenta).SelectMany(momentum => run.Value(_mass)
            ? [DesignTerm.Mass(model, momentum, _slopes[1], HalfOpening)]
            : _slopes.Select(ty => DesignTerm.Momentum(model, momentum, 0, ty))).OfType<DesignTerm>()];
        StereoDesign design = new(detector, terms);
        if (design.Count == 0 || terms.Count == 0)
        {
            throw new BadInputException($"detector '{detector.Name}'", design.Count == 0 ? "no stereo angle of it may change"
                : "no muon of these momenta reaches its last plane", design.Count == 0
                ? "give 'stereoBetween: [LOW, HIGH]' in degrees in its file, or --stereo-between" : "give larger ones with --momentum");
        }

        // The gradient leads to the minimum nearest to where it begins: the file's angles and both ends.
        (double objective, double[] values) = (double.PositiveInfinity, design.Values);
        foreach (double[] start in (double[][])[design.Values, [.. design.Values.Select(_ => 0.0)], [.. design.Values.Select(_ => 2.0)]])
        {
            double found = DesignSearch.Descend(design, start, run.Stop);
            (objective, values) = found < objective ? (found, start) : (objective, values);
        }

        EndcapDetector best = design.At(values);
        StringBuilder text = new("relative error, per cent:    before     after\n");
        foreach ((DesignTerm term, double before, double after) in terms.Zip(design.Errors(), new StereoDesign(best, terms).Errors()))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{term.Name}: {100 * before:0.0000} {100 * after:0.0000}");
        }

        foreach (IGrouping<int, EndcapPlane> station in best.Planes.GroupBy(plane => plane.Station))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"station {station.Key}: stereo angles {string.Join(", ", station.Select(plane =>
                (plane.StereoAngle / Degree).ToString("0.00", CultureInfo.InvariantCulture)))} degrees");
        }

        run.Output.Write(text);
        string file = Path.Combine(folder, "design.yaml");
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(file, $"# {run.CommandLine}\n" + best.Write(source, folder));
        run.Output.WriteLine($"wrote {file}; next: sagitta inspect {file}");
        return 0;
    }
}
