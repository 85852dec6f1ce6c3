namespace Sagitta.Tests.Tracking.Fitting;

public sealed class CorrelatedFitTests
{
    private static readonly Detector Toy = DetectorFile.Load("toy16");
    private static readonly CircleGeometry Geometry = CircleGeometry.Of(Toy);
    private static readonly TrackMaterial Material = new(Toy);
    private static readonly int Planes = Geometry.PlaneCount;

    [Theory]
    [InlineData(3, 10)]
    [InlineData(50, 100)]
    public void Gradient_agrees_with_differences_through_momentum_and_material_too(double lowPt, double highPt)
    {
        TrackSample sample = new(Geometry, 2, seed: 31, lowPt, highPt, noise: 2, missing: 0);

        // Almost absent planes; at exactly zero differences would step to negative presence.
        sample.Presence[3] = sample.Presence[Planes + 9] = 0.01;
        double[] planeZ = Enumerable.Range(0, Planes).Select(i => 3 * Math.Sin(i)).ToArray();
        double[] planeY = Enumerable.Range(0, Planes).Select(i => 0.1 * Math.Cos(3 * i)).ToArray();
        CircleFit first = new(Geometry);
        CorrelatedFit second = new(Geometry, Material);
        FiniteDifferences.Check(
            [sample.Centroid, sample.Sigma, sample.Presence, planeZ, planeY],
            [(2, Planes), (2, Planes), (2, Planes), (1, Planes), (1, Planes)],
            [1, 5e-3, 4e-3, 0.5, 1],
            (tape, x) =>
            {
                PlaneShifts shifts = new(x[3], x[4]);
                return TrackFunction.Of(second.Apply(x[0], x[1], x[2], shifts, first.Apply(x[0], x[1], x[2], shifts).Value).Value);
            });
    }

    [Fact]
    public void Without_material_both_fits_agree()
    {
        TrackSample sample = new(Geometry, 20, seed: 32);
        using Tape<double> tape = new();
        Tensor<double> centroid = tape.Constant(sample.Centroid, 20, Planes);
        Tensor<double> sigma = tape.Constant(sample.Sigma, 20, Planes);
        Tensor<double> presence = tape.Constant(sample.Presence, 20, Planes);
        Tensor<double> nothing = tape.Constant(Enumerable.Repeat(1e-30, 60).ToArray(), 20, 3);
        ImplicitSolution diagonal = new CircleFit(Geometry).Apply(centroid, sigma, presence);
        ImplicitSolution full = new CorrelatedFit(Geometry, Material).Apply(centroid, sigma, presence, nothing);
        for (int k = 0; k < 60; k++)
        {
            Assert.Equal(diagonal.Value.Values[k], full.Value.Values[k], 1e-9);
        }
    }

    [Fact]
    public void Events_whose_first_fit_failed_fail_again()
    {
        TrackSample sample = new(Geometry, 2, seed: 33, missing: 0);
        sample.Presence.AsSpan(0, Planes).Clear();
        using Tape<double> tape = new();
        Tensor<double> centroid = tape.Leaf(sample.Centroid, 2, Planes);
        Tensor<double> sigma = tape.Leaf(sample.Sigma, 2, Planes);
        Tensor<double> presence = tape.Leaf(sample.Presence, 2, Planes);
        ImplicitSolution full = new CorrelatedFit(Geometry, Material).Apply(
            centroid, sigma, presence, new CircleFit(Geometry).Apply(centroid, sigma, presence).Value);
        Assert.Equal([SolveStatus.TooFewPlanes, SolveStatus.Converged], full.Statuses.ToArray());
    }

    [Theory]
    [InlineData(2.5, SolveStatus.OutOfRange)]
    [InlineData(10, SolveStatus.NotConverged)]
    public void A_fit_that_does_not_end_is_out_of_range_where_its_track_is_steep(double pt, SolveStatus expected)
    {
        // At 2.5 GeV the sine at the last plane, 0.3 x 1 T x 5 m / 2.5 GeV, is above a half.
        TrackSample sample = new(Geometry, 3, seed: 39, lowPt: pt, highPt: 1.01 * pt, noise: 2, missing: 0);
        using Tape<double> tape = new();
        Tensor<double> centroid = tape.Constant(sample.Centroid, 3, Planes);
        Tensor<double> sigma = tape.Constant(sample.Sigma, 3, Planes);
        Tensor<double> presence = tape.Constant(sample.Presence, 3, Planes);
        CircleFitOptions options = new() { MaximumSteps = 1 };
        Assert.All(new CircleFit(Geometry, options).Apply(centroid, sigma, presence).Statuses.ToArray(),
            status => Assert.Equal(expected, status));
        Assert.All(new CorrelatedFit(Geometry, Material, options).Apply(centroid, sigma, presence, tape.Constant(sample.Truth, 3, 3))
            .Statuses.ToArray(), status => Assert.Equal(expected, status));
    }

