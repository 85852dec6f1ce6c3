namespace Sagitta.Reports.Documents;

/// <summary>A list of short texts, with the inline notation of <see cref="Paragraph"/>.</summary>
/// <param name="Items">One text each.</param>
internal sealed record ItemList(IReadOnlyList<string> Items) : Block;
