namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>A symmetric matrix that is known by its products with vectors only.</summary>
internal interface ISymmetricMap
{
    /// <summary>Length of vectors.</summary>
    int Length { get; }

    /// <summary>Writes the product with a vector.</summary>
    void Apply(ReadOnlySpan<double> vector, Span<double> result);
}
