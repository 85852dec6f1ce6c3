namespace Sagitta.Experiments.Landscapes;

/// <summary>A trained model among others.</summary>
/// <param name="Method">Short name of its method: "ptt", "pat-25", "end-to-end".</param>
/// <param name="Seed">Seed of its training.</param>
/// <param name="File">Where it was read from.</param>
/// <param name="Fingerprint">Changes with its content.</param>
internal sealed record ModelName(string Method, ulong Seed, string File, string Fingerprint)
{
    /// <summary>Folder of its run, where a trajectory and metrics may lie beside it.</summary>
    public string Folder => Path.GetDirectoryName(File)!;

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Method} seed {Seed}");

    /// <summary>Models by method with the number of seeds: "ptt (5 seeds), pat-25 (1 seed)".</summary>
    public static string Summary(IEnumerable<ModelName> names) => string.Join(
        ", ", names.GroupBy(n => n.Method, StringComparer.Ordinal).Select(
            g => string.Create(CultureInfo.InvariantCulture, $"{g.Key} ({g.Count()} {(g.Count() == 1 ? "seed" : "seeds")})")));

    /// <summary>For file names.</summary>
    public string Slug => string.Create(CultureInfo.InvariantCulture, $"{Method}-seed{Seed}");
}
