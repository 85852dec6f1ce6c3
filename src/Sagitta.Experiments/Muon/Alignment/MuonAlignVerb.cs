namespace Sagitta.Experiments.Muon.Alignment;

/// <summary>"sagitta align muon": where the planes stand, from tracks.</summary>
internal static class MuonAlignVerb
{
    private const string FromTruth = "truth";
    private static readonly VerbOption<string?> _known = VerbOption.Text("--known-momentum", "truth|FILE",
        "q/pT of the muons that is known otherwise, which fixes the sagitta mode: 'truth' of the events, or a table with columns event and "
            + "q_over_pt");

    /// <summary>The verb.</summary>
    public static SystemVerb Verb { get; } = new(
        "align",
        "Find where the planes of a muon detector stand, with errors and weak modes; exit code 1 if corrections can't be trusted",
        [MuonOptions.Model, _known, .. AlignmentVerbOptions.All, .. MuonOptions.Input, SharedOptions.Threads, SharedOptions.Out],
        Run)
    {
        Examples =
        [
            "sagitta align muon --events events.npz --out aligned-muon",
            "sagitta align muon --events events.npz --known-momentum truth --out aligned-known",
            "sagitta align muon --events events.npz --detector mine.yaml --along-z --mille tracks.bin --out aligned-along-z",
        ],
    };

    private static int Run(VerbRun run)
    {
        _ = run.Folder;
        MuonInput input = MuonOptions.InputOf(run);
        using MuonModelUse use = new(MuonModelFile.Read(input.ModelFile(run.Value(MuonOptions.Model))));
        Detector detector = input.DetectorFor(use.Model);
        MuonReconstructor.RequireCompatible(use.Model.Detector, detector);
        EventSet events = input.LoadShown(detector);
        double[]? known = run.Value(_known) is { } source ? KnownMomenta(source, events) : null;
        AlignmentOptions options = AlignmentVerbOptions.Of(run);
        using WorkerThreads threads = new(run.Threads);
        AlignmentResult result = new MuonAlignment(use.Model, detector, options, threads).Run(events.Hits, known, run.Stop);
        AlignmentOutput output = new(result, detector.Name, [.. detector.Planes.Select(plane => plane.NominalZ)], "q/pT", known is not null,
            run.CommandLine);
        int planes = detector.Planes.Count;
        return output.Write(run, run.Value(AlignmentVerbOptions.Mille), () => DetectorFile.Write(
            detector.WithShifts(result.Values.AsSpan(0, planes), result.Values.AsSpan(planes, planes))));
    }

    private static double[] KnownMomenta(string source, EventSet events)
    {
        if (source == FromTruth)
        {
            return events.HasTruth
                ? [.. events.TruthMuon.Zip(events.TruthQOverPt, (muon, q) => muon != 0 ? q : double.NaN)]
                : throw new BadInputException("--known-momentum", "the events have no truth",
                    "give a table with columns event and q_over_pt, or leave it out");
        }

        ColumnTable table = TableFile.Read(source, [new("event", ColumnKind.WholeNumber), new("q_over_pt", ColumnKind.Number, "1/GeV")]);
        Dictionary<long, double> byEvent = [];
        for (int row = 0; row < table.Count; row++)
        {
            byEvent[table.Wholes("event")[row]] = table.Numbers("q_over_pt")[row];
        }

        double[] known = [.. events.EventNumber.Select(number => byEvent.GetValueOrDefault(number, double.NaN))];
        return known.Any(double.IsFinite) ? known
            : throw new BadInputException($"'{source}'", "none of its events is among those to align with", "give momenta of these events");
    }

    // A model whose parameters are released in the end.
    private sealed class MuonModelUse(MuonModel model) : IDisposable
    {
        public MuonModel Model => model;

        public void Dispose() => model.Parameters.Dispose();
    }
}
