using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Calorimeter;

/// <summary>The report of a reproduction: verdict, tables beside the published ones, curves, images, a frame as a picture.</summary>
internal static class CalorimeterReport
{
    private static readonly MetricColumn<(string Setting, string Published, string Here)>[] _settings =
    [
        new("setting", "Setting", "", "A setting of the training.", s => s.Setting) { Width = -31 },
        new("published", "Published", "", "What the publication has.", s => s.Published) { Width = -16 },
        new("here", "Here", "", "What this run has.", s => s.Here) { Width = -16 },
    ];

    private static readonly MetricColumn<ValidationPurity>[] _validation =
    [
        CalorimeterTable.Method.Of<ValidationPurity>(_ => null) with { Value = v => v.Method.Label },
        new("validationPurity", "Validation purity", "0.0", "Mean purity on the validation frames; the error is the spread of seeds.",
            v => v.Purity) { Unit = "%", Scale = 100, Width = 17 },
    ];

    private static readonly MetricColumn<MethodDifference>[] _differences =
    [
        .. CalorimeterTable.Sample.Select(column => column.Of<MethodDifference>(d => new CalorimeterRow(d.Sample, d.Sample.Methods))),
        CalorimeterTable.Method.Of<MethodDifference>(_ => null) with { Value = d => d.Label },
        new("to", "Minus", "", "The method that it is compared with.", d => d.To) { Width = -8 },
        Interval("purityDifference", "Purity", d => d.Purity),
        Interval("efficiencyDifference", "Efficiency", d => d.Efficiency),
    ];

    private static readonly MetricColumn<(ImageRow Row, InsertMeasurement Insert)>[] _inserts =
    [
        new("label", "Tracks", "", "Who found the tracks.", i => i.Row.Label) { Short = "tracks", Width = -16 },
        .. CalorimeterImageReport.Inserts.Where(column => column.Name is not ("x" or "y" or "radius"))
            .Select(column => column.Of<(ImageRow Row, InsertMeasurement Insert)>(i => i.Insert)),
    ];

    private static readonly MetricColumn<(string Label, string To, PairedDifference Difference)>[] _deviations =
    [
        new("label", "Tracks", "", "Who found the tracks.", d => d.Label) { Short = "tracks", Width = -16 },
        new("to", "Minus", "", "Whose deviation is subtracted.", d => d.To) { Width = -16 },
        new("deviation", "Deviation", "+0.000;-0.000;0.000",
            "Difference of mean absolute deviations of path lengths, with a 95 % interval.",
            d => new Metric(d.Difference.Value, d.Difference.Low, d.Difference.High)) { Unit = "mm", Width = 24 },
    ];

    public static void Write(CalorimeterComparison comparison, string path, bool quick)
    {
        List<Block> blocks = [Judge(comparison), .. Sections(comparison)];
        foreach (ImageRow row in comparison.Images)
        {
            if (CalorimeterImageReport.Picture(row.Images[0]) is { } picture)
            {
                blocks.Add(new Illustration(picture, $"Water-equivalent path lengths by {row.Label}."));
            }
        }

        if (comparison.Example is { } frame && comparison.Models.Count > 0)
        {
            blocks.Add(new Heading("A frame"));
            blocks.Add(Picture(frame, comparison.Models[0]));
        }

        blocks.AddRange(RunComparison.Training(Path.GetDirectoryName(path)!, comparison.Experiment.Seed));
        ReportWriter.WriteFile(path, new("Protons in a tracking calorimeter", blocks)
        {
            Subtitle = "Predict-then-track and predict-and-track on Geant4 frames",
            Abstract =
                "Many protons cross the layers of a pixel calorimeter in one readout, a frame, and leave a hit in each layer. A neural "
                + "network prices the segments between hits of neighbouring layers, and an exact assignment joins them to tracks. This "
                + "page asks whether it helps to train the network through the assignment, and what wrong tracks do to an image.",
            Lead = comparison.Curves.Count == 0 ? null : new(Figure(comparison.Curves), "Purity against efficiency as the smallest margin "
                + "of a track rises, frames of 100 protons; the points are the margins chosen on validation frames."),
            Terms =
            [
                ("ptt", "predict-then-track: the network learns which segments are real; the assignment comes after."),
                ("pat-", "predict-and-track: the network learns through the assignment, from the tracks that it gives; what follows "
                    + "tells how the gradient passes it."),
                ("purity", "the share of found tracks whose hits are all of one proton."),
                ("efficiency", "the share of protons whose track is found."),
                ("follower", "a search from layer to layer without any training."),
                ("segment", "a pair of hits in neighbouring layers that may belong to one proton."),
                ("margin", "by how much the assignment becomes dearer without a track's most easily replaced segment."),
                ("Geant4", "an independent, detailed simulation of particles in matter."),
            ],
            IsQuick = quick,
            Facts =
            [
                ("Seeds", comparison.Experiment.Seeds.ToString(CultureInfo.InvariantCulture)),
                ("Steps",
                    $"{comparison.Experiment.Training.Steps} of {comparison.Experiment.Training.FramesPerStep} frames of "
                    + $"{comparison.Experiment.Training.Protons} protons"),
                ("Data", comparison.Experiment.Data.Folder),
            ],
        });
    }

