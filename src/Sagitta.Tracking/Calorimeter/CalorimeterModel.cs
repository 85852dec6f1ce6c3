namespace Sagitta.Tracking.Calorimeter;

/// <summary>A trained segment network with what is needed to use it.</summary>
internal sealed class CalorimeterModel : IDisposable
{
    private const string Kind = "sagitta calorimeter model";

    /// <summary>A model with parameters of its own.</summary>
    /// <param name="experiment">Gates, network, selection.</param>
    /// <param name="method">How it is trained.</param>
    /// <param name="seed">Seed of its training.</param>
    /// <param name="geometry">The calorimeter; the experiment's if null.</param>
    public CalorimeterModel(CalorimeterExperiment experiment, CalorimeterMethodOptions method, ulong seed,
        CalorimeterGeometry? geometry = null)
    {
        Experiment = experiment;
        Method = method;
        Seed = seed;
        Geometry = geometry ?? CalorimeterGeometry.Load(experiment.Detector);
        Network = SegmentScorer.Create(new(), experiment.Network);
        Parameters = new(Network.Layout);
    }

    /// <summary>Gates and selection of tracks that it was trained with.</summary>
    public CalorimeterExperiment Experiment { get; }

    /// <summary>How it was trained.</summary>
    public CalorimeterMethodOptions Method { get; }

    /// <summary>Seed of its training.</summary>
    public ulong Seed { get; }

    /// <summary>The calorimeter.</summary>
    public CalorimeterGeometry Geometry { get; }

    /// <summary>The network.</summary>
    public SegmentScorer Network { get; }

    /// <summary>Its parameters and running averages.</summary>
    public ParameterVector<float> Parameters { get; }

    /// <summary>Where hits and chi-squares of its validation lay; null in older files, of which nothing can be said.</summary>
    public InputRanges? Ranges { get; set; }

    /// <summary>The same network with a price for unassigned hits, or none.</summary>
    public CalorimeterModel WithPrice(double? price) =>
        Copy(Experiment with { Tracks = Experiment.Tracks with { UnassignedPrice = price } }, Geometry);

    /// <summary>The same network for another calorimeter.</summary>
    public CalorimeterModel WithDetector(CalorimeterGeometry geometry) => Copy(Experiment, geometry);

    /// <summary>Writes the model as safetensors, whole or not at all.</summary>
    public void Write(string path)
    {
        SafeTensorsWriter writer = new();
        writer.Metadata["kind"] = Kind;
        writer.Metadata["method"] = ConfigurationFile.Write(Method);
        writer.Metadata["experiment"] = ConfigurationFile.Write(Experiment);
        writer.Metadata["detector"] = Geometry.Text;
        writer.Metadata["seed"] = Seed.ToString(CultureInfo.InvariantCulture);
        if (Ranges is not null)
        {
            writer.Metadata["ranges"] = ConfigurationFile.Write(Ranges);
        }

        writer.Add(Parameters);
        writer.Write(path);
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="BadInputException">The file is missing, damaged or no calorimeter model.</exception>
    public static CalorimeterModel Read(string path)
    {
        SafeTensorsReader reader = new(path);
        if (!reader.Metadata.TryGetValue("kind", out string? kind) || kind != Kind)
        {
            throw new BadInputException($"'{path}'", "this is no calorimeter model", "give a calorimeter model that training wrote");
        }

        CalorimeterModel model = new(
            ConfigurationFile.Parse<CalorimeterExperiment>(reader.RequireMetadata("experiment"), path),
            ConfigurationFile.Parse<CalorimeterMethodOptions>(reader.RequireMetadata("method"), path),
            NumberText.Read<ulong>(reader.RequireMetadata("seed"), $"'{path}', metadata 'seed'"),
            reader.Metadata.TryGetValue("detector", out string? detector)
                ? CalorimeterGeometry.Parse(detector, $"{path}, detector") : CalorimeterGeometry.Load(TrackingCalorimeterFile.Shipped));
        model.Ranges = reader.Metadata.TryGetValue("ranges", out string? ranges) ? ConfigurationFile.Parse<InputRanges>(ranges, path)
            : null;
        reader.Check(model.Parameters);
        reader.CopyTo(model.Parameters);
        return model;
    }

    public void Dispose() => Parameters.Dispose();

    private CalorimeterModel Copy(CalorimeterExperiment experiment, CalorimeterGeometry geometry)
    {
        CalorimeterModel copy = new(experiment, Method, Seed, geometry) { Ranges = Ranges };
        Parameters.Values.CopyTo(copy.Parameters.Values);
        return copy;
    }
}
