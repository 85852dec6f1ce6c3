namespace Sagitta.Experiments.Calorimeter;

/// <summary>The report of a reproduction: verdict, tables beside the published ones, a frame as a picture.</summary>
internal static class CalorimeterReport
{
    public static void Write(CalorimeterComparison comparison, string path)
    {
        List<Block> blocks = [Judge(comparison), new Heading("Purity and efficiency"), Table(comparison), Reading(comparison)];
        if (comparison.Example is { } frame && comparison.Models.Count > 0)
        {
            blocks.Add(new Heading("A frame"));
            blocks.Add(Picture(frame, comparison.Models[0]));
        }

        ReportWriter.WriteFile(path, new("Protons in a tracking calorimeter", blocks)
        {
            Subtitle = "Predict-then-track and predict-and-track on Geant4 frames",
            Abstract =
                "Many protons cross the layers of a pixel calorimeter in one readout, a frame, and leave a hit in each layer. A neural "
                + "network prices the segments between hits of neighbouring layers, and an exact assignment joins them to tracks. This "
                    + "page "
                + "asks whether it helps to train the network through the assignment.",
            Terms =
            [
                ("predict-then-track", "the network learns which segments are real; the assignment comes after."),
                ("predict-and-track", "the network learns through the assignment, from the tracks that it gives."),
                ("purity", "the share of found tracks whose hits are all of one proton."),
                ("efficiency", "the share of protons whose track is found."),
                ("follower", "a search from layer to layer without any training."),
                ("segment", "a pair of hits in neighbouring layers that may belong to one proton."),
                ("Geant4", "an independent, detailed simulation of particles in matter."),
            ],
            Facts =
            [
                ("Seeds", Text(comparison.Experiment.Seeds)),
                ("Steps",
                    $"{comparison.Experiment.Training.Steps} of {comparison.Experiment.Training.FramesPerStep} frames of "
                    + $"{comparison.Experiment.Training.Protons} protons"),
                ("Data", comparison.Experiment.Data.Folder), .. RunSummary.Facts,
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
        {Judge(comparison).Headline}.

        {TableMarkdown.Of(Table(comparison))}
        {Reading(comparison).Text}

        """);

    private static Verdict Judge(CalorimeterComparison comparison)
    {
        List<Claim> claims = [];
        foreach (CalorimeterSampleResult sample in comparison.Samples)
        {
            IReadOnlyList<CalorimeterRow> rows = CalorimeterRow.Of(sample);
            CalorimeterRow? separate = rows.FirstOrDefault(r => r.Seeds[0] is { IsPredictThenTrack: true, Price: null });
            CalorimeterRow? follower = rows.FirstOrDefault(r => r.Seeds[0].IsFollower);
            CalorimeterRow? joint = rows.Where(r => r.Seeds[0] is { IsPredictThenTrack: false, IsFollower: false, Price: null })
                .MaxBy(r => r.Purity.Value);
            if (separate is not null && joint is not null)
            {
                (double difference, double error) = Difference(joint.Purity, separate.Purity);
                claims.Add(new(
                    $"{sample.Name}: predict-and-track ({joint.Label}) is as pure as predict-then-track",
                    Percent(difference, error),
                    "not below 0 by more than 2 errors",
                    double.IsNaN(error) ? VerdictOutcome.Undecided
                        : difference > -2 * error ? VerdictOutcome.Holds : VerdictOutcome.Fails));
            }

            if (separate is not null && follower is not null)
            {
                (double difference, double error) = Difference(separate.Purity, follower.Purity);
                claims.Add(new(
                    $"{sample.Name}: the network is purer than the follower",
                    Percent(difference, error),
                    "above 0",
                    difference > error ? VerdictOutcome.Holds : difference < -error ? VerdictOutcome.Fails : VerdictOutcome.Undecided));
            }
        }

        int held = claims.Count(c => c.Outcome == VerdictOutcome.Holds);
        return new(Verdict.Whole(claims.Select(c => c.Outcome)), $"{held} of {claims.Count} comparisons hold") { Claims = claims };
    }

    private static Table Table(CalorimeterComparison comparison) => MetricTable.Block(
        [.. CalorimeterTable.Sample, CalorimeterTable.Method, .. CalorimeterTable.OfMethod, .. CalorimeterTable.Published],
        comparison.Samples.SelectMany(CalorimeterRow.Of),
        "Means over test frames and seeds; errors combine the spread of frames with that of seeds. Published numbers are of other data.");

    private static Paragraph Reading(CalorimeterComparison comparison) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"ptt trains on the cross-entropy of segment scores. pat-L trains on the Hamming distance through the assignment, with the "
            + $"interpolation factor L as published; pat-scaled-C chooses the factor in each backward pass so that the largest change of a "
            + $"cost is C. The follower continues each track to the hit that bends it least, up to {comparison.LargestBend:F2} rad, "
            + $"which was tuned on validation frames. Methods with \"-priced\" may leave hits unassigned, at a price that was tuned "
            + $"there."));

    /// <summary>A frame with the tracks that a model finds in it.</summary>
    internal static EventDisplay Picture(CalorimeterFrame frame, CalorimeterModel model)
    {
        using CalorimeterChain reconstruction = new();
        IReadOnlyList<SegmentTrack> tracks = reconstruction.Reconstruct(frame, model);
        long[] events = [.. frame.TruthEvent.Distinct().Order()];
        Dictionary<long, int> number = events.Index().ToDictionary(e => e.Item, e => e.Index);
        List<IReadOnlyList<int>> truth = [];
        foreach (IGrouping<(long, long), int> track in Enumerable.Range(0, frame.HasTruth ? frame.Count : 0)
            .GroupBy(h => (frame.TruthEvent[h], frame.TruthTrack[h])))
        {
            int[] hits = [.. track.OrderBy(h => frame.Layer[h])];
            if (hits.Length > 1)
            {
                truth.Add(hits);
            }
        }

        return SegmentDisplay.Of(
            [.. Enumerable.Range(0, frame.Count).Select(h => new SpaceHit(
                frame.X[h], frame.Y[h], frame.Z[h], frame.Energy[h],
                string.Create(CultureInfo.InvariantCulture, $"layer {frame.Layer[h]}, {1000 * frame.Energy[h]:0.#} keV\n"
                    + $"x {frame.X[h]:0.00}, y {frame.Y[h]:0.00} mm")
                    + (frame.HasTruth ? string.Create(CultureInfo.InvariantCulture, $"\nprimary {number[frame.TruthEvent[h]]}") : "")))],
            truth,
            [.. tracks.Select(t => (IReadOnlyList<int>)t.Hits)],
            string.Create(CultureInfo.InvariantCulture,
                $"A frame of {frame.Count} hits with {tracks.Count} tracks by {model.Method.Label}."));
    }

    private static (double Value, double Error) Difference(Metric first, Metric second) =>
        (first.Value - second.Value, Math.Sqrt((first.Error * first.Error) + (second.Error * second.Error)));

    private static string Percent(double value, double error) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * value:F1} +- {100 * error:F1} points");

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
