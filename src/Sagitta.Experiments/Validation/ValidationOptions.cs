namespace Sagitta.Experiments.Validation;

/// <summary>How a simulation is compared with a reference.</summary>
internal sealed record ValidationOptions
{
    /// <summary>How many times larger the simulation is: each vertex of the reference is simulated so often.</summary>
    public int Copies { get; init; } = 10;

    /// <summary>Seed of simulation and digitiser.</summary>
    public ulong Seed { get; init; } = 1;
}
