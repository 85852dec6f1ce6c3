using System.Numerics.Tensors;

namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>
/// Products of a loss's Hessian with vectors by central differences of its gradient along the unit vector:
/// H v = |v| (g(w + h v/|v|) - g(w - h v/|v|)) / 2h; docs/adr/0002-hessian-vector-products.md says why. A loss that knows a better way
/// (<see cref="ICurvedLoss"/>) takes that.
/// </summary>
internal sealed class HessianProduct : ISymmetricMap
{
    private readonly ILoss _loss;
    private readonly double[] _centre;
    private readonly double[] _moved;
    private readonly double[] _below;

    /// <summary>The Hessian at a point.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="centre">Where.</param>
    /// <param name="step">h; <see cref="DifferenceStep"/> finds a good one.</param>
    public HessianProduct(ILoss loss, ReadOnlySpan<double> centre, double step)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        _loss = loss;
        _centre = centre.ToArray();
        _moved = new double[centre.Length];
        _below = new double[centre.Length];
        Step = step;
    }

    /// <inheritdoc />
    public int Length => _centre.Length;

    /// <summary>Distance h of the two gradients from the centre.</summary>
    public double Step { get; }

    /// <summary>Products computed so far, two gradients each.</summary>
    public int Products { get; private set; }

    /// <inheritdoc />
    public void Apply(ReadOnlySpan<double> vector, Span<double> result)
    {
        double norm = TensorPrimitives.Norm(vector);
        if (norm == 0)
        {
            result.Clear();
            return;
        }

        Products++;
        if (_loss is ICurvedLoss curved)
        {
            TensorPrimitives.Divide(vector, norm, _moved);
            curved.Product(_centre, _moved, Step, result);
            TensorPrimitives.Multiply(result, norm, result);
            return;
        }

        GradientAt(vector, Step / norm, result);
        GradientAt(vector, -Step / norm, _below);
        TensorPrimitives.Subtract(result, _below, result);
        TensorPrimitives.Multiply(result, norm / (2 * Step), result);
    }

    private void GradientAt(ReadOnlySpan<double> vector, double distance, Span<double> gradient)
    {
        TensorPrimitives.MultiplyAdd(vector, distance, _centre, _moved);
        _loss.Gradient(_moved, gradient);
    }
}
