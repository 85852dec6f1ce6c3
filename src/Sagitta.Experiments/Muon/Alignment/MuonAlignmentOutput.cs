using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Muon.Alignment;

/// <summary>What "align muon" writes: a detector file, a summary, a page and a table.</summary>
/// <param name="result">What was found.</param>
/// <param name="detector">The detector before.</param>
/// <param name="knownMomentum">Whether momenta were known.</param>
/// <param name="command">The command.</param>
internal sealed class MuonAlignmentOutput(AlignmentResult result, Detector detector, bool knownMomentum, string command)
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };
    private readonly AlignmentParameters _order = new(detector.Planes.Count);

    private bool AlongZ => result.Free.Contains(_order.Z(0));

    /// <summary>The detector file with the corrections.</summary>
    public void WriteDetector(string path)
    {
        int planes = _order.Planes;
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"# {detector.Name}, its planes where 'sagitta align' found them: shiftY and shiftZ.");
        text.AppendLine(CultureInfo.InvariantCulture, $"# {command}");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"# {result.After.Tracks} tracks, chi2/ndf {result.After.ChiSquarePerDegree:0.000}. Held: {Held()}.");
        text.AppendLine("# Errors in mm, of y" + (AlongZ ? " and z" : "") + ":");
        for (int i = 0; i < planes; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"#   plane {i}: {result.Error(_order.Y(i)):0.00000}");
            text.AppendLine(AlongZ ? string.Create(CultureInfo.InvariantCulture, $" {result.Error(_order.Z(i)):0.0000}") : "");
        }

        Detector aligned = detector.WithShifts(result.Values.AsSpan(0, planes), result.Values.AsSpan(planes, planes));
        AtomicFile.WriteText(path, text + DetectorFile.Write(aligned));
    }

    /// <summary>Everything as JSON.</summary>
    public void WriteSummary(string path)
    {
        JsonArray planes = new([.. Enumerable.Range(0, _order.Planes).Select(i => new JsonObject
        {
            ["plane"] = i,
            ["shift_y_mm"] = result.Values[_order.Y(i)],
            ["shift_y_error_mm"] = result.Error(_order.Y(i)),
            ["shift_z_mm"] = result.Values[_order.Z(i)],
            ["shift_z_error_mm"] = result.Error(_order.Z(i)),
            ["hits"] = result.After.Hits[i],
            ["rejected"] = result.After.Rejected[i],
            ["mean_residual_before_mm"] = MetricTable.Number(result.Before.MeanResidual(i)),
            ["mean_residual_after_mm"] = MetricTable.Number(result.After.MeanResidual(i)),
            ["rms_residual_after_mm"] = MetricTable.Number(result.After.ResidualWidth(i)),
            ["rms_pull_after"] = MetricTable.Number(result.After.PullWidth(i)),
        })]);
        JsonArray modes = new([.. result.Modes.Select(mode => new JsonObject
        {
            ["name"] = mode.Name,
            ["likeness"] = mode.Likeness,
            ["sigma_mm"] = MetricTable.Number(mode.Sigma),
            ["q_over_pt_per_mm"] = mode.QOverPtPerMm,
            ["q_over_pt_bias"] = MetricTable.Number(mode.Sigma * Math.Abs(mode.QOverPtPerMm)),
            ["momentum_scale_per_mm"] = mode.ScalePerMm,
            ["vector"] = new JsonArray([.. mode.Vector.Select(part => (JsonNode)part)]),
        })]);
        JsonObject summary = new()
        {
            ["command"] = command,
            ["detector"] = detector.Name,
            ["problem"] = result.Problem,
            ["converged"] = result.Problem is null,
            ["events"] = result.Events,
            ["tracks"] = result.After.Tracks,
            ["chi2"] = result.After.ChiSquare,
            ["ndf"] = result.After.DegreesOfFreedom,
            ["chi2_before"] = result.Before.ChiSquare,
            ["known_momentum"] = knownMomentum,
            ["field_scale"] = result.Values[_order.FieldScale],
            ["field_scale_error"] = result.Error(_order.FieldScale),
            ["constraints"] = new JsonArray([.. result.Constraints.Select(constraint => (JsonNode)constraint.Name)]),
            ["moves_mm"] = new JsonArray([.. result.Moves.Select(move => (JsonNode)move)]),
            ["planes"] = planes,
            ["weak_modes"] = modes,
            ["covariance_mm2"] = new JsonArray([.. Enumerable.Range(0, _order.Count).Select(i =>
                new JsonArray([.. Enumerable.Range(0, _order.Count).Select(j => (JsonNode)result.Covariance[i, j])]))]),
        };
        AtomicFile.WriteText(path, summary.ToJsonString(_indented) + "\n");
    }

    /// <summary>The page.</summary>
    public void WritePage(string path)
    {
        List<Block> blocks =
        [
            new Verdict(result.Problem is null ? VerdictOutcome.Holds : VerdictOutcome.Fails, result.Problem is null
                ? "The planes are found: selecting hits again moves none of them."
                : $"No corrections are written: {result.Problem}.")
            {
                Text = AboutSagitta(),
            },
            new Heading("Planes"),
            PlaneTable(),
            new Illustration(new(new Panel(new("Plane"), new("Mean residual", "mm"),
            [
                Residuals(result.Before, "before", 0), Residuals(result.After, "after", 1), new Rule(0),
            ])) { Description = "Mean residual of each plane before and after" },
                "Mean residual of each plane about tracks fitted without it, before and after; bars are standard errors."),
            new Heading("Weak modes"),
            ModeTable(),
        ];
        ReportWriter.WriteFile(path, new($"Alignment of {detector.Name}", blocks)
        {
            Subtitle = $"{result.After.Tracks} tracks of {result.Events} events",
            Facts = [("Command", command), ("Held", Held()), ("Rounds", result.Moves.Count.ToString(CultureInfo.InvariantCulture)),
                ("chi2/ndf", result.After.ChiSquarePerDegree.ToString("0.000", CultureInfo.InvariantCulture))],
        });
    }

    /// <summary>A table for a terminal.</summary>
    public string Text()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{result.After.Tracks} tracks of {result.Events} events, {result.Moves.Count} rounds, chi2/ndf "
                + $"{result.After.ChiSquarePerDegree:0.000}");
        for (int i = 0; i < _order.Planes; i++)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"plane {i,2}: y {result.Values[_order.Y(i)],9:0.0000} +- {result.Error(_order.Y(i)):0.0000} mm");
            text.AppendLine(!AlongZ ? "" : string.Create(CultureInfo.InvariantCulture,
                $", z {result.Values[_order.Z(i)],8:0.000} +- {result.Error(_order.Z(i)):0.000} mm"));
        }

        foreach (WeakMode mode in result.Modes)
        {
            text.AppendLine($"weak mode {mode.Name}: {Known(mode)}; {Effect(mode)}");
        }

        text.AppendLine($"held: {Held()}");
        text.AppendLine(AboutSagitta());
        return text.ToString();
    }

    private static string Known(WeakMode mode) => double.IsFinite(mode.Sigma) && mode.Sigma < 1000
        ? string.Create(CultureInfo.InvariantCulture, $"tracks alone know it to {mode.Sigma:0.###} mm")
        : "tracks alone say nothing of it";

    // A shift as a whole moves no momentum; what is left of it is rounding.
    private static string Effect(WeakMode mode) => string.Create(CultureInfo.InvariantCulture,
        $"0.1 mm of it moves q/pT by {0.1 * mode.QOverPtPerMm:0.0e+0} /GeV on average");

    private string Held() => string.Join(", ", result.Constraints.Select(constraint => constraint.Name).Distinct(StringComparer.Ordinal));

    private string AboutSagitta() => knownMomentum
        ? string.Create(CultureInfo.InvariantCulture,
            $"known momenta fix the sagitta; they ask for a field larger by {100 * result.Values[_order.FieldScale]:0.000} +- "
            + $"{100 * result.Error(_order.FieldScale):0.000} %, which is not written")
        : "the sagitta of the planes is kept as it was: momenta keep what bias it gives them, until --known-momentum fixes it";

    private Points Residuals(AlignmentSum sum, string label, int series) => new(
        [.. Enumerable.Range(0, _order.Planes).Select(i => (double)i)], [
            .. Enumerable.Range(0, _order.Planes).Select(i => sum.MeanResidual(i))])
    {
        Label = label,
        Series = series,
        YErrorLow = [.. Enumerable.Range(0, _order.Planes).Select(i => sum.ResidualWidth(i) / Math.Sqrt(Math.Max(1, sum.Hits[i])))],
    };

    private Table PlaneTable() => new(
    [
        "Plane", new("z", "mm"), new("Shift along y", "mm"), .. AlongZ ? [new TableColumn("Shift along z", "mm")] : (TableColumn[])[],
        "Hits", "Away", new("Mean residual before", "mm"), new("after", "mm"), new("Rms residual", "mm"), new("Rms pull"),
    ],
    [
        .. Enumerable.Range(0, _order.Planes).Select(i => (IReadOnlyList<Metric>)
        [
            i.ToString(CultureInfo.InvariantCulture), detector.Planes[i].NominalZ,
            new Metric(result.Values[_order.Y(i)], result.Error(_order.Y(i))),
            .. AlongZ ? [new Metric(result.Values[_order.Z(i)], result.Error(_order.Z(i)))] : (Metric[])[],
            (double)result.After.Hits[i], (double)result.After.Rejected[i], result.Before.MeanResidual(i), result.After.MeanResidual(i),
            result.After.ResidualWidth(i), result.After.PullWidth(i),
        ]),
    ])
    {
        Caption = "Shifts from where the detector file has the planes, with errors that scattering, measurement and what is held give; "
            + "residuals are those of tracks fitted without the plane. Away: hits too far from their tracks to count.",
    };

    private Table ModeTable() => new(
        ["Mode", new("Error without constraints", "mm"), new("Change of q/pT", "1/GeV per mm"), "What it means"],
        [
            .. result.Modes.Select(mode => (IReadOnlyList<Metric>)
                [mode.Name, mode.Sigma, mode.QOverPtPerMm, $"{Known(mode)}; {Effect(mode)}"]),
        ])
    {
        Caption = "Patterns of shifts that tracks of unknown momentum hardly measure: what is listed as held is not of the tracks but of "
            + "the detector file.",
    };
}
