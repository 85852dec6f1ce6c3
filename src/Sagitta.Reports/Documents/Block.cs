namespace Sagitta.Reports.Documents;

/// <summary>A piece of a report, set below the piece before it.</summary>
internal abstract record Block;

/// <summary>A heading, with the inline notation of <see cref="Paragraph"/>; headings make up the report's contents list.</summary>
internal sealed record Heading(string Text) : Block;

/// <summary>Running text. <c>`code`</c>, <c>**strong**</c>, <c>_{sub}</c> and <c>^{super}</c> are set as such; all else is plain.</summary>
internal sealed record Paragraph(string Text) : Block;

/// <summary>Text to be typed or read exactly as it is, such as a command, with a button that copies it.</summary>
internal sealed record Code(string Text) : Block;

/// <summary>A figure with its number and its caption, which has the inline notation of <see cref="Paragraph"/>.</summary>
internal sealed record Illustration(Figure Figure, string Caption) : Block;

/// <summary>Pieces that stay folded behind a summary until the reader asks for them; a printed page shows them.</summary>
internal sealed record Details(string Summary, IReadOnlyList<Block> Blocks) : Block;

/// <summary>Pieces of which one is seen at a time: the reader pages through them with buttons or the arrow keys. Without script, and
/// printed, they stand below each other.</summary>
internal sealed record Pages(IReadOnlyList<Block> Blocks) : Block;
