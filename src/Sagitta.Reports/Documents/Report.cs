namespace Sagitta.Reports.Documents;

/// <summary>A document for readers, written as one HTML file by <see cref="ReportWriter"/>.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Blocks">Its content, in order.</param>
internal sealed record Report(string Title, IReadOnlyList<Block> Blocks)
{
    /// <summary>A line below the title.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>Named facts below that: version, seed, date of the data, machine.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];
}
