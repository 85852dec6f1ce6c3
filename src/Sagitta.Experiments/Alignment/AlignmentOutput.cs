using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Alignment;

/// <summary>What "align" writes: a detector file, a summary, a page and a table.</summary>
/// <param name="result">What was found.</param>
/// <param name="detector">The detector's name.</param>
/// <param name="z">Where its planes were meant to stand, mm.</param>
/// <param name="momentum">What tracks measure of a momentum: "q/pT" or "q/p".</param>
/// <param name="knownMomentum">Whether momenta were known.</param>
/// <param name="command">The command.</param>
internal sealed class AlignmentOutput(AlignmentResult result, string detector, IReadOnlyList<double> z, string momentum,
    bool knownMomentum, string command)
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };
    private readonly AlignmentParameters _order = result.Model.Parameters;

    // The kinds of parameters that moved.
    private readonly int[] _kinds = [.. Enumerable.Range(0, result.Model.Parameters.Kinds).Where(kind =>
        result.Free.Contains(result.Model.Parameters.Of(kind, 0)))];

    /// <summary>Writes all but the tracks for pede, and tells on standard output what was found; returns the exit code.</summary>
    /// <param name="run">The run.</param>
    /// <param name="mille">File for pede; null for none.</param>
    /// <param name="aligned">The text of the detector file with the corrections.</param>
    public int Write(VerbRun run, string? mille, Func<string> aligned)
    {
        string folder = run.Folder;
        Directory.CreateDirectory(folder);
        WriteSummary(Path.Combine(folder, "alignment.json"));
        WritePage(Path.Combine(folder, "report.html"));
        if (mille is not null)
        {
            int written = MilleFile.Write(mille, result.Model, result.Tracks, result.Values, result.Selection);
            run.Progress.Note($"{mille}: {written} tracks for pede, linearised where this alignment found the planes");
        }

        run.Output.Write(Text());
        string file = Path.Combine(folder, "aligned.yaml");
        if (result.Problem is { } problem)
        {
            // A file of an earlier run would be taken for this one's.
            File.Delete(file);
            run.Output.WriteLine($"no corrections are written: {problem}");
            return 1;
        }

        AtomicFile.WriteText(file, Heading() + aligned());
        run.Output.WriteLine($"wrote {file}; next: sagitta reconstruct ... --detector {file}");
        return 0;
    }

    private string Heading()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"# {detector}, its planes where 'sagitta align' found them.");
        text.AppendLine(CultureInfo.InvariantCulture, $"# {command}");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"# {result.After.Tracks} tracks, chi2/ndf {result.After.ChiSquarePerDegree:0.000}. Held: {Held()}.");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"# Errors of {string.Join(", ", _kinds.Select(kind => $"{result.Model.Kinds[kind]} in {Unit(kind)}"))}:");
        for (int i = 0; i < _order.Planes; i++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"#   plane {i}: {string.Join(", ", _kinds.Select(kind =>
                result.Error(_order.Of(kind, i)).ToString("0.00000", CultureInfo.InvariantCulture)))}");
        }

        return text.ToString();
    }

    /// <summary>Everything as JSON.</summary>
    private void WriteSummary(string path)
    {
        JsonArray planes = new([.. Enumerable.Range(0, _order.Planes).Select(i => new JsonObject(Enumerable.Range(0, _order.Kinds)
            .SelectMany(kind => new KeyValuePair<string, JsonNode?>[]
            {
                new($"{Key(kind)}_{Unit(kind)}", result.Values[_order.Of(kind, i)]),
                new($"{Key(kind)}_error_{Unit(kind)}", result.Error(_order.Of(kind, i))),
            }))
        {
            ["plane"] = i,
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
            [$"{MomentumKey}_per_mm"] = mode.QOverPtPerMm,
            [$"{MomentumKey}_bias"] = MetricTable.Number(mode.Sigma * Math.Abs(mode.QOverPtPerMm)),
            ["momentum_scale_per_mm"] = mode.ScalePerMm,
            ["vector"] = new JsonArray([.. mode.Vector.Select(part => (JsonNode)part)]),
        })]);
        JsonObject summary = new()
        {
            ["command"] = command,
            ["detector"] = detector,
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
    private void WritePage(string path)
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
        ReportWriter.WriteFile(path, new($"Alignment of {detector}", blocks)
        {
            Subtitle = $"{result.After.Tracks} tracks of {result.Events} events",
            Facts = [("Command", command), ("Held", Held()), ("Rounds", result.Moves.Count.ToString(CultureInfo.InvariantCulture)),
                ("chi2/ndf", result.After.ChiSquarePerDegree.ToString("0.000", CultureInfo.InvariantCulture))],
        });
    }

    /// <summary>A table for a terminal.</summary>
    private string Text()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{result.After.Tracks} tracks of {result.Events} events, {result.Moves.Count} rounds, chi2/ndf "
                + $"{result.After.ChiSquarePerDegree:0.000}");
        for (int i = 0; i < _order.Planes; i++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"plane {i,2}: {string.Join(", ", _kinds.Select(kind =>
                string.Create(CultureInfo.InvariantCulture, $"{result.Model.Kinds[kind]} {result.Values[_order.Of(kind, i)],9:0.0000} +- ")
                + string.Create(CultureInfo.InvariantCulture, $"{result.Error(_order.Of(kind, i)):0.0000} {Unit(kind)}")))}");
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
    private string Effect(WeakMode mode) => string.Create(CultureInfo.InvariantCulture,
        $"0.1 mm of it moves {momentum} by {0.1 * mode.QOverPtPerMm:0.0e+0} /GeV on average");

    private string Key(int kind) => result.Model.Kinds[kind] is var name && name.Length > 1 ? name : $"shift_{name}";

    private static string Unit(int kind) => kind < 2 ? "mm" : "mrad";

    private string MomentumKey => momentum == "q/pT" ? "q_over_pt" : "q_over_p";

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
        "Plane", new("z", "mm"),
        .. _kinds.Select(kind => new TableColumn(kind < 2 ? $"Shift along {result.Model.Kinds[kind]}" : "Turn about z", Unit(kind))),
        "Hits", "Away", new("Mean residual before", "mm"), new("after", "mm"), new("Rms residual", "mm"), new("Rms pull"),
    ],
    [
        .. Enumerable.Range(0, _order.Planes).Select(i => (IReadOnlyList<Metric>)
        [
            i.ToString(CultureInfo.InvariantCulture), z[i],
            .. _kinds.Select(kind => new Metric(result.Values[_order.Of(kind, i)], result.Error(_order.Of(kind, i)))),
            (double)result.After.Hits[i], (double)result.After.Rejected[i], result.Before.MeanResidual(i), result.After.MeanResidual(i),
            result.After.ResidualWidth(i), result.After.PullWidth(i),
        ]),
    ])
    {
        Caption = "Shifts from where the detector file has the planes, with errors that scattering, measurement and what is held give; "
            + "residuals are those of tracks fitted without the plane. Away: hits too far from their tracks to count.",
    };

    private Table ModeTable() => new(
        ["Mode", new("Error without constraints", "mm"), new($"Change of {momentum}", "1/GeV per mm"), "What it means"],
        [
            .. result.Modes.Select(mode => (IReadOnlyList<Metric>)
                [mode.Name, mode.Sigma, mode.QOverPtPerMm, $"{Known(mode)}; {Effect(mode)}"]),
        ])
    {
        Caption = "Patterns of shifts that tracks of unknown momentum hardly measure: what is listed as held is not of the tracks but of "
            + "the detector file.",
    };
}
