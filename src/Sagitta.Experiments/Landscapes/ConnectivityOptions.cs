namespace Sagitta.Experiments.Landscapes;

/// <summary>Paths between models.</summary>
internal sealed record ConnectivityOptions
{
    /// <summary>Pairs within methods, and as many between methods; all with --full.</summary>
    public int Pairs { get; init; } = 10;

    /// <summary>RMSprop steps of a Bezier curve (published: 1,000).</summary>
    public int Steps { get; init; } = 200;

    /// <summary>Frames, or small groups of muon events, of a step; each draws its own point of the curve (published: 8).</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Learning rate (published: 1e-3).</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Interpolation factor of the assignment in curves fitted to the Hamming loss (published: 10).</summary>
    public double Lambda { get; init; } = 10;

    /// <summary>Points along a path (published: 51).</summary>
    public int Points { get; init; } = 51;

    /// <summary>Calorimeter frames that curves are fitted on; a third of them, at least one, are evaluated on along the path.</summary>
    public int Frames { get; init; } = 12;

    /// <summary>Muon events that curves are fitted on.</summary>
    public int Events { get; init; } = 256;
}
