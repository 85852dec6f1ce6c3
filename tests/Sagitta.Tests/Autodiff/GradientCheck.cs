namespace Sagitta.Tests.Autodiff;

/// <summary>
/// Holds the gradients of a computation against central differences in double: the output is contracted with fixed random numbers,
/// and the derivative by every number of every leaf is compared.
/// </summary>
internal static class GradientCheck
{
    internal sealed record Leaf(int Rows, int Columns, double[] Values)
    {
        /// <summary>Standard normal numbers.</summary>
        internal static Leaf Random(int rows, int columns, ulong seed, double scale = 1)
        {
            double[] values = new double[rows * columns];
            RandomDraws draws = RandomKey.FromSeed(seed).Draws();
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = scale * draws.NextGaussian();
            }

            return new(rows, columns, values);
        }
    }

    /// <summary>Throws xunit's exception where any derivative is off by more than <paramref name="tolerance"/>, relative to 1 or its
    /// size.</summary>
    internal static void Run(Func<Tape<double>, Tensor<double>[], Tensor<double>> computation, Leaf[] leaves, double tolerance = 2e-7,
        double step = 1e-5)
    {
        using Tape<double> tape = new();
        Tensor<double>[] tensors = Place(tape, leaves);
        Tensor<double> output = computation(tape, tensors);
        double[] contraction = Leaf.Random(output.Rows, output.Columns, 99).Values;
        Assert.True(output.RequiresGradient, "The output does not depend on a leaf.");
        tape.PrepareGradients();
        contraction.CopyTo(output.Gradient);
        tape.Backward();
        double[][] gradients = Array.ConvertAll(tensors, t => t.Gradient.ToArray());
        for (int leaf = 0; leaf < leaves.Length; leaf++)
        {
            for (int i = 0; i < leaves[leaf].Values.Length; i++)
            {
                double original = leaves[leaf].Values[i];
                leaves[leaf].Values[i] = original + step;
                double above = Contract(computation, leaves, contraction);
                leaves[leaf].Values[i] = original - step;
                double below = Contract(computation, leaves, contraction);
                leaves[leaf].Values[i] = original;
                double expected = (above - below) / (2 * step);
                double given = gradients[leaf][i];
                Assert.True(
                    Math.Abs(given - expected) <= tolerance * Math.Max(1, Math.Abs(expected)),
                    $"Leaf {leaf}, element {i}: gradient {given}, central difference {expected}.");
            }
        }
    }

    private static double Contract(Func<Tape<double>, Tensor<double>[], Tensor<double>> computation, Leaf[] leaves, double[] contraction)
    {
        using Tape<double> tape = new(recording: false);
        Tensor<double> output = computation(tape, Place(tape, leaves));
        double sum = 0;
        for (int i = 0; i < contraction.Length; i++)
        {
            sum += contraction[i] * output.Values[i];
        }

        return sum;
    }

    private static Tensor<double>[] Place(Tape<double> tape, Leaf[] leaves) =>
        Array.ConvertAll(leaves, leaf => tape.Leaf(leaf.Values, leaf.Rows, leaf.Columns));
}
