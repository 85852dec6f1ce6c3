namespace Sagitta.Tests.Tracking;

/// <summary>
/// Gradients of a scalar function of arrays by central differences, to hold tapes to. One step size cannot serve all elements to seven
/// digits: far steps leave curvature, near ones rounding. Ridders' method (Adv. Eng. Softw. 4, 1982, p. 75) shrinks the step, extrapolates
/// to zero and keeps the estimate that agrees best with its neighbours; it never sees the gradient that is tested.
/// </summary>
internal static class FiniteDifferences
{
    private const int Levels = 10;
    private const double Shrink = 1.5;

    /// <summary>
    /// Compares the tape's gradients of <paramref name="scalar"/> with differences for every input; the error of each element is relative
    /// to the larger of its magnitude and <paramref name="floor"/> times the input's largest gradient. Differences reach twice as far as
    /// each input's step.
    /// </summary>
    public static void Check(
        double[][] inputs,
        (int Rows, int Columns)[] shapes,
        double[] steps,
        Func<Tape<double>, Tensor<double>[], Tensor<double>> scalar,
        double tolerance = 1e-7,
        double floor = 1e-2)
    {
        using Tape<double> tape = new();
        Tensor<double>[] leaves = inputs.Select((values, i) => tape.Leaf(values, shapes[i].Rows, shapes[i].Columns)).ToArray();
        tape.Backward(scalar(tape, leaves));
        double[][] gradients = leaves.Select(leaf => leaf.Gradient.ToArray()).ToArray();
        using Tape<double> plain = new(recording: false);
        double[][] shifted = inputs.Select(values => (double[])values.Clone()).ToArray();
        for (int input = 0; input < inputs.Length; input++)
        {
            double largest = gradients[input].Length == 0 ? 0 : gradients[input].Max(Math.Abs);
            for (int k = 0; k < inputs[input].Length; k++)
            {
                double At(double offset)
                {
                    plain.Reset();
                    shifted[input][k] = inputs[input][k] + offset;
                    double value = scalar(plain, shifted.Select((values, i) => plain.Constant(values, shapes[i].Rows, shapes[i].Columns))
                        .ToArray()).Values[0];
                    shifted[input][k] = inputs[input][k];
                    return value;
                }

                double expected = Derivative(At, 2 * steps[input], out double uncertainty);
                double scale = Math.Max(Math.Abs(expected), Math.Max(floor * largest, 1e-300));
                double error = Math.Abs(gradients[input][k] - expected) / scale;
                Assert.True(
                    error <= tolerance,
                    $"input {input}, element {k}: gradient {gradients[input][k]:R}, differences {expected:R}, error {error:E2}, of which "
                        + $"the differences may have {uncertainty / scale:E2}");
            }
        }
    }

    /// <summary>The derivative at 0 of a function of one number, beginning with steps of <paramref name="step"/>, and by how much the kept
    /// estimate differs from its neighbours.</summary>
    public static double Derivative(Func<double, double> function, double step, out double uncertainty)
    {
        double[] previous = new double[Levels];
        double[] current = new double[Levels];
        double best = double.NaN;
        uncertainty = double.PositiveInfinity;
        double h = step;
        for (int level = 0; level < Levels; level++, h /= Shrink)
        {
            current[0] = (function(h) - function(-h)) / (2 * h);
            double power = 1;
            for (int order = 1; order <= level; order++)
            {
                // Errors are even in the step: each order removes the next even power.
                power *= Shrink * Shrink;
                current[order] = ((current[order - 1] * power) - previous[order - 1]) / (power - 1);
                double differs = Math.Max(Math.Abs(current[order] - current[order - 1]), Math.Abs(current[order] - previous[order - 1]));
                if (differs <= uncertainty)
                {
                    uncertainty = differs;
                    best = current[order];
                }
            }

            // Higher orders that have become worse by far are rounding, and remain so.
            if (level > 2 && Math.Abs(current[level] - previous[level - 1]) >= 100 * uncertainty)
            {
                break;
            }

            (previous, current) = (current, previous);
        }

        return best;
    }
}
