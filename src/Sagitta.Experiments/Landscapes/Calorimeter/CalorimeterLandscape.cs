namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>Segment networks: the cross-entropy, and the Hamming loss through the assignment.</summary>
internal sealed class CalorimeterLandscape() : LandscapeSystem("calorimeter")
{
    public override LandscapeStudy? Open(LandscapeContext context, IReadOnlyList<string> places)
    {
        CalorimeterModels models = new(places);
        if (models.All.Count == 0)
        {
            models.Dispose();
            return null;
        }

        LandscapeDataOptions data = context.Options.Data;
        int protons = data.Protons > 0 ? data.Protons : models.All[0].Model.Experiment.Training.Protons;
        return new CalorimeterLandscapeStudy(
            context with { Options = context.Options with { Data = data with { Protons = protons } } }, Name, models);
    }
}

/// <summary>All analyses of segment networks, beside the tables of the published study.</summary>
internal sealed class CalorimeterLandscapeStudy : LandscapeStudy
{
    private readonly CalorimeterModels _models;
    private readonly FrameStock _stock;
    private readonly Lazy<IReadOnlyList<LandscapeFrame>> _test;
    private CalorimeterTables? _tables;

    public CalorimeterLandscapeStudy(LandscapeContext context, string system, CalorimeterModels models)
        : base(context, system, "Calorimeter", [.. models.All.Select(m => Described(m.Name, m.Model.Method))])
    {
        _models = models;
        CalorimeterExperiment experiment = models.All[0].Model.Experiment;
        _stock = new(context.Options.Data, experiment.Data.Preparation, experiment.Gates);
        _test = new(() => _stock.Take("test", 3 * context.Options.Data.Waters.Count));
        context.Work.Expect("calorimeter tables", 1, 1.5 * models.All.Count);
    }

    // Guesses are for frames of 50 protons.
    protected override WorkGuess Guess
    {
        get
        {
            int[] first = Leading(1);
            double occupancy = Math.Pow(Context.Options.Data.Protons / 50.0, 2);
            return new(Curvatures: first.Length + first.Count(m => Models[m].EndToEnd), CurvatureSeconds: 50 * occupancy,
                Eigenpairs: Leading(Context.Options.ModelsPerMethod).Length - first.Length, EigenpairSeconds: 15 * occupancy,
                SlicesOfDirections: 2, SliceSeconds: 4 * occupancy, PathSeconds: 25 * occupancy,
                SimilaritySeconds: 0.5 * Models.Length * Models.Length, StabilitySeconds: 5);
        }
    }

    protected override ParameterLayout Layout => Network.Layout;

    protected override IReadOnlyList<(string Name, string Value)> Facts =>
    [
        ("Calorimeter frames", string.Create(CultureInfo.InvariantCulture,
            $"{Context.Options.Data.Protons} protons; curvature {Context.Options.Curvature.Frames}, slices "
            + $"{Context.Options.Slices.Frames}, paths {Context.Options.Connectivity.Frames} frames")),
    ];

    protected override IReadOnlyList<MeasuredQuantity> Quantities { get; } =
    [
        new(SegmentProbe.Hamming, "Hamming loss", "10^{-3}", 1e3),
        new(SegmentProbe.CrossEntropy, "Cross-entropy", "10^{-3}", 1e3) { Tabled = false },
        new(SegmentProbe.TruePositiveRate, "TPR", "%", 100), new(SegmentProbe.FalsePositiveRate, "FPR", "%", 100) { Tabled = false },
    ];

    protected override (IReadOnlyList<string> Drawn, IReadOnlyList<string> Slices, IReadOnlyList<string> Paths) Shown { get; } = (
        [SegmentProbe.Hamming, SegmentProbe.CrossEntropy], [SegmentProbe.Hamming, SegmentProbe.CrossEntropy], [SegmentProbe.Hamming]);

    protected override IReadOnlyList<string> Modules { get; } = ["messages", "update", "read-out"];
    protected override StabilityText StabilityText => CalorimeterStability.Text;
    private SegmentScorer Network => _models.All[0].Model.Network;

    public override void Dispose() => _models.Dispose();

    protected override ParameterVector<float> ParametersOf(int model) => Model(model).Parameters;

    protected override void BeginOwn()
    {
        LandscapeDataOptions data = Context.Options.Data;
        if (_stock.Take("train", 1).Count == 0)
        {
            throw new BadInputException($"'{data.Folder}'", $"its events fill no frame of {data.Protons} protons",
                "give data.folder with more events or a smaller data.protons");
        }

        _tables = CalorimeterTables.Run(Context, _models, _stock);
    }

    protected override IEnumerable<Block> OwnBlocks()
    {
        yield return new Heading("Calorimeter: graphs, costs and results");
        yield return new Paragraph("Methods: `ptt` predicts, then tracks; `pat-L` predicts and tracks with interpolation factor L."
            + string.Concat(_models.Shortened.Select(s => $" `{s.Key}` is `{s.Value}`.")));
        if (_models.LeftOut.Count > 0)
        {
            yield return new Paragraph(
                "Left out, since another model has the same method and seed or the network is none of the published two: "
                + $"{string.Join(", ", _models.LeftOut.Select(Path.GetFileName))}.");
        }

        foreach (Block block in CalorimeterTablesReport.Of(_tables!))
        {
            yield return block;
        }

        yield return CalorimeterReport.Picture(_stock.Take("test", Context.Options.Data.Waters.Count)[^1].Frame, _models.All[^1].Model);
        yield return CalorimeterTablesReport.Trainings(Models) as Block
            ?? new Paragraph("No run kept `metrics.csv` beside its model, so no course of a training is drawn.");
    }