    /// <summary>The tables of the report as a document, the verdict's sentence above them.</summary>
    public static string Markdown(CalorimeterComparison comparison)
    {
        Verdict verdict = Judge(comparison);
        string claims = string.Concat(verdict.Claims.Select(claim =>
            $"- {claim.Statement}: {claim.Measured} (bound: {claim.Bound}) {Word(claim.Outcome)}\n"));
        return $"# Results of the calorimeter\n\nWritten by `sagitta reproduce calorimeter`. {verdict.Headline}.\n\n{claims}"
            + string.Concat(Sections(comparison).Select(block => block switch
            {
                Heading heading => $"\n## {heading.Text}\n\n",
                Paragraph paragraph => paragraph.Text + "\n\n",
                Table table => TableMarkdown.Of(table) + "\n",
                _ => "",
            })).TrimEnd() + "\n";
    }

    /// <summary>The tables as text.</summary>
    public static string PlainText(CalorimeterComparison comparison)
    {
        string Titled<TRow>(string title, MetricColumn<TRow>[] columns, IReadOnlyCollection<TRow> rows) =>
            rows.Count == 0 ? "" : "\n" + title + "\n" + MetricTable.PlainText(columns, rows);
        return CalorimeterTable.PlainText(comparison.Samples)
            + Titled("validation frames", _validation, comparison.Validation)
            + Titled("paired differences, points", _differences, comparison.Differences)
            + Titled("cuts on the margin, frames of 100 protons", [.. MarginCurve.Columns], comparison.Curves)
            + Titled("ranges, energies and path lengths of accepted tracks, frames of 100 protons", [.. RangeQuality.Columns],
                comparison.Ranges)
            + Titled("images of the radiograph", [.. ImageRow.Columns], comparison.Images)
            + Titled("deviations of path lengths", _deviations, [.. Deviations(comparison)])
            + Titled("inserts", _inserts, [.. Inserts(comparison)]);
    }

    /// <summary>The "calorimeter" section of summary.json.</summary>
    public static JsonObject Json(CalorimeterComparison comparison)
    {
        JsonObject json = CalorimeterTable.Json(comparison.Samples);
        JsonArray Rows<TRow>(IReadOnlyList<MetricColumn<TRow>> columns, IEnumerable<TRow> rows) =>
            new([.. rows.Select(row => MetricTable.Json(columns, row))]);
        json["chosen"] = comparison.Chosen;
        json["validation"] = Rows(_validation, comparison.Validation);
        json["differences"] = Rows(_differences, comparison.Differences);
        json["margins"] = Rows(MarginCurve.Columns, comparison.Curves);
        json["ranges"] = Rows(RangeQuality.Columns, comparison.Ranges);
        json["images"] = Rows(ImageRow.Columns, comparison.Images);
        json["deviations"] = Rows(_deviations, Deviations(comparison));
        json["inserts"] = Rows(_inserts, Inserts(comparison));
        return json;
    }

