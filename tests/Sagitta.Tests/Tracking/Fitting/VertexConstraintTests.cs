namespace Sagitta.Tests.Tracking.Fitting;

public sealed class VertexConstraintTests
{
    private const double VertexSigma = 0.5;
    private static readonly Detector Toy = DetectorFile.Load("toy16");
    private static readonly CircleGeometry Geometry = CircleGeometry.Of(Toy);
    private static readonly TrackMaterial Material = new(Toy);
    private static readonly int Planes = Geometry.PlaneCount;
    private static readonly CircleFitOptions Constrained = new() { Vertex = new(3, 1 / (VertexSigma * VertexSigma)) };

    [Fact]
    public void Gradients_of_both_fits_agree_with_differences()
    {
        TrackSample sample = new(Geometry, 2, seed: 51, lowPt: 8, highPt: 60, noise: 1, missing: 0);
        CircleFit first = new(Geometry, Constrained);
        CorrelatedFit second = new(Geometry, Material, Constrained);
        FiniteDifferences.Check(
            [sample.Centroid, sample.Sigma, sample.Presence, new double[Planes], new double[Planes]],
            [(2, Planes), (2, Planes), (2, Planes), (1, Planes), (1, Planes)],
            [1, 5e-3, 0.05, 0.5, 1],
            (tape, x) =>
            {
                PlaneShifts shifts = new(x[3], x[4]);
                return TrackFunction.Of(second.Apply(x[0], x[1], x[2], shifts, first.Apply(x[0], x[1], x[2], shifts).Value).Value);
            });
    }

    [Fact]
    public void Stated_error_is_the_limit_with_a_vertex_and_much_smaller_than_without()
    {
        TrackSample sample = new(Geometry, 1, seed: 52, lowPt: 40, highPt: 40.001, noise: 0, missing: 0);
        sample.Sigma.AsSpan().Fill(0.1);
        sample.Presence.AsSpan().Fill(1);
        TrackQuality[] quality = new TrackQuality[1];
        TrackQuality.OfCorrelatedFits(
            Geometry, Material, Constrained, sample.Truth, [
                SolveStatus.Converged], sample.Truth, sample.Centroid, sample.Sigma, sample.Presence, quality);
        double limit = new ResolutionLimit(Toy, 0.1, VertexSigma).Sigma(1 / 40.0);
        Assert.Equal(limit, quality[0].QOverPtError, 0.01 * limit);
        Assert.True(limit < 0.7 * new ResolutionLimit(Toy, 0.1).Sigma(1 / 40.0));
    }

    [Fact]
    public void A_constraint_of_great_weight_fixes_the_origin()
    {
        TrackSample sample = new(Geometry, 3, seed: 53, missing: 0);
        using Tape<double> tape = new(recording: false);
        CircleFitOptions options = new() { Vertex = new(3, 1e8) };
        ImplicitSolution tracks = new CircleFit(Geometry, options).Apply(
            tape.Constant(sample.Centroid, 3, Planes), tape.Constant(sample.Sigma, 3, Planes), tape.Constant(sample.Presence, 3, Planes));
        for (int e = 0; e < 3; e++)
        {
            Assert.Equal(SolveStatus.Converged, tracks.Statuses[e]);
            Assert.Equal(3, tracks.Value.Values[3 * e], 1e-3);
        }
    }
}
