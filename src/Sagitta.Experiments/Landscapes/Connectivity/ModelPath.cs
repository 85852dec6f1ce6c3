namespace Sagitta.Experiments.Landscapes.Connectivity;

/// <summary>The paths between two models.</summary>
/// <param name="First">Where they begin.</param>
/// <param name="Second">Where they end.</param>
/// <param name="Profiles">The straight line and the fitted curves.</param>
internal sealed record ModelPath(ModelName First, ModelName Second, IReadOnlyList<PathProfile> Profiles)
{
    /// <summary>"within ptt", "between methods", or "between methods, one seed" where both began at the same weights.</summary>
    public string Group => First.Method == Second.Method ? $"within {First.Method}" : First.Seed == Second.Seed
        ? "between methods, one seed" : "between methods";
}
