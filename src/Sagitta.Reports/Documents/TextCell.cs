namespace Sagitta.Reports.Documents;

/// <summary>A text, with the inline notation of <see cref="Paragraph"/>.</summary>
/// <param name="Text">What it says.</param>
internal sealed record TextCell(string Text) : Cell;
