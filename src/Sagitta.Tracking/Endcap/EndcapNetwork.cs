namespace Sagitta.Tracking.Endcap;

/// <summary>Everything that a training depends on; one YAML file.</summary>
internal sealed record EndcapExperiment
{
    /// <summary>Name of a shipped detector or path of a detector file.</summary>
    public string Detector { get; init; } = EndcapDetector.Shipped;

    /// <summary>Seed of first weights and of the order of events.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Search for tracks.</summary>
    public EndcapSearchOptions Search { get; init; } = new();

    /// <summary>The network.</summary>
    public HitScorerOptions Network { get; init; } = new() { Layers = 2 };

    /// <summary>Numbers of each hit that tell tracks apart; 0 for none.</summary>
    public int SeparationColumns { get; init; } = 3;

    /// <summary>Hits whose probability of being a muon's is smaller are left out.</summary>
    public double LeastProbability { get; init; } = 0.1;

    /// <summary>The loss.</summary>
    public EndcapLossOptions Loss { get; init; } = new();

    /// <summary>Passes over the events.</summary>
    public int Epochs { get; init; } = 4;

    /// <summary>Events of one step.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Highest learning rate of Adam.</summary>
    public double LearningRate { get; init; } = 3e-3;
}

/// <summary>Weights of the terms of the loss.</summary>
internal sealed record EndcapLossOptions
{
    /// <summary>Separation of tracks.</summary>
    public double Separation { get; init; } = 0.3;

    /// <summary>Robust residual of q/p of tracks that are a muon's, in limits; 0 for the factorised method.</summary>
    public double Fit { get; init; } = 0.02;

    /// <summary>Clusters that the exact assignment gives to a wrong track; 0 for the factorised method.</summary>
    public double Assignment { get; init; } = 0.02;

    /// <summary>Scale of the robust function, in limits.</summary>
    public double RobustScale { get; init; } = 3;

    /// <summary>Part of the training, from its beginning, in which the fit and the assignment have no weight.</summary>
    public double WarmUp { get; init; } = 0.25;

    /// <summary>How the gradient of the assignment is interpolated.</summary>
    public double Lambda { get; init; } = 10;

    /// <summary>Whether anything behind the scores has a weight.</summary>
    public bool EndToEnd => Fit > 0 || Assignment > 0;
}

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
    public string Method => Experiment.Loss.EndToEnd ? "end-to-end" : "factorised";

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
