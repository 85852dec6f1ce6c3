namespace Sagitta.Experiments.Calorimeter;

/// <summary>The report of a reproduction: verdict, tables beside the published ones, a frame as a picture.</summary>
internal static class CalorimeterReport
{
    /// <summary>Writes report.html.</summary>
    public static void Write(CalorimeterComparison comparison, string path)
    {
        List<Block> blocks = [Verdict(comparison), new Heading("Purity and efficiency"), Table(comparison), Reading(comparison)];
        if (comparison.Example is { } frame && comparison.Models.Count > 0)
        {
            blocks.Add(new Heading("A frame"));
            blocks.Add(Picture(frame, comparison.Models[0]));
        }

        ReportWriter.WriteFile(path, new("Protons in a tracking calorimeter", blocks)
        {
            Subtitle = "Predict-then-track and predict-and-track on Geant4 frames",
            Facts =
            [
                ("Seeds", Text(comparison.Experiment.Seeds)),
                ("Steps",
                    $"{comparison.Experiment.Training.Steps} of {comparison.Experiment.Training.FramesPerStep} frames of "
                    + $"{comparison.Experiment.Training.Protons} protons"),
                ("Data", comparison.Experiment.Data.Folder),
            ],
        });
    }

    /// <summary>The table of the report as a document, the verdict's sentence above it.</summary>
    public static string Markdown(CalorimeterComparison comparison) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        # Results of the calorimeter

        Written by `sagitta reproduce calorimeter`: {comparison.Experiment.Seeds} seeds, {comparison.Experiment.Training.Steps} steps of
        {comparison.Experiment.Training.FramesPerStep} frames of {comparison.Experiment.Training.Protons} protons.
        {Verdict(comparison).Headline}.

        {TableMarkdown.Of(Table(comparison))}
        {Reading(comparison).Text}

        """);

    private static Verdict Verdict(CalorimeterComparison comparison)
    {
        List<Claim> claims = [];
        foreach (CalorimeterSampleResult sample in comparison.Samples)
        {
            IReadOnlyList<CalorimeterRow> rows = CalorimeterRow.Of(sample);
            CalorimeterRow? separate = rows.FirstOrDefault(r => r.Label == "ptt");
            CalorimeterRow? follower = rows.FirstOrDefault(r => r.Label == "follower");
            CalorimeterRow? joint = rows.Where(r => r.Label.StartsWith("pat", StringComparison.Ordinal)
                && !r.Label.EndsWith(CalorimeterMethodResult.Priced, StringComparison.Ordinal)).MaxBy(r => r.Purity);
            if (separate is not null && joint is not null)
            {
                double difference = joint.Purity - separate.Purity;
                double error = Math.Sqrt(Square(joint.PurityError) + Square(separate.PurityError));
                claims.Add(new(
                    $"{sample.Name}: predict-and-track ({joint.Label}) is as pure as predict-then-track",
                    Percent(difference, error),
                    "not below 0 by more than 2 errors",
                    difference > -2 * error ? VerdictOutcome.Holds : VerdictOutcome.Fails));
            }

            if (separate is not null && follower is not null)
            {
                double difference = separate.Purity - follower.Purity;
                double error = Math.Sqrt(Square(separate.PurityError) + Square(follower.PurityError));
                claims.Add(new(
                    $"{sample.Name}: the network is purer than the follower",
                    Percent(difference, error),
                    "above 0",
                    difference > error ? VerdictOutcome.Holds : difference < -error ? VerdictOutcome.Fails : VerdictOutcome.Undecided));
            }
        }

        VerdictOutcome outcome = claims.Any(c => c.Outcome == VerdictOutcome.Fails) ? VerdictOutcome.Fails
            : claims.Any(c => c.Outcome == VerdictOutcome.Undecided) ? VerdictOutcome.Undecided : VerdictOutcome.Holds;
        int held = claims.Count(c => c.Outcome == VerdictOutcome.Holds);
        return new(outcome, $"{held} of {claims.Count} comparisons hold") { Claims = claims };
    }

    private static Table Table(CalorimeterComparison comparison)
    {
        List<IReadOnlyList<Cell>> rows = [];
        foreach (CalorimeterSampleResult sample in comparison.Samples)
        {
            foreach (CalorimeterRow row in CalorimeterRow.Of(sample))
            {
                (double purity, double efficiency) = PublishedResults.Of(row.Label, sample.Water, sample.Protons);
                rows.Add(
                [
                    (double)sample.Water,
                    (double)sample.Protons,
                    row.Label,
                    new NumberCell(100 * row.Purity, 100 * row.PurityError),
                    new NumberCell(100 * row.Efficiency, 100 * row.EfficiencyError),
                    100 * row.EfficiencyReference,
                    100 * row.TruePositiveRate,
                    100 * row.FalsePositiveRate,
                    double.IsNaN(purity) ? "" : Text(purity),
                    double.IsNaN(efficiency) ? "" : Text(efficiency),
                ]);
            }
        }

        return new(
            ["Water, mm", "Protons", "Method", "Purity, %", "Efficiency, %", "Efficiency as published, %", "True positives, %",
                "False positives, %", "Published purity", "Published efficiency"],
            rows)
        {
            Caption =
                "Means over test frames and seeds; errors combine the spread of frames with that of seeds. Published numbers are of "
                + "other data.",
        };
    }

    private static Paragraph Reading(CalorimeterComparison comparison) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"ptt: cross-entropy of segment scores. pat-L: Hamming distance through the assignment with interpolation factor L as published; "
            + $"pat-scaled-C: lambda chosen in each backward pass so that the largest change of a cost is C. The follower continues each "
            + $"track to the hit that bends it least, up to {comparison.LargestBend:F2} rad, tuned on validation frames. Methods with "
            + $"\"-priced\" leave hits unassigned at a price tuned there."));

    /// <summary>A frame with the tracks that a model finds in it.</summary>
    internal static LayerDisplay Picture(CalorimeterFrame frame, CalorimeterModel model)
    {
        using CalorimeterChain reconstruction = new();
        IReadOnlyList<SegmentTrack> tracks = reconstruction.Reconstruct(frame, model);
        int[] events = [.. frame.TruthEvent.Distinct().Order()];
        Dictionary<int, int> number = events.Index().ToDictionary(e => e.Item, e => e.Index);
        List<IReadOnlyList<int>> truth = [];
        foreach (IGrouping<(int, int), int> track in Enumerable.Range(0, frame.HasTruth ? frame.Count : 0)
            .GroupBy(h => (frame.TruthEvent[h], frame.TruthTrack[h])))
        {
            int[] hits = [.. track.OrderBy(h => frame.Layer[h])];
            if (hits.Length > 1)
            {
                truth.Add(hits);
            }
        }

        return new(
            [.. Enumerable.Range(0, frame.Count).Select(h =>
                new LayerHit(frame.Layer[h], frame.X[h], frame.Y[h], frame.Z[h], 1000 * frame.Energy[h],
                    frame.HasTruth ? number[frame.TruthEvent[h]] : -1))],
            truth,
            [.. tracks.Select(t => (IReadOnlyList<int>)t.Hits)],
            string.Create(
                CultureInfo.InvariantCulture,
                $"A frame of {frame.Count} hits with {tracks.Count} tracks by {CalorimeterTrainer.Name(model.Method)}."));
    }

    private static string Percent(double value, double error) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * value:F1} +- {100 * error:F1} points");

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static double Square(double value) => value * value;
}
