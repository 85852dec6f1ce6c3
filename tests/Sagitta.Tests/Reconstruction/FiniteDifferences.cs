using Sagitta.Autodiff.Tensors;

namespace Sagitta.Tests.Reconstruction;

/// <summary>Gradients of a scalar function of one array by differences of fourth order, to hold tapes to.</summary>
internal static class FiniteDifferences
{
    /// <summary>
    /// Compares the tape's gradients of <paramref name="scalar"/> with differences for every input; the error of each element is relative to the
    /// larger of its magnitude and <paramref name="floor"/> times the input's largest gradient.
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
        for (int input = 0; input < inputs.Length; input++)
        {
            double largest = gradients[input].Length == 0 ? 0 : gradients[input].Max(Math.Abs);
            for (int k = 0; k < inputs[input].Length; k++)
            {
                double At(double offset)
                {
                    using Tape<double> plain = new(recording: false);
                    double[][] shifted = inputs.Select(values => (double[])values.Clone()).ToArray();
                    shifted[input][k] += offset;
                    return scalar(plain, shifted.Select((values, i) => plain.Constant(values, shapes[i].Rows, shapes[i].Columns)).ToArray()).Values[0];
                }

                double h = steps[input];
                double expected = ((8 * (At(h) - At(-h))) - (At(2 * h) - At(-2 * h))) / (12 * h);
                double error = Math.Abs(gradients[input][k] - expected) / Math.Max(Math.Abs(expected), Math.Max(floor * largest, 1e-300));
                Assert.True(error <= tolerance, $"input {input}, element {k}: gradient {gradients[input][k]:R}, differences {expected:R}, error {error:E2}");
            }
        }
    }
}
