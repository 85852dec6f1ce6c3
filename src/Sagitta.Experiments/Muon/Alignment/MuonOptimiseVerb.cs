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

    private static readonly VerbOption<bool> _chain = VerbOption.Flag("--chain",
        "Lower the core of q/pT of a trained chain on simulated events instead of the bound; every plane moves from where it is");

    private static readonly VerbOption<long> _events = VerbOption.Whole(
        "--events", "N", "With --chain: simulated events for each momentum", 2000L, 100L, 1_000_000L);

    private static readonly VerbOption[] _ofChain =
        [MuonOptions.Model, _events, MuonOptions.Background, MuonOptions.Smear, SharedOptions.Seed];

    /// <summary>The verb.</summary>
    public static SystemVerb Verb { get; } = new(
        "optimise detector",
        "Put a muon detector's planes where momenta are measured best, by the gradient of the fit's expected error, or of the core of a "
            + "trained chain",
        [MuonOptions.Detector, DesignOptions.Momenta, _between, _planes, _budget, _chain, .. _ofChain, SharedOptions.Threads,
            SharedOptions.Out],
        Run)
    {
        IsDefault = true,
        Examples =
        [
            "sagitta optimise detector --detector toy16 --between 2000:5096 --momentum 50 --out better-places",
            "sagitta optimise detector muon --between 2000:5096 --chain --momentum 50 --out better-chain",
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

        if (run.Value(_chain))
        {
            run.Exclude(_chain, _planes);
            run.Exclude(_chain, _budget);
            return Finish(run, folder, new(read, momenta), new(ByChain(run, detector, momenta), momenta));
        }

        if (_ofChain.FirstOrDefault(run.Given) is { } stray)
        {
            throw new UsageException($"{stray.Name} belongs to --chain; give both or none");
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

        run.Output.WriteLine("no plane elsewhere in its range would lower the error by 0.01 %");

        return Finish(run, folder, new(read, momenta), best!.Value.Design);
    }

    // The detector that lowers the core of a trained chain.
    private static Detector ByChain(VerbRun run, Detector detector, double[] momenta)
    {
        MuonModel model = MuonModelFile.Read(run.Value(MuonOptions.Model) ?? MuonModelFile.Shipped(detector.Name)[0]);
        MuonReconstructor.RequireCompatible(model.Detector, detector);
        using WorkerThreads threads = new(run.Threads);
        ChainDesign design = new(detector, momenta, model, new()
        {
            Background = new() { KHzPerCm2 = run.Value(MuonOptions.Background) },
            Smear = run.Value(MuonOptions.Smear),
        }, run.Seed, (int)run.Value(_events), threads);
        double[] z = [.. detector.Planes.Select(plane => plane.Z)];
        IReadOnlyList<(double Core, double Width)> before = design.Cores(z);
        _ = DesignSearch.Descend(design, z, run.Stop);
        run.Output.WriteLine("core of q/pT in limits of the given detector:    before     after");
        foreach ((double pt, (double Core, double Width) old, (double Core, double Width) now) in momenta.Zip(before, design.Cores(z)))
        {
            run.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{pt,42:0.##} GeV {old.Core,9:0.0000} {now.Core,9:0.0000}   (its smooth width {old.Width:0.0000} {now.Width:0.0000})"));
        }

        return design.At(z);
    }

    private static int Finish(VerbRun run, string folder, PlaneDesign before, PlaneDesign after)
    {
        run.Output.Write(Text(before, after));
        string file = Path.Combine(folder, "design.yaml");
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(file, $"# {run.CommandLine}\n" + DetectorFile.Write(after.Detector));
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

        return text.ToString();
    }
}
