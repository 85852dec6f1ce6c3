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

        // Predict-then-track first, then by method and seed.
        _hitGraph.Sort((a, b) => (a.Name.Method != "ptt", a.Name.Method, a.Name.Seed)
            .CompareTo((b.Name.Method != "ptt", b.Name.Method, b.Name.Seed)));
        _models.Sort((a, b) => (a.Name.Method != "ptt", a.Name.Method, a.Name.Seed)
            .CompareTo((b.Name.Method != "ptt", b.Name.Method, b.Name.Seed)));
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

    /// <summary>Names of the methods.</summary>
    public IReadOnlyList<string> Methods => [.. _models.Select(m => m.Name.Method).Distinct(StringComparer.Ordinal)];

    /// <summary>The first models of each method.</summary>
    public IEnumerable<(ModelName Name, CalorimeterModel Model)> Leading(int perMethod) =>
        _models.GroupBy(m => m.Name.Method, StringComparer.Ordinal).SelectMany(g => g.Take(perMethod));

    /// <inheritdoc />
    public void Dispose()
    {
        foreach ((ModelName _, CalorimeterModel model) in _models.Concat(_hitGraph))
        {
            model.Dispose();
        }
    }

    // Names that list many settings keep their first two parts where no other method begins with those.
    private void Shorten()
    {
        string[] methods = [.. Methods];
        for (int i = 0; i < _models.Count; i++)
        {
            string whole = _models[i].Name.Method;
            string brief = string.Join('-', whole.Split('-').Take(2));
            if (brief != whole && methods.Count(m => m == brief || m.StartsWith(brief + "-", StringComparison.Ordinal)) == 1)
            {
                _models[i] = (_models[i].Name with { Method = brief }, _models[i].Model);
                Shortened[brief] = whole;
            }
        }
    }

    // Layer by layer the fused network alone can be looked into; models of different momentum compute the same.
    private static bool Fits(CalorimeterModel model) =>
        model.Network is SegmentNetwork { Options: { Hidden: 16, Aggregation: SegmentAggregation.Max } };
}
