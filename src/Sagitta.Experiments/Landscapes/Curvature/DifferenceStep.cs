using System.Numerics.Tensors;

namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>
/// The step of <see cref="HessianProduct"/>, found by measurement: too long a step sees third derivatives and straddles kinks of rectifiers
/// and maxima, too short a step drowns in rounding. Products at neighbouring steps of a geometric ladder are compared, and the step where
/// they agree best is taken.
/// </summary>
/// <param name="Step">The step.</param>
/// <param name="Error">Relative difference of the products at this step and at the next shorter one.</param>
/// <param name="Ladder">All steps tried with their errors, the longest first.</param>
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
