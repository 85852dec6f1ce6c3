namespace Sagitta.Experiments.Landscapes;

/// <summary>Losses on a plane through a model.</summary>
internal sealed record SliceOptions
{
    /// <summary>Points a side (published: 50); an odd number puts one at the model itself.</summary>
    public int Grid { get; init; } = 21;

    /// <summary>Half of the plane's side, in units of the normalised directions (published: 0.5).</summary>
    public double Reach { get; init; } = 0.5;

    /// <summary>Calorimeter frames.</summary>
    public int Frames { get; init; } = 3;

    /// <summary>Muon events.</summary>
    public int Events { get; init; } = 64;
}
