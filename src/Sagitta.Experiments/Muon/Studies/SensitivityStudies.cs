using MathNet.Numerics;
using MathNet.Numerics.Statistics;

namespace Sagitta.Experiments.Muon.Studies;

/// <summary>Studies that only evaluate the trained networks: other readings, and a detector that is not as reconstruction
/// believes.</summary>
internal static class SensitivityStudies
{
    private const double FieldError = 0.01;
    private const double Misalignment = 0.2;
    private const int Draws = 300;
    private const int EventsOfDraw = 1000;

    // Ends of classes of draws by the size of their sagitta coefficient, mm.
    private static readonly double[] _sagittas = [0, 0.05, 0.1, 0.2, 0.4, double.PositiveInfinity];

    /// <summary>Every kind of reading at its best on validation events.</summary>
    public static MuonStudyResult Readings(MuonStudyContext context)
    {
        MuonComparison headline = context.Headline.Value;
        EventSet events = context.TestEvents();
        EventSet validation = MuonSamples.Validation(context.Options.Experiment, context.Detector, context.Threads);
        List<MuonStudyRow> rows = [];
        foreach (string kind in new[] { "soft", "hard", "calibrated" })
        {
            IReadOnlyList<MuonMethodResult> results = context.Evaluate(
                "readings, " + kind, headline.Chain, [.. headline.Models.Select(model =>
                (Func<MuonEvaluation, MuonMethodResult>)(evaluation =>
                    evaluation.Network(Read(model, kind, evaluation, validation), events)))]);
            rows.AddRange(Rows(kind + ", ", headline, results, events, context.Flux));
        }

        return new(
            "readings",
            "Weights from scores in each kind of reading, the best of its kind on validation events; the same trained networks.",
            MuonStudyContext.MethodColumns, rows);
    }

    /// <summary>Reconstruction that believes in a field 1 % too strong.</summary>
    public static MuonStudyResult WrongField(MuonStudyContext context)
    {
        Detector detector = context.Detector;
        Detector believed = detector with { FieldTesla = detector.FieldTesla * (1 + FieldError) };
        EventSet events = context.TestEvents();
        return Shifted(
            context, "wrong-field",
            "Reconstruction with a field map that is 1 % too strong; the networks are those of the right map, and the limit too.", believed,
            events, events);
    }

    /// <summary>Planes that are not where reconstruction believes: one draw for all methods, and many for true hits by what hurts, their
    /// sagitta mode (docs/align.md).</summary>
    public static MuonStudyResult Misaligned(MuonStudyContext context)
    {
        EventSet all = context.TestEvents();
        EventSet events = all.Slice(..Math.Min(EventsOfDraw, all.Count));
        double[] shifts = Draw(RandomKey.FromSeed(0).Split("misalignment"), events.PlaneCount);
        string question = FormattableString.Invariant($"Each plane off in y by one Gaussian draw of {Misalignment} mm, the same in all ")
            + "events, of which reconstruction knows nothing. What it costs is a matter of its sagitta, the coefficient of the square "
            + FormattableString.Invariant($"of the plane's place between -1 and 1: {1000 * Sagitta(context.Detector, shifts):0} um in the ")
            + FormattableString.Invariant($"draw of all methods. Rows of {Draws} draws are medians of true hits of {events.Count} events.");
        MuonStudyResult one = Shifted(context, "misaligned", question, context.Detector, all, all.WithShiftedPlanes(shifts));
        return one with { Rows = [.. one.Rows, .. OfDraws(context, events)] };
    }

    private static IEnumerable<MuonStudyRow> OfDraws(MuonStudyContext context, EventSet events)
    {
        double[][] draws = [.. Enumerable.Range(0, Draws).Select(i =>
            Draw(RandomKey.FromSeed(0).Split("misalignments").Split((ulong)i), events.PlaneCount))];
        IReadOnlyList<MuonMethodResult> results = context.Evaluate("misaligned, draws", context.Headline.Value.Chain,
            [.. draws.Select(shifts => (Func<MuonEvaluation, MuonMethodResult>)(evaluation => evaluation.Truth(
                events.WithShiftedPlanes(shifts))))]);
        (double Sagitta, ResolutionSummary Found)[] all = [.. results.Select((result, i) =>
            (Math.Abs(Sagitta(context.Detector, draws[i])), result.Resolution))];
        yield return Row($"{Draws} draws: truth", all);
        foreach ((double low, double high) in _sagittas.Zip(_sagittas[1..]))
        {
            (double Sagitta, ResolutionSummary Found)[] own = [.. all.Where(draw => draw.Sagitta >= low && draw.Sagitta < high)];
            string range = double.IsInfinity(high) ? $"above {1000 * low:0}" : $"of {1000 * low:0} to {1000 * high:0}";
            yield return Row($"{own.Length} with a sagitta {range} um: truth", own);
        }

        static MuonStudyRow Row(string label, (double Sagitta, ResolutionSummary Found)[] draws) => new(label, [double.NaN,
            draws.Select(d => d.Found.Efficiency).Median(), draws.Select(d => d.Found.CoreWidth).Median(),
            draws.Select(d => d.Found.Tail5).Median(), double.NaN]);
    }

    private static double[] Draw(RandomKey key, int planes)
    {
        RandomDraws draws = key.Draws();
        double[] shifts = new double[planes];
        foreach (ref double shift in shifts.AsSpan())
        {
            shift = Misalignment * draws.NextGaussian();
        }

        return shifts;
    }

    private static double Sagitta(Detector detector, double[] shifts)
    {
        double[] z = [.. detector.Planes.Select(plane => plane.NominalZ)];
        return Fit.Polynomial([.. z.Select((_, i) => AlignmentConstraint.Place(z, i))], shifts, 2)[2];
    }

    private static MuonStudyResult Shifted(MuonStudyContext context, string name, string question, Detector believed, EventSet events,
        EventSet seen)
    {
        MuonComparison headline = context.Headline.Value;
        List<MuonStudyRow> rows = [];
        foreach ((string label, Detector detector, EventSet sample) in new[
            ] { ("as it is: ", context.Detector, events), ("off: ", believed, seen) })
        {
            MuonChain chain = new(context.Options.Experiment, detector, headline.Chain.Limit);
            IReadOnlyList<MuonMethodResult> results = context.Evaluate($"{name}, {label.TrimEnd(' ', ':')}", chain,
            [
                evaluation => evaluation.Truth(sample),
                .. headline.Models.Select(model => (Func<MuonEvaluation, MuonMethodResult>)(
                    evaluation => evaluation.Network(model, sample))),
                evaluation => evaluation.Classical(sample),
            ]);
            rows.AddRange(Rows(label, headline, results, sample, context.Flux));
        }

        return new(name, question, MuonStudyContext.MethodColumns, rows);
    }

    private static IEnumerable<MuonStudyRow> Rows(
        string prefix, MuonComparison headline, IReadOnlyList<MuonMethodResult> results, EventSet events, double flux)
    {
        MuonSampleResult sample = new(prefix, flux, events.WithoutHits(), results);
        return MuonStudyContext.Rows(prefix, new(headline.Chain, headline.Models, [sample]), sample);
    }

    private static MuonModel Read(MuonModel model, string kind, MuonEvaluation evaluation, EventSet validation) => model with
    {
        Reading = evaluation.ChooseReading(
            MuonReading.Candidates(model.Experiment.Loss.Reading).Where(r => r.Name == kind), evaluation.Logits(
                model.Parameters, validation).Weight, validation, removeOutliers: false),
    };
}
