namespace Sagitta.Reports.Documents;

/// <summary>Running text. <c>`code`</c>, <c>**strong**</c>, <c>_{sub}</c> and <c>^{super}</c> are set as such; all else is plain.</summary>
/// <param name="Text">The text.</param>
internal sealed record Paragraph(string Text) : Block;
