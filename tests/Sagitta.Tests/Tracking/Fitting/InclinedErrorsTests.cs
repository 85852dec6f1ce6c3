namespace Sagitta.Tests.Tracking.Fitting;

public sealed class InclinedErrorsTests
{
    private static readonly Detector Toy = DetectorFile.Load("toy16");
    private static readonly CircleGeometry Geometry = CircleGeometry.Of(Toy);
    private static readonly int Planes = Geometry.PlaneCount;

    [Fact]
    public void Gradients_agree_with_differences()
    {
        double[] tracks = [10, 0.05, 1 / 5.0, -30, -0.02, -1 / 40.0];
        double[] intrinsic = Enumerable.Range(0, 2 * Planes).Select(k => 0.001 + (0.0002 * k)).ToArray();
        double[] width = Enumerable.Range(0, 2 * Planes).Select(k => 0.02 * k).ToArray();
        FiniteDifferences.Check(
            [intrinsic, width, tracks, new double[Planes]],
            [(2, Planes), (2, Planes), (2, 3), (1, Planes)],
            [2e-4, 2e-3, 1e-3, 20],
            (tape, x) =>
            {
                Tensor<double> unused = tape.Allocate(2, Planes);
                return WeightedSum.Of([1], InclinedErrors.Apply(
                    Toy, Geometry, new(), new(unused, unused, unused, x[0], x[1]), x[2], [
                        SolveStatus.Converged, SolveStatus.Converged],
                        new PlaneShifts(x[3], tape.Constant(new double[Planes], 1, Planes))));
            });
    }

    [Fact]
    public void A_narrow_cluster_on_an_inclined_track_is_less_certain_than_a_complete_one()
    {
        ClusterResolution resolution = new();
        double vertical = resolution.WithTrack(0.4, 5, 0, 0.05, out _, out _);
        double complete = resolution.WithTrack(0.4, 5, 0.3, 0.24, out _, out _);
        double narrow = resolution.WithTrack(0.4, 5, 0.3, 0.01, out _, out _);
        double foreign = resolution.WithTrack(0.4, 5, 0.3, 2, out _, out _);
        Assert.InRange(Math.Sqrt(vertical), 0, 0.04);
        Assert.True(complete > 4 * vertical && narrow > 2 * complete
            && foreign > 5 * complete, $"{vertical} {complete} {narrow} {foreign}");
    }

    [Fact]
    public void Failed_tracks_keep_the_errors_of_the_clusters_and_pass_no_gradient()
    {
        using Tape<double> tape = new();
        Tensor<double> some = tape.Leaf(Enumerable.Repeat(0.2, Planes).ToArray(), 1, Planes);
        Tensor<double> track = tape.Leaf([0, 0, 0], 1, 3);
        Tensor<double> sigma = InclinedErrors.Apply(Toy, Geometry, new(), new(some, some, some, some, some), track, [SolveStatus.Singular],
            PlaneShifts.None(tape, Planes));
        tape.Backward(WeightedSum.Of([1], sigma));
        Assert.All(sigma.Values.ToArray(), value => Assert.Equal(0.2, value));
        Assert.All(some.Gradient.ToArray(), value => Assert.Equal(0, value));
        Assert.All(track.Gradient.ToArray(), value => Assert.Equal(0, value));
    }
}
