namespace Sagitta.Physics.Simulation;

/// <summary>What is simulated.</summary>
internal sealed record SimulationOptions
{
    /// <summary>Muons.</summary>
    public VertexOptions Vertex { get; init; } = new();

    /// <summary>Background and digitiser.</summary>
    public DigitisationOptions Digitisation { get; init; } = new();
}
