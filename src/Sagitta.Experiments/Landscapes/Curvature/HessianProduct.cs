using System.Numerics.Tensors;

namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>Products of a loss's Hessian with vectors by central differences of its gradient along the unit vector: H v = |v| (g(w + h
/// v/|v|) - g(w - h v/|v|)) / 2h; docs/adr/0002-hessian-vector-products.md says why. A loss that knows a better way (<see
/// cref="ICurvedLoss"/>) takes that.</summary>
internal sealed class HessianProduct : ISymmetricMap
{
    private readonly ILoss _loss;
    private readonly double[] _centre;
    private readonly double[] _moved;
    private readonly double[] _below;

    /// <summary>The Hessian at a point, with a step h that <see cref="DifferenceStep"/> finds.</summary>
    public HessianProduct(ILoss loss, ReadOnlySpan<double> centre, double step)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        _loss = loss;
        _centre = centre.ToArray();
        _moved = new double[centre.Length];
        _below = new double[centre.Length];
        Step = step;
    }

    public int Length => _centre.Length;

    /// <summary>Distance h of the two gradients from the centre.</summary>
    public double Step { get; }

    public void Apply(ReadOnlySpan<double> vector, Span<double> result)
    {
        double norm = TensorPrimitives.Norm(vector);
        if (norm == 0)
        {
            result.Clear();
            return;
        }

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

/// <summary>A symmetric matrix that is known by its products with vectors only.</summary>
internal interface ISymmetricMap
{
    int Length { get; }

    void Apply(ReadOnlySpan<double> vector, Span<double> result);
}

/// <summary>A loss that computes products of its Hessian itself, more exactly than differences of its whole gradient would be.</summary>
internal interface ICurvedLoss : ILoss
{
    /// <summary>The Hessian at a point times a vector of length 1, along which parameters are moved by a step.</summary>
    void Product(ReadOnlySpan<double> centre, ReadOnlySpan<double> direction, double step, Span<double> product);
}

/// <summary>The step of <see cref="HessianProduct"/>, found by measurement: too long a step sees third derivatives and straddles kinks of
/// rectifiers and maxima, too short a step drowns in rounding. Products at neighbouring steps of a geometric ladder, the longest first, are
/// compared, and the step where they agree best is taken.</summary>
internal sealed record DifferenceStep(double Step, double Error, IReadOnlyList<StepError> Ladder)
{
    /// <summary>How much longer a step of the ladder is than the next.</summary>
    internal const double Ratio = 4;

    /// <summary>Tries steps from 1e-4 to 1e-12 times the length of the trained parameters along one direction.</summary>
    public static DifferenceStep Find(ILoss loss, ReadOnlySpan<double> centre, ReadOnlySpan<double> direction)
    {
        double length = Math.Max(1e-3, TensorPrimitives.Norm<double>(new ParameterSpace(loss.Layout).Trained(centre)));
        double[] longer = new double[centre.Length];
        double[] shorter = new double[centre.Length];
        List<StepError> ladder = [];
        double step = 1e-4 * length;
        new HessianProduct(loss, centre, step).Apply(direction, longer);
        while (step > 1e-12 * length)
        {
            new HessianProduct(loss, centre, step / Ratio).Apply(direction, shorter);
            ladder.Add(new(step, Difference(longer, shorter)));
            (longer, shorter) = (shorter, longer);
            step /= Ratio;
        }

        StepError best = ladder.MinBy(s => s.Error)!;
        return new(best.Step, best.Error, ladder);
    }

    /// <summary>The error at one of the steps tried; infinite at any other.</summary>
    public double ErrorAt(double step) => Ladder.FirstOrDefault(s => s.Step == step)?.Error ?? double.PositiveInfinity;

    /// <summary>|a - b| / |b|; 0 if both are zero.</summary>
    public static double Difference(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double distance = TensorPrimitives.Distance(a, b);
        return distance == 0 ? 0 : distance / TensorPrimitives.Norm(b);
    }
}

/// <summary>Relative difference of the products at one step and at the next shorter one.</summary>
internal sealed record StepError(double Step, double Error);
