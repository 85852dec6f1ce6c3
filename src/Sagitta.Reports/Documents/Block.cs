namespace Sagitta.Reports.Documents;

/// <summary>A piece of a report, set below the piece before it.</summary>
internal abstract record Block;

/// <summary>A heading; those of the first level make up the report's contents list.</summary>
/// <param name="Text">May use the inline notation of <see cref="Paragraph"/>.</param>
/// <param name="Level">1 for a section, 2 for a part of one.</param>
internal sealed record Heading(string Text, int Level = 1) : Block;

/// <summary>Running text. <c>`code`</c>, <c>**strong**</c>, <c>_{sub}</c> and <c>^{super}</c> are set as such; all else is plain.</summary>
/// <param name="Text">The text.</param>
internal sealed record Paragraph(string Text) : Block;

/// <summary>Text to be typed or read exactly as it is, such as a command, with a button that copies it.</summary>
/// <param name="Text">Verbatim.</param>
internal sealed record Code(string Text) : Block;

/// <summary>A figure with its number and caption.</summary>
/// <param name="Figure">What is drawn.</param>
/// <param name="Caption">With the inline notation of <see cref="Paragraph"/>.</param>
internal sealed record Illustration(Figure Figure, string Caption) : Block;

/// <summary>Pieces that stay folded until the reader asks for them; a printed page shows them.</summary>
/// <param name="Summary">What the fold says.</param>
/// <param name="Blocks">What it holds.</param>
internal sealed record Details(string Summary, IReadOnlyList<Block> Blocks) : Block;
