namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>Hit scorers: the composite loss with and without its fit terms at models of both methods.</summary>
internal sealed class MuonLandscape() : LandscapeSystem("muon")
{
    /// <summary>Reads the models; of several with one method and seed the first counts. All must be of one detector, one shape and one
    /// chain after the scores.</summary>
    public override LandscapeStudy? Open(LandscapeContext context, IReadOnlyList<string> places)
    {
        List<(ModelName Name, MuonModel Model)> models = [];
        foreach (string file in ModelFiles.Find(places, "sagitta muon model"))
        {
            MuonModel model = MuonModelFile.Read(file);
            ModelName name = new(model.Method.Name, model.Experiment.Seed, file, ModelFiles.Fingerprint(file))
            {
                EndToEnd = model.Experiment.Loss.EndToEnd,
            };
            if (models.Exists(m => m.Name.Method == name.Method && m.Name.Seed == name.Seed))
            {
                model.Parameters.Dispose();
                continue;
            }

            if (models.Count > 0 && (model.Experiment.Detector != models[0].Model.Experiment.Detector
                || model.Experiment.Network != models[0].Model.Experiment.Network
                || model.Experiment.Graph != models[0].Model.Experiment.Graph))
            {
                throw new BadInputException(
                    $"'{file}'", "it was trained for another detector, graph or shape of the network than the first model",
                    "analyse models of one kind at a time");
            }

            if (model.Experiment.Measurement.Enabled)
            {
                throw new BadInputException(
                    $"'{file}'", "it has a measurement stage, whose parameters the landscape of a hit scorer leaves out",
                    "give models that were trained with measurement.enabled=false");
            }

            models.Add((name, model));
        }

        // Factorised models first, each method by seed.
        models.Sort((a, b) => (a.Name.EndToEnd, a.Name.Method, a.Name.Seed).CompareTo((b.Name.EndToEnd, b.Name.Method, b.Name.Seed)));
        return models.Count > 0 ? new MuonLandscapeStudy(context, Name, models) : null;
    }
}

/// <summary>All analyses of hit scorers.</summary>
internal sealed class MuonLandscapeStudy : LandscapeStudy
{
    // Events whose hits make up a minibatch and more.
    private const int EventsOfBatch = 16;

    private readonly MuonModel[] _models;
    private readonly MuonLossOptions _loss;
    private readonly double _robustScale;
    private readonly MuonChain _chain;
    private readonly Lazy<EventSet> _training;
    private readonly Lazy<EventSet> _test;

    public MuonLandscapeStudy(LandscapeContext context, string system, IReadOnlyList<(ModelName Name, MuonModel Model)> models)
        : base(context, system, "Muon", [.. models.Select(m => m.Name)])
    {
        _models = [.. models.Select(m => m.Model)];

        // One function at models of both methods: the loss of the first end-to-end model.
        MuonExperiment composite = (Array.Find(_models, m => m.Experiment.Loss.EndToEnd) ?? _models[0]).Experiment;
        _loss = composite.Loss with { EndToEnd = true };
        _robustScale = composite.RobustScale;
        Detector detector = _models[0].Detector;
        _chain = new(_models[0].Experiment, detector);
        LandscapeDataOptions data = context.Options.Data;
        _training = new(() => Simulate("training", data.MuonEvents));
        _test = new(() => Simulate("test", data.MuonTestEvents));

        EventSet Simulate(string purpose, int count)
        {
            using IStageProgress stage = context.Progress.Begin($"simulate muons, {purpose}", count, "events");
            return MuonSimulation.Generate(detector,
                new() { Digitisation = new() { Background = new() { KHzPerCm2 = [data.MuonBackground] } } },
                RandomKey.FromSeed(0).Split("landscape").Split(purpose).State, 0, count, context.Threads);
        }
    }

    protected override string Measured => _loss.ToString();

    protected override WorkGuess Guess => new(Curvatures: 2 * Leading(1).Length, CurvatureSeconds: 40,
        Eigenpairs: 2 * (Leading(Context.Options.ModelsPerMethod).Length - Leading(1).Length), EigenpairSeconds: 15,
        SlicesOfDirections: 1, SliceSeconds: 8, PathSeconds: 15, SimilaritySeconds: 2 * Models.Length, StabilitySeconds: 10);

    protected override ParameterLayout Layout => _chain.Scorer.Layout;

    protected override IReadOnlyList<(string Name, string Value)> Facts =>
    [
        ("Muon events", string.Create(CultureInfo.InvariantCulture,
            $"{Context.Options.Data.MuonBackground} kHz/cm2; curvature {Context.Options.Curvature.Events}, slices "
            + $"{Context.Options.Slices.Events}, paths {Context.Options.Connectivity.Events}, predictions "
            + $"{Context.Options.Data.MuonTestEvents} events")),
    ];

