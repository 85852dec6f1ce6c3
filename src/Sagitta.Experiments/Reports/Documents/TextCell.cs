namespace Sagitta.Experiments.Reports.Documents;

/// <summary>A text, with the inline notation of <see cref="Paragraph"/>.</summary>
/// <param name="Text">What it says.</param>
public sealed record TextCell(string Text) : Cell;