    [Fact]
    public void Events_without_a_first_track_or_with_a_place_that_is_no_number_are_out_of_range()
    {
        TrackSample sample = new(Geometry, 3, seed: 37, missing: 0);
        sample.Truth.AsSpan(0, 3).Clear();
        sample.Centroid[Planes + 2] = double.NaN;
        using Tape<double> tape = new();
        ImplicitSolution full = new CorrelatedFit(Geometry, Material).Apply(
            tape.Constant(sample.Centroid, 3, Planes), tape.Constant(sample.Sigma, 3, Planes), tape.Constant(sample.Presence, 3, Planes),
            tape.Constant(sample.Truth, 3, 3));
        Assert.Equal([SolveStatus.OutOfRange, SolveStatus.OutOfRange, SolveStatus.Converged], full.Statuses.ToArray());
        Assert.All(full.Value.Values[..6].ToArray(), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(4, SolveStatus.TooFewPlanes)]
    [InlineData(3, SolveStatus.Converged)]
    public void Each_plane_counts_once_towards_those_that_are_needed(int needed, SolveStatus expected)
    {
        TrackSample sample = new TrackSample(Geometry, 1, seed: 36, noise: 0, missing: 0).Keep(1, 6, 12);
        using Tape<double> tape = new();
        ImplicitSolution full = new CorrelatedFit(Geometry, Material, new() { MinimumPlanes = needed }).Apply(
            tape.Constant(sample.Centroid, 1, Planes), tape.Constant(sample.Sigma, 1, Planes), tape.Constant(sample.Presence, 1, Planes),
            tape.Constant(sample.Truth, 1, 3));
        Assert.Equal([expected], full.Statuses.ToArray());
    }

    [Fact]
    public void Chi_square_of_the_full_fit_is_that_about_a_track_that_loses_energy()
    {
        TrackSample sample = new(Geometry, 4, seed: 35, lowPt: 4, highPt: 20, noise: 0, missing: 0);
        for (int k = 0; k < sample.Centroid.Length; k++)
        {
            double m = sample.Truth[(3 * (k / Planes)) + 2];
            sample.Centroid[k] += Geometry.CurvaturePerQOverPt * m * Math.Abs(m) * Material.Bending[k % Planes];
        }

        TrackQuality[] qualities = new TrackQuality[4];
        TrackQuality.OfCorrelatedFits(Geometry, Material, new(), sample.Truth, new SolveStatus[4], sample.Truth, sample.Centroid,
            sample.Sigma, sample.Presence, qualities);
        Assert.Contains(sample.Truth.Where((_, k) => k % 3 == 2), m => m < 0);
        Assert.Contains(sample.Truth.Where((_, k) => k % 3 == 2), m => m > 0);
        Assert.All(qualities, quality => Assert.Equal(0, quality.ChiSquare, 1e-18));
    }

    [Fact]
    public void Stated_error_of_the_full_fit_is_the_limit()
    {
        TrackSample sample = new(Geometry, 1, seed: 34, lowPt: 20, highPt: 20.001, noise: 0, missing: 0);
        sample.Sigma.AsSpan().Fill(0.1);
        sample.Presence.AsSpan().Fill(1);
        TrackQuality[] full = new TrackQuality[1];
        TrackQuality[] diagonal = new TrackQuality[1];
        TrackQuality[] sandwich = new TrackQuality[1];
        CircleFitOptions options = new();
        TrackQuality.OfCorrelatedFits(Geometry, Material, options, sample.Truth, [SolveStatus.Converged], sample.Truth, sample.Centroid,
            sample.Sigma, sample.Presence, full);
        TrackQuality.OfDiagonalFits(Geometry, null, options, sample.Truth, [SolveStatus.Converged], sample.Centroid, sample.Sigma,
            sample.Presence, diagonal);
        TrackQuality.OfDiagonalFits(Geometry, Material, options, sample.Truth, [SolveStatus.Converged], sample.Centroid, sample.Sigma,
            sample.Presence, sandwich);
        double limit = new ResolutionLimit(Toy, 0.1).Sigma(0.05);
        Assert.Equal(limit, full[0].QOverPtError, 0.01 * limit);
        Assert.True(diagonal[0].QOverPtError < limit);
        Assert.True(sandwich[0].QOverPtError > full[0].QOverPtError);
        Assert.Equal(13, full[0].DegreesOfFreedom);
        Assert.Equal(0, diagonal[0].ChiSquare, 1e-9);
    }
}
