using Sagitta.Physics.Digitisation;

namespace Sagitta.Physics.Simulation;

/// <summary>What is simulated.</summary>
public sealed record SimulationOptions
{
    /// <summary>Muons.</summary>
    public VertexOptions Vertex { get; init; } = new();

    /// <summary>Background and digitiser.</summary>
    public DigitisationOptions Digitisation { get; init; } = new();
}
