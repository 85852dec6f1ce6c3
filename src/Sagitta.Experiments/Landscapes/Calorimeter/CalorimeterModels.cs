namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>Segment networks to analyse, by method and seed; all must have been trained on the same gates and hits.</summary>
internal sealed class CalorimeterModels : IDisposable
{
    private readonly List<(ModelName Name, CalorimeterModel Model)> _models = [];
    private readonly List<(ModelName Name, CalorimeterModel Model)> _hitGraph = [];

    /// <summary>Reads the models of these places; of several with one method and seed the first counts.</summary>
    public CalorimeterModels(IReadOnlyList<string> places)
    {
        foreach (string file in ModelFiles.Find(places, "sagitta calorimeter model"))
        {
            CalorimeterModel model = CalorimeterModel.Read(file);
            ModelName name = new(CalorimeterTrainer.Name(model.Method), model.Seed, file, ModelFiles.Fingerprint(file));
            if (model.Experiment.Network.Graph == ScoredGraph.Hit
                && !_hitGraph.Exists(m => m.Name.Method == name.Method && m.Name.Seed == name.Seed))
            {
                _hitGraph.Add((name, model));
                continue;
            }

            if (!Fits(model) || _models.Exists(m => m.Name.Method == name.Method && m.Name.Seed == name.Seed))
            {
                LeftOut.Add(file);
                model.Dispose();
                continue;
            }

            if (_models.Count > 0 && (model.Experiment.Gates != _models[0].Model.Experiment.Gates
                || model.Experiment.Data.Preparation != _models[0].Model.Experiment.Data.Preparation))
            {
                throw new BadInputException(
                    $"'{file}'", "it was trained with other gates or another preparation of hits than the first model",
                    "analyse models of one kind at a time");
            }

            _models.Add((name, model));
        }

        Shorten();

        _hitGraph.Sort(Compare);
        _models.Sort(Compare);
    }

    /// <summary>Models by method, then seed.</summary>
    public IReadOnlyList<(ModelName Name, CalorimeterModel Model)> All => _models;

    /// <summary>Models of the hit graph: they stand in the tables of results and of costs, as in the published study, and in no other
    /// analysis.</summary>
    public IReadOnlyList<(ModelName Name, CalorimeterModel Model)> HitGraph => _hitGraph;

    /// <summary>Files that repeat the method and seed of another, or hold a network of another kind than the published two.</summary>
    public IList<string> LeftOut { get; } = [];

    /// <summary>Whole names of methods that stand under shorter ones.</summary>
    public IDictionary<string, string> Shortened { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    public void Dispose() => _models.Concat(_hitGraph).Select(m => m.Model).DisposeAll();

    // Predict-then-track first, then by method and seed.
    private static int Compare((ModelName Name, CalorimeterModel Model) a, (ModelName Name, CalorimeterModel Model) b) =>
        (a.Model.Method.Name, a.Name.Method, a.Name.Seed).CompareTo((b.Model.Method.Name, b.Name.Method, b.Name.Seed));

    // Names that list many settings are cut short where no other method has the same short name.
    private void Shorten()
    {
        Dictionary<string, int> methods = _models.Select(m => m.Model.Method).DistinctBy(m => m.Label, StringComparer.Ordinal)
            .CountBy(m => m.BriefLabel, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        for (int i = 0; i < _models.Count; i++)
        {
            CalorimeterMethodOptions method = _models[i].Model.Method;
            if (method.Label != method.BriefLabel && methods[method.BriefLabel] == 1)
            {
                _models[i] = (_models[i].Name with { Method = method.BriefLabel }, _models[i].Model);
                Shortened[method.BriefLabel] = method.Label;
            }
        }
    }

    // Layer by layer the fused network alone can be looked into; models of different momentum compute the same.
    private static bool Fits(CalorimeterModel model) =>
        model.Network is SegmentNetwork { Options: { Hidden: 16, Aggregation: SegmentAggregation.Max } };
}