    private static IEnumerable<Block> Sections(CalorimeterComparison comparison)
    {
        yield return new Heading("Settings");
        yield return MetricTable.Block(_settings, PublishedResults.Settings(comparison.Experiment, comparison.Primaries),
            "What the publication trained with (arXiv:2407.13420), and this run. Its numbers stand beside ours for their pattern alone.");
        yield return new Heading("Purity and efficiency");
        yield return MetricTable.Block(
            [.. CalorimeterTable.Sample, CalorimeterTable.Method, .. CalorimeterTable.OfMethod, .. CalorimeterTable.Published],
            comparison.Samples.SelectMany(CalorimeterRow.Of),
            "Means over test frames and seeds; errors combine the spread of frames with that of seeds. \"Possible\" is what a perfect "
                + "tracker "
            + "reaches with the same gates and selection. Published numbers are of other data.");
        yield return new Paragraph(string.Create(CultureInfo.InvariantCulture,
            $"ptt trains on the cross-entropy of segment scores. pat-L trains on the Hamming distance through the assignment, with the "
            + $"published interpolation factor L and its rule; pat-scaled-C chooses the factor in each backward pass so that the largest "
            + $"change of a cost is C. The follower continues each track to the hit that bends it least, up to "
            + $"{comparison.LargestBend:F2} rad, which was tuned on validation frames. Methods with \"-priced\" may leave hits unassigned, "
            + $"at a price that was tuned there."));
        yield return new Heading("Differences");
        yield return MetricTable.Block(_validation, comparison.Validation, "Purity on the validation frames. The purest predict-and-track "
            + "without a range term, chosen here, is the one that the verdict compares.");
        yield return MetricTable.Block(_differences, comparison.Differences,
            "Differences on the same test frames, paired by frame and seed, with 95 % intervals over seeds and frames, in points.");
        if (comparison.Curves.Count > 0)
        {
            yield return new Heading("Purity against efficiency");
            yield return MetricTable.Block(MarginCurve.Columns, comparison.Curves, "The smallest margin with a purity of 97 % on the "
                + "validation frames, or the largest with an efficiency of 60 % there, on the test frames of 100 protons.");
        }

        if (comparison.Ranges.Count > 0)
        {
            yield return new Heading("Ranges, energies, path lengths");
            yield return MetricTable.Block(RangeQuality.Columns, comparison.Ranges, "Accepted tracks in test frames of 100 protons against "
                + "the range and the energy of their proton at the first layer, and the water before it. Straggling of the whole way and "
                    + "the "
                + "beam's spread are part of the width of path lengths: 3.8 mm.");
        }

        if (comparison.Images.Count > 0)
        {
            yield return new Heading("Images");
            yield return MetricTable.Block(ImageRow.Columns, comparison.Images, "The radiograph, 100 protons a frame.");
            yield return MetricTable.Block(_deviations, Deviations(comparison),
                "What wrong tracks add to the deviation of path lengths from "
                + "the phantom's, paired by frame and seed, with 95 % intervals.");
            yield return MetricTable.Block(_inserts, Inserts(comparison), "The phantom's cylinders, means over seeds.");
        }
    }

    private static Figure Figure(IReadOnlyList<MarginCurve> curves) => new([.. curves.GroupBy(c => c.Water).Select(water => new Panel(
        new("Efficiency", "%"), new("Purity", "%"), [.. water.Where(c => c.Aim == MarginAim.Purity).SelectMany((curve, i) => new Mark[]
        {
            new Curve([.. curve.Points.Select(p => 100 * p.Efficiency.Value)], [.. curve.Points.Select(p => 100 * p.Purity.Value)])
            { Label = curve.Method.Label, Series = i },
            new Points([100 * curve.Points[curve.Cut].Efficiency.Value], [100 * curve.Points[curve.Cut].Purity.Value])
            { Series = i, YErrorLow = [100 * curve.Points[curve.Cut].Purity.Error] },
        })])
    { Title = string.Create(CultureInfo.InvariantCulture, $"{water.Key} mm of water") })])
    { Columns = 3, Width = 960, PanelHeight = 240 };

    // Every network against the perfect tracker, and the networks among themselves.
    private static IEnumerable<(string Label, string To, PairedDifference Difference)> Deviations(CalorimeterComparison comparison)
    {
        RandomKey key = RandomKey.FromSeed(comparison.Experiment.Seed);
        for (int i = 1; i < comparison.Images.Count; i++)
        {
            ImageRow row = comparison.Images[i];
            foreach (ImageRow other in comparison.Images.Take(i).Where(other => other.Label != CalorimeterMethodResult.Follower))
            {
                yield return (row.Label, other.Label, row.DeviationTo(other, key));
            }
        }
    }

    private static IEnumerable<(ImageRow Row, InsertMeasurement Insert)> Inserts(CalorimeterComparison comparison) =>
        comparison.Images.SelectMany(row => row.Inserts.Where(insert => double.IsFinite(insert.Rsp)).Select(insert => (row, insert)));

    private static Verdict Judge(CalorimeterComparison comparison)
    {
        MethodDifference[] compared = [.. comparison.Differences.Where(d => d.Label == comparison.Chosen)];
        Claim[] purer = [.. compared.Select(d => new Claim(
            $"{d.Sample.Name}: {d.Label} is purer than {d.To}", Points(d.Purity), "95 % interval above 0",
            d.Purity.Low > 0 ? VerdictOutcome.Holds : d.Purity.High < 0 ? VerdictOutcome.Fails : VerdictOutcome.Undecided))];
        int Count(VerdictOutcome outcome) => purer.Count(claim => claim.Outcome == outcome);
        string headline = purer.Length == 0 ? "Nothing is compared with predict-then-track" : string.Create(
            CultureInfo.InvariantCulture,
            $"After {comparison.Experiment.Training.Steps} steps {comparison.Chosen}, chosen on validation frames, is purer than "
            + $"predict-then-track in {Count(VerdictOutcome.Holds)} of {purer.Length} samples and less pure in "
            + $"{Count(VerdictOutcome.Fails)}; {Count(VerdictOutcome.Undecided)} are not decided");
        Claim[] claims = [.. purer, .. Bounds(comparison), .. Deviations(comparison)
            .Where(d => d.Label != CalorimeterMethodResult.Follower && d.To != ImageRow.Truth)
            .Select(d => new Claim($"radiograph: path lengths by {d.Label} deviate less than by {d.To}", Millimetres(d.Difference),
                "95 % interval below 0", d.Difference.High < 0 ? VerdictOutcome.Holds
                    : d.Difference.Low > 0 ? VerdictOutcome.Fails : VerdictOutcome.Undecided))];
        return new(Verdict.Whole(claims.Select(c => c.Outcome)), headline) { Claims = claims };
    }

