using Sagitta.Experiments.Reports.Figures;

namespace Sagitta.Experiments.Reports.Documents;

/// <summary>A figure with its number and caption.</summary>
/// <param name="Figure">What is drawn.</param>
/// <param name="Caption">With the inline notation of <see cref="Paragraph"/>.</param>
public sealed record Illustration(Figure Figure, string Caption) : Block;
