namespace Sagitta.Experiments.Muon.Evaluation;

/// <summary>Results of several seeds beside one another.</summary>
internal static class MuonSeeds
{
    /// <summary>Results of two methods by seed; one that has no seed (0) stands beside each of the other's.</summary>
    public static (T A, T B)[] Pairs<T>(IReadOnlyList<T> a, IReadOnlyList<T> b, Func<T, ulong> seed) =>
        b.Count == 1 && seed(b[0]) == 0 ? [.. a.Select(r => (r, b[0]))] : [.. a.Join(b, seed, seed, (x, y) => (x, y))];
}
