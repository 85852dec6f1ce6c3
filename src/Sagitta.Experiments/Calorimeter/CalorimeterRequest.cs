namespace Sagitta.Experiments.Calorimeter;

/// <summary>What the command line asks of a reproduction.</summary>
internal sealed record CalorimeterRequest
{
    /// <summary>What to run; its seed is the first.</summary>
    public required CalorimeterExperiment Experiment { get; init; }

    /// <summary>The short form.</summary>
    public bool Quick { get; init; }

    /// <summary>Whether to train the models too that come with Sagitta.</summary>
    public bool Train { get; init; }

    /// <summary>Threads.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>What the command line asks of a user's hits.</summary>
internal sealed record CalorimeterReconstructionRequest
{
    /// <summary>File of hits.</summary>
    public required string Hits { get; init; }

    /// <summary>How the file calls its columns (--columns); null where it uses the names of docs/formats.md.</summary>
    public string? Columns { get; init; }

    /// <summary>Consecutive events that make a frame.</summary>
    public int Protons { get; init; } = 100;

    /// <summary>Column that holds the frame of each hit; null to form frames of events.</summary>
    public string? FrameColumn { get; init; }

    /// <summary>Model file; null for the shipped one.</summary>
    public string? Model { get; init; }

    /// <summary>Calorimeter file or name; null for the model's own.</summary>
    public string? Detector { get; init; }

    /// <summary>Price of a hit that is joined to none; null for the model's own.</summary>
    public double? UnassignedPrice { get; init; }

    /// <summary>Whether electron and photon rows stay.</summary>
    public bool KeepElectrons { get; init; }

    /// <summary>Energy of the beam, MeV; null for that of the detector's file.</summary>
    public double? BeamEnergy { get; init; }

    /// <summary>Threads.</summary>
    public int Threads { get; init; } = 1;
}
