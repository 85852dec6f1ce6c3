namespace Sagitta.Tests.Experiments.Landscapes.Slices;

public sealed class SlicePlaneTests
{
    private static readonly QuadraticLoss _loss = new([1, 2, 3, 4, 5, 6]);
    private static readonly ParameterSpace _space = new(_loss.Layout);
    private static readonly double[] _centre = _space.Gaussian(RandomKey.FromSeed(1));

    [Fact]
    public void A_projection_gives_back_points_of_the_plane()
    {
        SlicePlane plane = new(_centre, _space.Gaussian(RandomKey.FromSeed(2)), _space.Gaussian(RandomKey.FromSeed(3)));
        double[] point = new double[_space.Length];
        plane.Point(0.3, -1.7, point);
        (double a, double b, double share) = plane.Project(_space, point);
        Assert.Equal(0.3, a, 1e-10);
        Assert.Equal(-1.7, b, 1e-10);
        Assert.Equal(1, share, 1e-10);
    }

    [Fact]
    public void The_middle_of_a_grid_is_the_loss_of_the_model()
    {
        SlicePlane plane = SlicePlane.Normalised(_space, _centre, _space.Gaussian(RandomKey.FromSeed(2)),
            _space.Gaussian(RandomKey.FromSeed(3)));
        double[] axis = SliceGrid.Axis(-0.5, 0.5, 5);
        using WorkerThreads threads = new(2);
        var grid = SliceGrid.Measure(new LossProbe(_loss), plane, axis, axis, threads, SilentProgress.Instance, CancellationToken.None);
        double centre = _loss.Gradient(_centre, new double[_space.Length]);
        Assert.Equal(centre, grid.Of("loss")[12], 1e-12);
        Assert.Equal(0, axis[2]);

        // A quadratic form: the second difference along the first axis is its curvature, everywhere.
        double[] values = grid.Of("loss");
        double[] product = new double[_space.Length];
        _loss.Apply(plane.First, product);
        double curvature = plane.First.Zip(product, (x, y) => x * y).Sum();
        Assert.Equal(curvature * 0.25 * 0.25, values[11] - (2 * values[12]) + values[13], 1e-9);
        Assert.Equal(curvature * 0.25 * 0.25, values[1] - (2 * values[2]) + values[3], 1e-9);
    }

    [Fact]
    public void Principal_directions_hold_a_path_in_a_plane()
    {
        double[] first = _space.Gaussian(RandomKey.FromSeed(4));
        double[] second = _space.Gaussian(RandomKey.FromSeed(5));
        double[][] path = [.. Enumerable.Range(1, 7).Select(
            t => _centre.Select((c, i) => c + (t * first[i]) + (t * t * 0.1 * second[i])).ToArray())];
        SlicePlane plane = SlicePlane.Principal(_space, _centre, path)!;
        Assert.Equal(1, plane.First.Sum(x => x * x), 1e-9);
        Assert.Equal(0, plane.First.Zip(plane.Second, (a, b) => a * b).Sum(), 1e-8);
        (double A, double B, double Share)[] projected = [.. path.Select(point => plane.Project(_space, point))];
        Assert.All(projected, point => Assert.Equal(1, point.Share, 1e-8));
        Assert.True(projected.Sum(p => p.A * p.A) > projected.Sum(p => p.B * p.B));
    }

    [Fact]
    public void A_path_that_stands_still_has_no_plane()
    {
        Assert.Null(SlicePlane.Principal(_space, _centre, [_centre, _centre, _centre]));
        Assert.Null(SlicePlane.Principal(_space, _centre, [_centre]));
    }

    private sealed class LossProbe(ILoss loss) : IProbe
    {
        public IReadOnlyList<string> Quantities { get; } = ["loss"];

        public void Measure(int worker, ReadOnlySpan<double> parameters, Span<double> values) =>
            values[0] = loss.Gradient(parameters, new double[parameters.Length]);
    }
}
