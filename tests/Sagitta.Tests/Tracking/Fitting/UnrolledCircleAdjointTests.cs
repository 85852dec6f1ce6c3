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

    [Fact]
    public void A_failed_fit_passes_no_gradient() =>
        Assert.All(Gradient(new UnrolledCircleAdjoint(4), presentPlanes: 2), value => Assert.Equal(0, value));

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
