namespace Sagitta.Reports.Documents;

/// <summary>A heading; those of the first level make up the report's contents list.</summary>
/// <param name="Text">May use the inline notation of <see cref="Paragraph"/>.</param>
/// <param name="Level">1 for a section, 2 for a part of one.</param>
internal sealed record Heading(string Text, int Level = 1) : Block;