    protected override IReadOnlyList<MeasuredQuantity> Quantities { get; } =
    [
        new(CompositeProbe.Composite, "Composite loss", "", 1), new(CompositeProbe.Classification, "Classification", "", 1),
        new(CompositeProbe.Fit, "Fit term", "", 1),
    ];

    protected override (IReadOnlyList<string> Drawn, IReadOnlyList<string> Slices, IReadOnlyList<string> Paths) Shown { get; } = (
        [CompositeProbe.Composite, CompositeProbe.Classification, CompositeProbe.Fit],
        [CompositeProbe.Fit, CompositeProbe.Classification],
        [CompositeProbe.Composite, CompositeProbe.Classification]);

    protected override IReadOnlyList<string> Modules { get; } = ["blocks"];
    protected override StabilityText StabilityText => MuonStability.Text;

    public override void Dispose() => _models.Select(m => m.Parameters).DisposeAll();

    protected override ParameterVector<float> ParametersOf(int model) => _models[model].Parameters;

    protected override IEnumerable<Block> AboutLosses() =>
    [
        new Paragraph("The composite loss is the same function at models of both methods: class-balanced cross-entropy of hits plus the "
            + "weighted residual of q/pT through clustering and fit. `classification` is its first term alone, which is all that "
            + "`factorised` was trained on."),
    ];

    protected override ModelCurvature[] Curvatures(int model, bool whole) =>
        [Curvature(model, "composite", withFit: true, whole), Curvature(model, "classification", withFit: false, whole)];

    protected override IReadOnlyList<(string Statistics, Func<IProbe> Create)> SliceProbes(int model) =>
        [("", () => new CompositeProbe(Sample(_training, Context.Options.Slices.Events), Loss(), Context.Threads.Count))];

    protected override IReadOnlyList<ModelPath> Paths()
    {
        ConnectivityOptions options = Context.Options.Connectivity;
        MuonSample sample = Sample(_training, options.Events);
        int workers = Context.Threads.Count;
        using CompositeProbe probe = new(Sample(_training, Math.Max(8, options.Events / 3)), Loss(), workers);
        using CompositeCurveLoss classification = new(sample, Loss(withFit: false), workers);
        using CompositeCurveLoss composite = new(sample, Loss(), workers);
        return Paths(probe, [("classification", classification), ("composite loss", composite)]);
    }

    // The hits that a model keeps: those of a weight above one half in its own reading.
    protected override (bool[] Truth, bool[][] Decisions) Decide()
    {
        MuonEvaluation evaluation = new(_chain, Context.Threads);
        return (
            [.. _test.Value.LabelHit.Select(label => label != 0)],
            [.. _models.Select(m => m.Reading.Weights(evaluation.Logits(m.Parameters, _test.Value).Weight).Select(w => w > 0.5)
                .ToArray())]);
    }

    protected override IReadOnlyList<IReadOnlyList<ActivationBatch>> Layers(int model, int batch, int rows, RandomKey key)
    {
        EventSet events = _test.Value;
        int first = batch % Math.Max(1, events.Count / EventsOfBatch) * EventsOfBatch;
        HitGraph graph = new();
        _chain.Graphs.Build(events.Hits, [.. Enumerable.Range(first, Math.Min(EventsOfBatch, events.Count - first))], graph);
        RandomDraws draws = key.Draws();
        int[] hits = [.. Enumerable.Range(0, rows).Select(_ => draws.NextIndex(graph.Hits))];
        using Tape<float> tape = new(recording: false);
        tape.Bind(_models[model].Parameters);
        List<Tensor<float>> blocks = [];
        _chain.Scorer.Forward(tape, graph, blocks);
        return [[.. blocks.Select(block =>
        {
            float[] values = new float[rows * block.Columns];
            for (int i = 0; i < rows; i++)
            {
                block.Values.Slice(hits[i] * block.Columns, block.Columns).CopyTo(values.AsSpan(i * block.Columns));
            }

            return new ActivationBatch(values, rows, block.Columns);
        })]];
    }

    protected override MethodStability Stability(int[] seeds) => MeasureStability(seeds, "events", () =>
        MuonStability.Measure([.. seeds.Select(m => _models[m])], _chain, _test.Value, Context.Threads, Context.Key.Split("stability")));

    private ModelCurvature Curvature(int model, string loss, bool withFit, bool whole) => Curvature(
        model, loss, loss, withFit == Models[model].EndToEnd, whole, _ =>
            (new CompositeLoss(Sample(_training, Context.Options.Curvature.Events), Loss(), withFit, Context.Threads), null));

    // The composite loss on the chain, with or without its fit terms.
    private MuonLoss Loss(bool withFit = true) => new(_chain, _loss with { EndToEnd = withFit }, _robustScale);

    private MuonSample Sample(Lazy<EventSet> events, int count) => new(_chain, events.Value, count, _loss.Classification);
}
