namespace Sagitta.Reports.Documents;

/// <summary>Pieces that stay folded until the reader asks for them; a printed page shows them.</summary>
/// <param name="Summary">What the fold says.</param>
/// <param name="Blocks">What it holds.</param>
internal sealed record Details(string Summary, IReadOnlyList<Block> Blocks) : Block;
