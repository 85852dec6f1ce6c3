using System.Text;

namespace Sagitta.Experiments.Muon.Alignment;

/// <summary>"sagitta optimise detector muon": where planes should stand.</summary>
internal static class MuonOptimiseVerb
{
    private static readonly double[] _shownMomenta = [5, 10, 20, 50, 100, 200];
    private static readonly VerbOption<(double Low, double High)?> _between = DesignOptions.Range("--between",
        "All planes may stand from LOW to HIGH, mm, whatever the detector file says of them");

    private static readonly VerbOption<double[]> _planes = VerbOption.Numbers("--planes", "N",
        "Copies of the first free plane instead of the free ones of the file; repeated, the best of these numbers", [], 3, 255);

    private static readonly VerbOption<PlaneBudget> _budget = new("--budget", "What all planes have together whatever their number, with "
        + "--planes: strips, so that more planes have wider ones, or the material around gaps", PlaneBudget.None,
        (string text, out PlaneBudget value) => Enum.TryParse(text, ignoreCase: true, out value) && !char.IsDigit(text[0]) ? null
            : $"'{text}' is no budget; give none, strips or material")
    { HelpName = "none|strips|material" };

    /// <summary>The verb.</summary>
    public static SystemVerb Verb { get; } = new(
        "optimise detector",
        "Put a muon detector's planes where momenta are measured best, by the gradient of the fit's expected error",
        [MuonOptions.Detector, DesignOptions.Momenta, _between, _planes, _budget, SharedOptions.Out],
        Run)
    {
        IsDefault = true,
        Examples =
        [
            "sagitta optimise detector --detector toy16 --between 2000:5096 --momentum 50 --out better-places",
            "sagitta optimise detector muon --between 2000:5096 --planes 8 --planes 16 --planes 32 --budget strips --out better-planes",
        ],
    };

    private static int Run(VerbRun run)
    {
        string folder = run.Folder;
        Detector read = DetectorFile.Load(run.Value(MuonOptions.Detector));
        Detector detector = run.Value(_between) is var (low, high)
            ? read with { Planes = [.. read.Planes.Select(plane => plane with { Between = (low, high) })] } : read;
        double[] momenta = run.Value(DesignOptions.Momenta);
        double[] numbers = run.Value(_planes);
        int free = detector.Planes.Count(plane => plane.Between is not null);
        if (free == 0)
        {
            throw new BadInputException($"detector '{detector.Name}'", "no plane of it may move",
                "give 'between: [LOW, HIGH]' in its file, or --between");
        }

        (double Objective, PlaneDesign Design)? best = null;
        foreach (int number in numbers.Length > 0 ? numbers.Select(n => (int)n) : [0])
        {
            PlaneDesign start = new(number > 0 ? PlaneCopies.Of(detector, number, run.Value(_budget)) : detector, momenta);
            PlaneDesign found = start.Best(out int jumps, run.Stop);
            double objective = found.Evaluate(found.Values, []);
            run.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{found.Count} planes: error {100 * Math.Exp(objective):0.0000} % (mean over the momenta), {jumps} of them moved "
                    + $"elsewhere"));
            best = best is { } other && other.Objective <= objective ? best : (objective, found);
        }

        run.Output.Write(Text(new(read, momenta), best!.Value.Design));
        string file = Path.Combine(folder, "design.yaml");
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(file, $"# {run.CommandLine}\n" + DetectorFile.Write(best.Value.Design.Detector));
        run.Output.WriteLine($"wrote {file}; next: sagitta inspect {file}");
        return 0;
    }

    private static string Text(PlaneDesign before, PlaneDesign after)
    {
        StringBuilder text = new();
        text.AppendLine("bound on the relative error of q/pT, per cent:    before     after");
        foreach (double pt in _shownMomenta)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{pt,42:0.##} GeV {100 * before.Relative(pt),9:0.0000} {100 * after.Relative(pt),9:0.0000}");
        }

        foreach (IGrouping<int, Plane> station in after.Detector.Planes.GroupBy(plane => plane.Station))
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"station {station.Key}: {station.Count()} planes at z = {string.Join(", ", station.Select(plane =>
                    plane.Z.ToString("0.0", CultureInfo.InvariantCulture)))} mm");
        }

        text.AppendLine("no plane elsewhere in its range would lower the error by 0.01 %");
        return text.ToString();
    }
}
