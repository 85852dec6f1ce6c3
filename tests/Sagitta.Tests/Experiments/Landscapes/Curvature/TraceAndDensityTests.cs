namespace Sagitta.Tests.Experiments.Landscapes.Curvature;

public sealed class TraceAndDensityTests
{
    private static readonly double[] _spectrum = [.. Enumerable.Range(0, 200).Select(i => i < 190 ? 0.01 * i : 5.0 * (i - 189))];

    [Fact]
    public void The_trace_of_a_known_spectrum_lies_within_its_error()
    {
        QuadraticLoss matrix = new(_spectrum);
        var trace = HutchinsonTrace.Estimate(matrix, new(matrix.Layout), RandomKey.FromSeed(1), 100);
        Assert.InRange(trace.Value, _spectrum.Sum() - (4 * trace.Error), _spectrum.Sum() + (4 * trace.Error));
        // The estimator's variance is twice the sum of squared off-diagonal elements, so at most twice the sum of squared eigenvalues.
        Assert.InRange(trace.Error, 0, 1.5 * Math.Sqrt(2 * _spectrum.Sum(x => x * x) / 100));
    }

    [Fact]
    public void The_trace_of_a_multiple_of_the_unit_matrix_is_exact()
    {
        QuadraticLoss matrix = new([.. Enumerable.Repeat(3.0, 40)]);
        var trace = HutchinsonTrace.Estimate(matrix, new(matrix.Layout), RandomKey.FromSeed(2), 3);
        Assert.Equal(120, trace.Value, 1e-9);
        Assert.Equal(0, trace.Error, 1e-9);
    }

    [Fact]
    public void The_density_of_a_known_spectrum_has_its_moments_and_its_shares()
    {
        QuadraticLoss matrix = new(_spectrum);
        var density = SpectralDensity.Estimate(matrix, new(matrix.Layout), RandomKey.FromSeed(3), 40, 30);
        Assert.Equal(1, density.Weights.Sum(), 1e-9);
        Assert.InRange(density.Mean(x => x) / _spectrum.Average(), 0.9, 1.1);
        Assert.InRange(density.ShareBelow(1), 0.42, 0.58);
        Assert.InRange(density.ShareBelow(4), 0.93, 0.97);
        Assert.Equal(_spectrum.Max(), density.Nodes.Max(), 1e-6);
        double step = 0.25;
        double integral = Enumerable.Range(-80, 400).Sum(i => density.At(i * step, 1) * step);
        Assert.Equal(1, integral, 1e-3);
    }

    [Fact]
    public void A_full_quadrature_of_one_start_is_that_starts_spectral_measure()
    {
        double[] eigenvalues = [-2, 1, 4];
        QuadraticLoss matrix = new(eigenvalues);
        ParameterSpace space = new(matrix.Layout);
        var density = SpectralDensity.Estimate(matrix, space, RandomKey.FromSeed(4), 1, 10);
        Assert.Equal(3, density.Nodes.Length);
        double[] start = space.Gaussian(RandomKey.FromSeed(4).Split(0UL));
        double[] image = new double[start.Length];
        matrix.Apply(start, image);
        double rayleigh = start.Zip(image, (a, b) => a * b).Sum() / start.Sum(x => x * x);
        Assert.Equal(rayleigh, density.Mean(x => x), 1e-9);
    }
}
