namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>Hit scorers to analyse, by method and seed; all must be of one detector, one shape and one chain after the scores.</summary>
internal sealed class MuonLandscapeModels
{
    private readonly List<(ModelName Name, MuonModel Model)> _models = [];

    /// <summary>Reads the models of these places; of several with one method and seed the first counts.</summary>
    public MuonLandscapeModels(IReadOnlyList<string> places)
    {
        foreach (string file in ModelFiles.Find(places, "sagitta muon model"))
        {
            MuonModel model = MuonModelFile.Read(file);
            ModelName name = new(model.Method.Name, model.Experiment.Seed, file, ModelFiles.Fingerprint(file));
            if (_models.Exists(m => m.Name.Method == name.Method && m.Name.Seed == name.Seed))
            {
                Repeated.Add(file);
                continue;
            }

            if (_models.Count > 0 && (model.Experiment.Detector != _models[0].Model.Experiment.Detector
                || model.Experiment.Network != _models[0].Model.Experiment.Network
                || model.Experiment.Graph != _models[0].Model.Experiment.Graph))
            {
                throw new BadInputException(
                    $"'{file}'", "it was trained for another detector, graph or shape of the network than the first model",
                    "analyse models of one kind at a time");
            }

            _models.Add((name, model));
        }

        _models.Sort((a, b) => (b.Name.Method, a.Name.Seed).CompareTo((a.Name.Method, b.Name.Seed)));
    }

    /// <summary>Models by method, factorised first, then seed.</summary>
    public IReadOnlyList<(ModelName Name, MuonModel Model)> All => _models;

    /// <summary>Files that repeat the method and seed of another.</summary>
    public IList<string> Repeated { get; } = [];

    /// <summary>The first models of each method.</summary>
    public IEnumerable<(ModelName Name, MuonModel Model)> Leading(int perMethod) =>
        _models.GroupBy(m => m.Name.Method, StringComparer.Ordinal).SelectMany(g => g.Take(perMethod));

    /// <summary>
    /// The composite loss of all analyses: that of the first end-to-end model, for factorised models too, so that the same function is
    /// looked at around both.
    /// </summary>
    public MuonLossOptions CompositeLoss => Composite.Loss with { EndToEnd = true };

    /// <summary>The same with the stages of a chain, with or without its fit terms.</summary>
    public MuonLoss LossOn(MuonChain chain, bool withFit = true) =>
        new(chain, CompositeLoss with { EndToEnd = withFit }, Composite.RobustScale);

    private MuonExperiment Composite => (_models.Find(m => m.Model.Experiment.Loss.EndToEnd).Model ?? _models[0].Model).Experiment;
}
