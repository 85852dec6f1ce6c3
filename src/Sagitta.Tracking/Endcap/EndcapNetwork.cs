namespace Sagitta.Tracking.Endcap;

/// <summary>A trained network with what is needed to use it.</summary>
internal sealed class EndcapNetwork : IDisposable
{
    private const string Kind = "sagitta endcap model";

    public EndcapNetwork(EndcapExperiment experiment)
    {
        Experiment = experiment;
        Network = new(experiment.Network, experiment.SeparationColumns);
        Parameters = new(Network.Layout);
    }

    public EndcapExperiment Experiment { get; }

    public HitScorer Network { get; }

    public ParameterVector<float> Parameters { get; }

    /// <summary>Its name in tables.</summary>
    public string Method => Experiment.Loss switch
    {
        { EndToEnd: true } => "end-to-end",
        { Local: > 0 } => "local",
        _ => "factorised",
    };

    public void Write(string path)
    {
        SafeTensorsWriter writer = new();
        writer.Metadata["kind"] = Kind;
        writer.Metadata["method"] = Method;
        writer.Metadata["experiment"] = ConfigurationFile.Write(Experiment);
        writer.Add(Parameters);
        writer.Write(path);
    }

    /// <exception cref="BadInputException">The file is missing, damaged or no model of an endcap.</exception>
    public static EndcapNetwork Read(string path)
    {
        SafeTensorsReader reader = new(path);
        if (!reader.Metadata.TryGetValue("kind", out string? kind) || kind != Kind)
        {
            throw new BadInputException($"'{path}'", "this is no endcap model", "give a model.safetensors that train endcap wrote");
        }

        EndcapNetwork model = new(ConfigurationFile.Parse<EndcapExperiment>(reader.RequireMetadata("experiment"), path));
        reader.Check(model.Parameters);
        reader.CopyTo(model.Parameters);
        return model;
    }

    public void Dispose() => Parameters.Dispose();
}
