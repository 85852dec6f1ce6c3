using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Landscapes;

/// <summary>All analyses of one system's models, in the order in which they are most asked for: an interrupted run has the first seed of
/// each method and the paths. A system says what its losses, decisions and layers are; models are told apart by their place in <see
/// cref="Models"/>.</summary>
internal abstract class LandscapeStudy(LandscapeContext context, string system, string title, ModelName[] models) : IDisposable
{
    protected LandscapeContext Context { get; } = context;
    protected ModelName[] Models { get; } = models;
    /// <summary>What losses and quantities depend on beside data and models.</summary>
    protected virtual string Measured => "";
    protected abstract WorkGuess Guess { get; }
    protected abstract ParameterLayout Layout { get; }

    protected abstract IReadOnlyList<(string Name, string Value)> Facts { get; }

    /// <summary>Quantities of paths, the main one first.</summary>
    protected abstract IReadOnlyList<MeasuredQuantity> Quantities { get; }

    /// <summary>Names of quantities that slices draw, that findings on slices name, and that findings on paths name.</summary>
    protected abstract (IReadOnlyList<string> Drawn, IReadOnlyList<string> Slices, IReadOnlyList<string> Paths) Shown { get; }

    /// <summary>Names of the parts of the network whose layers are compared.</summary>
    protected abstract IReadOnlyList<string> Modules { get; }
    /// <summary>What the stability of single tracks is called and how it is shown.</summary>
    protected abstract StabilityText StabilityText { get; }

    /// <summary>Tells what there will be to do.</summary>
    public void Announce()
    {
        int first = Leading(1).Length;
        int others = Leading(Context.Options.ModelsPerMethod).Length - first;
        void Expect(string kind, int count, double seconds) => Context.Work.Expect($"{system} {kind}", count, seconds);
        Expect("curvature", Guess.Curvatures, Guess.CurvatureSeconds);
        Expect("eigenpairs", Guess.Eigenpairs, Guess.EigenpairSeconds);
        Expect("slices", Guess.SlicesOfDirections * (others + (3 * first)), Guess.SliceSeconds);
        Expect("paths", ModelPairs.Chosen(Models, Context.Options.Connectivity.Pairs).Count, Guess.PathSeconds);
        Expect("similarity", Models.Length > 1 ? 1 : 0, Guess.SimilaritySeconds);
        Expect("stability", Repeated().Count(), Guess.StabilitySeconds);
    }