    // The loss that the model was trained on, and the cross-entropy too where all is asked for or the own loss has no slope, so that
    // eigenvectors exist for slices.
    protected override ModelCurvature[] Curvatures(int model, bool whole)
    {
        if (!Models[model].EndToEnd)
        {
            return [CrossEntropy(own: true)];
        }

        ModelCurvature hamming = Curvature(model, "hamming", "Hamming, slopes held", own: true, whole, centre =>
        {
            IReadOnlyList<LandscapeFrame> frames = Frames();
            SegmentScoreLoss loss = new(Model(model).Network, frames, Context.Threads,
                AssignmentSlopes.At(Model(model).Network, centre, frames, Model(model).Method.Assignment, Context.Threads));
            return (loss, loss.ActiveFrames);
        });
        return whole || hamming.Result.Lanczos.Leading[0].Value == 0 ? [CrossEntropy(own: false), hamming] : [hamming];

        ModelCurvature CrossEntropy(bool own) => Curvature(model, "cross-entropy", "cross-entropy", own, whole, _ =>
            (new SegmentScoreLoss(Model(model).Network, Frames(), Context.Threads), null));

        IReadOnlyList<LandscapeFrame> Frames() => _stock.Take("train", Context.Options.Curvature.Frames);
    }

    // Running averages are held fixed, or every frame's own statistics take their place.
    protected override IReadOnlyList<(string Statistics, Func<IProbe> Create)> SliceProbes(int model)
    {
        return [(ModelSlice.Fixed, () => Probe(recomputed: false)), (ModelSlice.Recomputed, () => Probe(recomputed: true))];

        SegmentProbe Probe(bool recomputed) => new(Model(model).Network, _stock.Take("train", Context.Options.Slices.Frames), recomputed,
            Context.Threads.Count);
    }

    // Every frame is normalised by its own statistics: running averages belong to no point between two models.
    protected override IReadOnlyList<ModelPath> Paths()
    {
        ConnectivityOptions options = Context.Options.Connectivity;
        IReadOnlyList<LandscapeFrame> frames = _stock.Take("train", options.Frames);
        int workers = Context.Threads.Count;
        using SegmentProbe probe = new(Network, _stock.Take("train", Math.Max(1, options.Frames / 3)), recomputed: true, workers);
        using SegmentCurveLoss crossEntropy = new(Network, frames, new(), workers);
        using SegmentCurveLoss hamming = new(Network, frames,
            new() { Name = CalorimeterMethodKind.PredictAndTrack, Lambda = options.Lambda }, workers);
        return Paths(probe, [("cross-entropy", crossEntropy), ("Hamming loss", hamming)]);
    }

    // The segments that a model chooses.
    protected override (bool[] Truth, bool[][] Decisions) Decide()
    {
        IReadOnlyList<LandscapeFrame> frames = _test.Value;
        return ([.. frames.SelectMany(f => f.Input.Graph.Label.ToArray())], [.. _models.All.Select(m =>
        {
            float[][] logits = CalorimeterDecisions.Logits(m.Model, frames, Context.Threads);
            SegmentAssignment assignment = new();
            return frames.SelectMany((f, i) =>
            {
                assignment.Solve(f.Input.Graph, logits[i]);
                return assignment.Chosen(f.Input.Graph).ToArray();
            }).ToArray();
        })]);
    }

    // Rows are drawn with replacement from the whole frame, the same for every model.
    protected override IReadOnlyList<IReadOnlyList<ActivationBatch>> Layers(int model, int batch, int rows, RandomKey key)
    {
        IReadOnlyList<LandscapeFrame> frames = _test.Value;
        SegmentInput input = frames[batch % frames.Count].Input;
        RandomDraws draws = key.Draws();
        (int Link, int Segment)[] drawn = [.. Enumerable.Range(0, rows)
            .Select(_ => (draws.NextIndex(2 * input.Graph.Links), draws.NextIndex(input.Graph.Count)))];
        using Tape<float> tape = new(recording: false);
        tape.Bind(Model(model).Parameters);
        List<Tensor<float>>[] layers = [[], [], []];
        ((SegmentNetwork)Model(model).Network).ForwardLayers(tape, input, [.. drawn.Select(d => d.Link)],
            [.. drawn.Select(d => d.Segment)], layers[0], layers[1], layers[2]);
        return [.. layers.Select(part => part.ConvertAll(t => new ActivationBatch(t.Values, t.Rows, t.Columns)))];
    }

    protected override MethodStability Stability(int[] seeds) => MeasureStability(seeds, "frames", () =>
        CalorimeterStability.Measure([.. seeds.Select(Model)], _stock.Take("test", Context.Options.Data.TestFrames), Context));

    private static ModelName Described(ModelName name, CalorimeterMethodOptions method) => name with
    {
        EndToEnd = method.Name == CalorimeterMethodKind.PredictAndTrack,
        Family = method.Name == CalorimeterMethodKind.PredictAndTrack ? "pat" : name.Method,
        Lambda = method.Lambda > 0 && method.LargestChange == 0 ? method.Lambda : null,
    };

    private CalorimeterModel Model(int model) => _models.All[model].Model;
}
