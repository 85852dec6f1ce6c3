namespace Sagitta.Tests.Tracking.Fitting;

public sealed class UnrolledCircleAdjointTests
{
    private const int Events = 12;
    private static readonly CircleGeometry _geometry = new(
        [.. Enumerable.Range(0, 16).Select(i => (i < 8 ? 2000.0 : 4480.0) + (40.0 * i))], 1);

    [Fact]
    public void Gradient_through_the_iterations_goes_to_the_gradient_through_the_minimum()
    {
        double[] exact = Gradient(new CircleAdjoint());
        double[] distances = [.. new[] { 1, 2, 4, 8, 16 }.Select(steps => Distance(Gradient(new UnrolledCircleAdjoint(steps)), exact))];
        for (int i = 1; i < distances.Length; i++)
        {
            Assert.True(distances[i] < distances[i - 1] || distances[i] < 1e-9, $"distances {string.Join(", ", distances)}");
        }

        Assert.True(distances[0] > 1e-9, "a single step cannot know the answer");
        Assert.True(distances[^1] < 1e-9, $"after 16 steps the distance is {distances[^1]}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Gradient_through_some_steps_is_that_of_these_steps_from_the_same_seed(int steps)
    {
        RandomDraws draws = RandomKey.FromSeed(9).Draws();
        int planes = _geometry.PlaneCount;
        double[][] inputs = [new double[planes], new double[planes], new double[planes]];
        double[] planeZ = [.. Enumerable.Range(0, planes).Select(i => 3 * Math.Sin(i))];
        double[] planeY = [.. Enumerable.Range(0, planes).Select(i => Math.Cos(2 * i))];
        for (int i = 0; i < planes; i++)
        {
            inputs[CircleFitInput.Centroid][i] = 10 - planeY[i] + draws.NextUniform(-2, 2)
                + CircleTrack.Displacement(_geometry.Z[i] + planeZ[i], 0.3, 0.2 * _geometry.CurvaturePerQOverPt);
            inputs[CircleFitInput.Sigma][i] = draws.NextUniform(0.1, 0.4);
            inputs[CircleFitInput.Presence][i] = draws.NextUniform(0.3, 1);
        }

        using Tape<double> tape = new();
        Tensor<double>[] leaves = [.. inputs.Select(values => tape.Leaf(values, 1, planes))];
        PlaneShifts shifts = new(tape.Constant(planeZ, 1, planes), tape.Constant(planeY, 1, planes));
        double[] seed = new double[TrackParameter.Count];
        Assert.True(new UnrolledCircleAdjoint(0).TryDescend(new(_geometry, 1, new()), 0, new(tape,
            [.. leaves.Select(leaf => leaf.LiveIndex), shifts.Z.LiveIndex, shifts.Y.LiveIndex]), seed));
        ImplicitSolution solution = new CircleFit(_geometry, null, new UnrolledCircleAdjoint(steps)).Apply(
            leaves[0], leaves[1], leaves[2], shifts);
        tape.PrepareGradients();
        ((double[])[1, 1e4, 1e5]).CopyTo(solution.Value.Gradient);
        tape.Backward();
        for (int input = 0; input < inputs.Length; input++)
        {
            double[] gradient = leaves[input].Gradient.ToArray();
            for (int i = 0; i < planes; i++)
            {
                double At(double offset)
                {
                    double before = inputs[input][i];
                    inputs[input][i] += offset;
                    double value = Descended(seed, steps, inputs, planeZ, planeY);
                    inputs[input][i] = before;
                    return value;
                }

                double expected = FiniteDifferences.Derivative(At, input == CircleFitInput.Centroid ? 1 : 0.02, out _);
                Assert.Equal(expected, gradient[i], 1e-7 * Math.Max(Math.Abs(expected), 1e-2 * gradient.Max(Math.Abs)));
            }
        }
    }

    [Fact]
    public void A_failed_fit_passes_no_gradient() =>
        Assert.All(Gradient(new UnrolledCircleAdjoint(4), presentPlanes: 2), value => Assert.Equal(0, value));

    // Where Gauss-Newton steps lead, written out; the parameters of very different sizes count about alike.
    private static double Descended(double[] seed, int steps, double[][] inputs, double[] planeZ, double[] planeY)
    {
        double factor = _geometry.CurvaturePerQOverPt;
        double[] theta = [.. seed];
        for (int step = 0; step < steps; step++)
        {
            double[] matrix = new double[9];
            double[] move = new double[3];
            for (int i = 0; i < planeZ.Length; i++)
            {
                Assert.True(CirclePoint.TryEvaluate(_geometry.Z[i] + planeZ[i], theta[1], theta[2] * factor, out CirclePoint point));
                double[] row = [1, point.BySlope, point.ByCurvature * factor];
                double weight = inputs[2][i] / (inputs[1][i] * inputs[1][i]);
                double residual = theta[0] + point.Y - (inputs[0][i] + planeY[i]);
                for (int k = 0; k < 9; k++)
                {
                    matrix[k] += weight * row[k / 3] * row[k % 3];
                    move[k / 3] += k % 3 == 0 ? weight * row[k / 3] * residual : 0;
                }
            }

            Assert.True(SymmetricSystem.TryFactor(matrix, 3, 0));
            SymmetricSystem.SolveFactored(matrix, 3, move);
            theta = [.. theta.Zip(move, (before, by) => before - by)];
        }

        return theta[0] + (1e4 * theta[1]) + (1e5 * theta[2]);
    }

    private static double Distance(double[] a, double[] b)
    {
        double square = a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();
        return Math.Sqrt(square / b.Sum(y => y * y));
    }

    // Of a sum over all three track parameters, on centroids, errors and presences.
    private static double[] Gradient(IImplicitAdjoint<CircleProblem> adjoint, int presentPlanes = 16)
    {
        RandomDraws draws = RandomKey.FromSeed(4).Draws();
        int planes = _geometry.PlaneCount;
        double[] y = new double[Events * planes];
        double[] sigma = new double[y.Length];
        double[] presence = new double[y.Length];
        for (int e = 0; e < Events; e++)
        {
            double slope = draws.NextUniform(-0.3, 0.3);
            double curvature = draws.NextUniform(-0.1, 0.1) * _geometry.CurvaturePerQOverPt;
            for (int i = 0; i < planes; i++)
            {
                int k = (e * planes) + i;
                y[k] = 10 + CircleTrack.Displacement(_geometry.Z[i], slope, curvature) + draws.NextUniform(-2, 2);
                sigma[k] = draws.NextUniform(0.1, 0.4);
                presence[k] = i < presentPlanes ? draws.NextUniform(0.3, 1) : 0;
            }
        }

        using Tape<double> tape = new();
        Tensor<double> centroids = tape.Leaf(y, Events, planes);
        Tensor<double> sigmas = tape.Leaf(sigma, Events, planes);
        Tensor<double> presences = tape.Leaf(presence, Events, planes);
        ImplicitSolution solution = new CircleFit(_geometry, null, adjoint).Apply(centroids, sigmas, presences);
        tape.PrepareGradients();
        for (int i = 0; i < solution.Value.Length; i++)
        {
            // Parameters of very different sizes: each counts about alike.
            solution.Value.Gradient[i] = (i % 3) switch { 0 => 1, 1 => 1e4, _ => 1e5 };
        }

        tape.Backward();
        return [.. centroids.Gradient, .. sigmas.Gradient, .. presences.Gradient];
    }
}