    /// <summary>Runs all analyses and adds their part of the report and of the summary.</summary>
    public void Run(LandscapeOutput output)
    {
        output.Facts.AddRange([($"{title} models", ModelName.Summary(Models)), .. Facts]);
        BeginOwn();
        ModelCurvature[][] curvatureOf = new ModelCurvature[Models.Length][];
        IReadOnlyList<ModelSlice>[] slicesOf = new IReadOnlyList<ModelSlice>[Models.Length];
        int[] first = Leading(1);
        AnalyseLosses(first, whole: true);
        IReadOnlyList<ModelPath> paths = Models.Length > 1 ? Paths() : [];
        IReadOnlyList<ModelSimilarity> similarities = Models.Length > 1 ? Similarities() : [];
        MethodStability[] stabilities = [.. Repeated().Select(Stability)];
        AnalyseLosses([.. Leading(Context.Options.ModelsPerMethod).Except(first)], whole: false);
        ModelCurvature[] curvatures = [.. curvatureOf.Where(c => c is not null).SelectMany(c => c)];
        ModelSlice[] slices = [.. slicesOf.Where(s => s is not null).SelectMany(s => s)];
        output.Summary[system] = new JsonObject
        {
            ["models"] = SummaryJson.Of(Models.Select(m => m.ToString())),
            ["curvature"] = CurvatureReport.Summary(curvatures),
            ["slices"] = SliceReport.Summary(slices),
            ["connectivity"] = ConnectivityReport.Summary(paths),
            ["similarity"] = SimilarityReport.Summary(similarities),
            ["stability"] = SummaryJson.Of(stabilities),
        };

        int permutations = Context.Options.Similarity.Permutations;
        RandomKey key = Context.Key.Split("permutations");
        output.AddPublished(title, new Heading($"{title}: what was found"), FindingText.Table(
        [
            .. CurvatureReport.Findings(curvatures),
            .. SliceReport.Findings(slices, Shown.Slices),
            .. Quantities.Where(q => Shown.Paths.Contains(q.Name, StringComparer.Ordinal)).SelectMany(
                q => ConnectivityReport.Findings(paths, q)),
            .. SimilarityReport.Findings(similarities, permutations, key),
            .. StabilityText.Findings(stabilities),
        ]));
        output.Blocks.AddRange(OwnBlocks());
        output.AddPublished(title, new Heading($"{title}: curvature"));
        output.Blocks.AddRange(AboutLosses());
        output.AddPublished(title, CurvatureReport.Of(curvatures));
        output.Blocks.Add(new Heading($"{title}: slices"));
        output.Blocks.AddRange(SliceReport.Of(slices, Shown.Drawn));
        output.AddPublished(title, new Heading($"{title}: paths between models"));
        output.AddPublished(title, ConnectivityReport.Of(paths, Quantities, ConnectivityReport.Missing(paths, Models)));
        output.Blocks.Add(new Heading($"{title}: similarity"));
        output.Blocks.AddRange(SimilarityReport.Of(similarities, permutations, key));
        output.AddPublished(title, new Heading($"{title}: stability and ensembles"), stabilities.Length > 0
            ? StabilityText.Table(stabilities)
            : new Paragraph("No method has two seeds, so nothing can be said about its stability. "
                + $"`sagitta reproduce {system} --seeds 2` makes them."));

        void AnalyseLosses(int[] chosen, bool whole)
        {
            foreach (int model in chosen)
            {
                curvatureOf[model] = Curvatures(model, whole);

                // A loss without any slope has no eigenvectors; those of the other loss remain.
                ModelCurvature own = curvatureOf[model].First(c => c.Own);
                ModelCurvature along = own.Result.Lanczos.Leading[0].Value != 0 ? own : curvatureOf[model].First(c => !c.Own);
                slicesOf[model] = SliceAnalysis.Run(Context, system, Measured, Models[model], Layout,
                    ParameterSpace.Vector(ParametersOf(model)), along, SliceProbes(model), whole);
            }
        }
    }

    public abstract void Dispose();

    protected abstract ParameterVector<float> ParametersOf(int model);

    /// <summary>The curvatures of the losses at a model, that of the loss it was trained on among them: with trace, density and power
    /// iteration (<paramref name="whole"/>), or the leading eigenpairs alone.</summary>
    protected abstract ModelCurvature[] Curvatures(int model, bool whole);

    /// <summary>What slices through a model measure, for each treatment of running averages.</summary>
    protected abstract IReadOnlyList<(string Statistics, Func<IProbe> Create)> SliceProbes(int model);

    protected abstract IReadOnlyList<ModelPath> Paths();

    /// <summary>What every model decides, beside the truth.</summary>
    protected abstract (bool[] Truth, bool[][] Decisions) Decide();

    /// <summary>Layers of each part of a model for the rows of a minibatch.</summary>
    protected abstract IReadOnlyList<IReadOnlyList<ActivationBatch>> Layers(int model, int batch, int rows, RandomKey key);

    protected abstract MethodStability Stability(int[] seeds);

    /// <summary>Does what only this system has, before all other analyses.</summary>
    protected virtual void BeginOwn()
    {
    }

    protected virtual IEnumerable<Block> OwnBlocks() => [];

    protected virtual IEnumerable<Block> AboutLosses() => [];

    /// <summary>The curvature of one loss at a model, from the store or computed. <paramref name="create"/> makes the loss at the model's
    /// parameters, and tells how many frames have a slope where that is held; <paramref name="title"/> is its name in reports.</summary>
    protected ModelCurvature Curvature(int model, string name, string title, bool own, bool whole,
        Func<double[], (ILoss Loss, int? ActiveFrames)> create)
    {
        CurvatureOptions options = Context.Options.Curvature;
        ModelName at = Models[model];
        return new(at, title, own, Context.Analyse(
            $"{system} {(whole ? "curvature" : "eigenpairs")}", $"{system}-curvature-{at.Slug}-{name}",
            Context.Origin(options, at.Fingerprint, Measured, name, whole ? "whole" : "leading"), () =>
            {
                double[] centre = ParameterSpace.Vector(ParametersOf(model));
                (ILoss loss, int? active) = create(centre);
                using IDisposable? owned = loss as IDisposable;
                using IStageProgress stage = Context.Progress.Begin($"curvature of {name}, {at}", 0, "products");
                return CurvatureAnalysis.Run(loss, centre, options, whole, Context.Key.Split("curvature").Split(at.Slug), stage,
                    Context.Stop) with
                { ActiveFrames = active };
            }));
    }

