namespace Sagitta.Experiments.Endcap;

/// <summary>"sagitta align endcap": where the planes stand, from tracks.</summary>
internal static class EndcapAlignCommand
{
    // A track is that muon whose momentum is nearest, if it is as near as this: relative, and in 1/GeV for what a misaligned detector adds.
    private const double NearPart = 0.25;
    private const double Near = 0.01;

    /// <summary>--known-momentum.</summary>
    public static VerbOption<string?> Known { get; } = VerbOption.Text("--known-momentum", "truth|FILE",
        "q/p of the muons at the first plane that is known otherwise, which fixes the sagitta mode: 'truth' of the events, or a table with "
            + "columns event and q_over_p, a row a muon");

    /// <summary>Runs it.</summary>
    public static int Run(VerbRun run, string? modelFile, EndcapInput input)
    {
        string folder = run.Folder;
        EndcapEvents events = input.Read(out EndcapDetector detector);
        using EndcapNetwork? model = modelFile is null ? null : EndcapNetwork.Read(modelFile);
        using WorkerThreads threads = new(run.Threads);
        Func<int, EndcapTrack, double>? known = run.Value(Known) is { } source ? Momenta(source, events) : null;
        AlignmentResult result = new EndcapAlignment(detector, model, AlignmentVerbOptions.Of(run), threads).Run(events, known, run.Stop);
        AlignmentOutput output = new(result, detector.Name, [.. detector.Planes.Select(plane => plane.Z)], "q/p", known is not null,
            run.CommandLine);
        return output.Write(run, run.Value(AlignmentVerbOptions.Mille), () =>
            EndcapAlignmentModel.Moved(detector, result.Values).Write(input.Detector, folder));
    }

    private static Func<int, EndcapTrack, double> Momenta(string source, EndcapEvents events)
    {
        ILookup<long, double> known;
        if (source == "truth")
        {
            known = events.HasTruth
                ? Enumerable.Range(0, events.Count).SelectMany(e => events.MuonsOf(e).ToArray().Select(muon => (e, muon.QOverP)))
                    .ToLookup(pair => events.Number[pair.e], pair => pair.QOverP)
                : throw new BadInputException("--known-momentum", "the events have no truth",
                    "give a table with columns event and q_over_p, or leave it out");
        }
        else
        {
            ColumnTable table = TableFile.Read(source, [new("event", ColumnKind.WholeNumber), new("q_over_p", ColumnKind.Number, "1/GeV")]);
            known = Enumerable.Range(0, table.Count).ToLookup(row => table.Wholes("event")[row], row => table.Numbers("q_over_p")[row]);
            if (!events.Number.Any(number => known[number].Any(double.IsFinite)))
            {
                throw new BadInputException($"'{source}'", "none of its events is among those to align with",
                    "give momenta of these events");
            }
        }

        return (e, track) =>
        {
            double found = track.Fit.Track.QOverP;
            return known[events.Number[e]].Where(q => Math.Abs(q - found) < Near + (NearPart * Math.Abs(q)))
                .DefaultIfEmpty(double.NaN).MinBy(q => Math.Abs(q - found));
        };
    }
}