    // What a scanner asks for.
    private static IEnumerable<Claim> Bounds(CalorimeterComparison comparison)
    {
        const int Water = 200;
        foreach (MarginCurve curve in comparison.Curves.Where(c => c.Water == Water))
        {
            MarginPoint point = curve.Points[curve.Cut];
            yield return new($"{Water} mm, {curve.Method.Label} with the margin for {curve.AimText} on validation frames", string.Create(
                CultureInfo.InvariantCulture,
                $"purity {100 * point.Purity.Value:0.0} +- {100 * point.Purity.Error:0.0} %, efficiency "
                    + $"{100 * point.Efficiency.Value:0.0} %"),
                "97 % and 60 %", point.Purity.Value < MarginCurve.WantedPurity ? VerdictOutcome.Fails
                    : point.Efficiency.Value >= 0.6 ? VerdictOutcome.Holds : VerdictOutcome.Fails);
        }

        foreach (RangeQuality quality in comparison.Ranges.Where(q => q.Water == Water && q.Label != CalorimeterMethodResult.Follower))
        {
            yield return new($"{Water} mm, {quality.Label}: width of path lengths", string.Create(
                CultureInfo.InvariantCulture, $"{quality.PathLengthWidth.ToString("0.00")} mm"),
                "at most 4 mm", quality.PathLengthWidth.Value <= 4 ? VerdictOutcome.Holds
                    : double.IsNaN(quality.PathLengthWidth.Value) ? VerdictOutcome.Undecided : VerdictOutcome.Fails);
        }

        foreach ((ImageRow row, InsertMeasurement insert) in Inserts(comparison)
            .Where(i => i.Row.Label != CalorimeterMethodResult.Follower))
        {
            double bound = row.Label == ImageRow.Truth ? 0.015 : 0.025;
            double error = insert.RspError / insert.Truth;
            yield return new($"{row.Label}: stopping power of {insert.Cylinder.Name}", string.Create(
                CultureInfo.InvariantCulture, $"{100 * insert.Bias:+0.0;-0.0;0.0} +- {100 * error:0.0} %"),
                string.Create(CultureInfo.InvariantCulture, $"within {100 * bound:0.0} %"),
                error > bound ? VerdictOutcome.Undecided : Math.Abs(insert.Bias) <= bound ? VerdictOutcome.Holds
                    : Math.Abs(insert.Bias) > bound + (2 * error) ? VerdictOutcome.Fails : VerdictOutcome.Undecided);
        }
    }

    private static string Points(PairedDifference difference) => string.Create(CultureInfo.InvariantCulture,
        $"{100 * difference.Value:+0.0;-0.0;0.0} [{100 * difference.Low:+0.0;-0.0;0.0}, {100 * difference.High:+0.0;-0.0;0.0}] points");

    private static string Millimetres(PairedDifference difference) => string.Create(CultureInfo.InvariantCulture,
        $"{difference.Value:+0.000;-0.000} [{difference.Low:+0.000;-0.000}, {difference.High:+0.000;-0.000}] mm");

    private static string Word(VerdictOutcome outcome) => outcome switch
    {
        VerdictOutcome.Holds => "holds",
        VerdictOutcome.Fails => "does not hold",
        _ => "is not decided",
    };

    private static MetricColumn<MethodDifference> Interval(string name, string header, Func<MethodDifference, PairedDifference> value) =>
        new(name, header, "+0.0;-0.0;0.0", $"Difference in {header.ToLowerInvariant()}, in points.", d =>
        {
            PairedDifference difference = value(d);
            return new Metric(difference.Value, difference.Low, difference.High);
        })
        { Unit = "%", Scale = 100, Width = 20 };

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
                $"Frame {frame.Number}: {frame.Count} hits with {tracks.Count} tracks by {model.Method.Label}."));
    }
}
