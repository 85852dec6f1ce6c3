namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>A loss that computes products of its Hessian itself, more exactly than differences of its whole gradient would be.</summary>
internal interface ICurvedLoss : ILoss
{
    /// <summary>The Hessian at a point times a vector of length 1.</summary>
    /// <param name="centre">The point.</param>
    /// <param name="direction">The vector.</param>
    /// <param name="step">Distance from the centre at which parameters are moved along the vector.</param>
    /// <param name="product">Receives the product.</param>
    void Product(ReadOnlySpan<double> centre, ReadOnlySpan<double> direction, double step, Span<double> product);
}
