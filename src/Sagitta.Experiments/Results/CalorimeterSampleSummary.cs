namespace Sagitta.Experiments.Results;

/// <summary>What all methods make of one sample of frames.</summary>
public sealed record CalorimeterSampleSummary
{
    /// <summary>The name that it is written under, unique in a summary.</summary>
    public required string Name { get; init; }

    /// <summary>Water in front of the detector, mm.</summary>
    public required int Water { get; init; }

    /// <summary>Primaries of a frame.</summary>
    public required int ProtonsPerFrame { get; init; }

    /// <summary>Number of frames.</summary>
    public required int Frames { get; init; }

    /// <summary>
    /// Results by method, named "predict-then-track", "predict-and-track" and so on; those of one name (several seeds, several lambdas) are
    /// written as a list.
    /// </summary>
    public required IReadOnlyList<CalorimeterMethodSummary> Methods { get; init; }
}
