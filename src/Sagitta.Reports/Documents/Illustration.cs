namespace Sagitta.Reports.Documents;

/// <summary>A figure with its number and caption.</summary>
/// <param name="Figure">What is drawn.</param>
/// <param name="Caption">With the inline notation of <see cref="Paragraph"/>.</param>
internal sealed record Illustration(Figure Figure, string Caption) : Block;
