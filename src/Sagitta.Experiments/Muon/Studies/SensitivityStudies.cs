namespace Sagitta.Experiments.Muon.Studies;

/// <summary>Studies that only evaluate the trained networks: other readings, and a detector that is not as reconstruction
/// believes.</summary>
internal static class SensitivityStudies
{
    private const double FieldError = 0.01;
    private const double Misalignment = 0.2;

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

    /// <summary>Planes that are not where reconstruction believes.</summary>
    public static MuonStudyResult Misaligned(MuonStudyContext context)
    {
        EventSet events = context.TestEvents();
        RandomDraws draws = RandomKey.FromSeed(0).Split("misalignment").Draws();
        double[] shifts = [.. Enumerable.Range(0, events.PlaneCount).Select(_ => Misalignment * draws.NextGaussian())];
        return Shifted(
            context,
            "misaligned",
            "Each plane off in y by one Gaussian draw of 0.2 mm, the same in all events, of which reconstruction knows nothing.",
            context.Detector,
            events,
            events.WithShiftedPlanes(shifts));
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