    /// <summary>The paths of the chosen pairs of models; curves are trained on each of the losses.</summary>
    protected IReadOnlyList<ModelPath> Paths(IProbe probe, IReadOnlyList<(string Name, ISampledLoss Loss)> losses) =>
        ConnectivityAnalysis.Run(Context, system, Measured,
            [.. Models.Select((name, m) => (name, ParametersOf(m).Values.ToArray()))], probe, losses);

    /// <summary>The stability of a method, from the store or measured.</summary>
    protected T MeasureStability<T>(int[] seeds, string unit, Func<T> measure)
        where T : MethodStability
    {
        ModelName first = Models[seeds[0]];
        return Context.Analyse($"{system} stability", $"{system}-stability-{first.Method}",
            Context.Origin(Context.Options.Data, seeds.Select(m => Models[m].Fingerprint)), () =>
            {
                using IDisposable stage = Context.Progress.Begin($"stability of {first.Method}", 0, unit);
                return measure();
            }) with
        { Method = first.Method, EndToEnd = first.EndToEnd, Seeds = seeds.Length };
    }

    /// <summary>The first models of each method.</summary>
    protected int[] Leading(int perMethod) => [.. ByMethod().SelectMany(m => m.Take(perMethod))];

    private ModelSimilarity[] Similarities()
    {
        SimilarityOptions options = Context.Options.Similarity;
        ModelSimilarity[] stored = Context.Analyse($"{system} similarity", $"{system}-similarity",
            Context.Origin(options, Models.Select(m => m.Fingerprint)), () =>
            {
                (bool[] truth, bool[][] decisions) = Decide();
                using IStageProgress stage = Context.Progress.Begin($"CKA of the {system} networks", options.Batches, "minibatches");
                double[][][] alignments = AlignmentAnalysis.Run(Models.Length, options.Batches, (model, batch) =>
                    Layers(model, batch, options.BatchRows, Context.Key.Split("rows").Split((ulong)batch)), Context.Threads, stage,
                    Context.Stop);
                return AlignmentAnalysis.Pairs(Models.Length).Select((pair, i) => new ModelSimilarity(Models[pair.First],
                    Models[pair.Second], Disagreement.Of(decisions[pair.First], decisions[pair.Second], truth), Modules, alignments[i]))
                    .ToArray();
            });
        return [.. AlignmentAnalysis.Pairs(Models.Length).Zip(stored, (pair, similarity) =>
            similarity with { First = Models[pair.First], Second = Models[pair.Second] })];
    }

    private IEnumerable<int[]> ByMethod() => Enumerable.Range(0, Models.Length)
        .GroupBy(m => Models[m].Method, StringComparer.Ordinal).Select(g => g.ToArray());

    // Models of each method with two or more seeds.
    private IEnumerable<int[]> Repeated() => ByMethod().Where(m => m.Length > 1);
}

/// <summary>A system whose trained models can be analysed.</summary>
/// <param name="name">Its name on the command line, in summary.json and in names of stored results.</param>
internal abstract class LandscapeSystem(string name)
{
    public string Name => name;

    /// <summary>Reads the models of these places; null if there are none.</summary>
    public abstract LandscapeStudy? Open(LandscapeContext context, IReadOnlyList<string> places);
}

/// <summary>First guesses for the default form on two idle cores: how many losses are analysed whole and by their leading eigenpairs alone,
/// slices along each set of directions (one for each treatment of running averages), and the seconds of one analysis of each
/// kind.</summary>
internal sealed record WorkGuess(int Curvatures, double CurvatureSeconds, int Eigenpairs, double EigenpairSeconds, int SlicesOfDirections,
    double SliceSeconds, double PathSeconds, double SimilaritySeconds, double StabilitySeconds);

/// <summary>A quantity of the probe as reports show it: title of its column or axis, unit after a factor.</summary>
internal sealed record MeasuredQuantity(string Name, string Header, string Unit, double Factor)
{
    /// <summary>Whether it stands in the table of paths too, not in a figure alone.</summary>
    public bool Tabled { get; init; } = true;
}
