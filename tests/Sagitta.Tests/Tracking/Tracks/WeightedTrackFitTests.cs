namespace Sagitta.Tests.Tracking.Tracks;

public sealed class WeightedTrackFitTests
{
    private static readonly Detector Toy = DetectorFile.Load("toy16");
    private static readonly int Planes = Toy.Planes.Count;

    [Theory]
    [InlineData(4, true, false, false)]
    [InlineData(60, true, false, false)]
    [InlineData(10, false, false, false)]
    [InlineData(10, true, true, false)]
    [InlineData(4, true, false, true)]
    [InlineData(60, true, true, true)]
    public void Gradient_of_the_whole_chain_from_weights_and_places_of_planes_agrees_with_differences(
        double pt, bool covariance, bool vertex, bool robust)
    {
        EventSet events = Simulate(pt);
        Segments planes = new();
        double[] weights = [.. events.LabelHit.Select((label, j) => label != 0 ? 0.9 - (0.01 * (j % 7)) : 0.1)];
        double[] planeZ = [.. Enumerable.Range(0, Planes).Select(i => 2 * Math.Sin(i))];
        double[] planeY = [.. Enumerable.Range(0, Planes).Select(i => 0.02 * Math.Cos(2 * i))];
        CircleFitOptions circle = new() { Vertex = vertex ? new(events.TruthY0[0] + 0.3, 4) : new() };
        WeightedTrackFit fit = new(Toy, new(), new() { Covariance = covariance, Robust = robust, Circle = circle });
        FiniteDifferences.Check(
            [weights, planeZ, planeY],
            [(weights.Length, 1), (1, Planes), (1, Planes)],
            [0.02, 0.3, 0.02],
            (tape, x) =>
            {
                PlaneShifts shifts = new(x[1], x[2]);
                FittedEvents fitted = fit.Apply(x[0], logits: false, events.Hits, [0], planes, shifts);
                return WeightedSum.Of(
                    [1, 0.1],
                    TrackFunction.Of(fitted.Track),
                    TrackLikelihood.Apply(fit.Geometry, fitted.Track, fitted.Statuses, fitted.Clusters.Centroid, fitted.Clusters.Sigma,
                        fitted.Clusters.Presence, shifts));
            });
    }

    [Fact]
    public void Planes_measured_where_they_are_give_the_track_that_nominal_planes_give()
    {
        // Moving all planes along y moves the track; what the fit says of itself stays.
        EventSet events = Simulate(20);
        Segments planes = new();
        WeightedTrackFit fit = new(Toy, new(), new());
        using Tape<double> tape = new(recording: false);
        Tensor<double> weights = tape.Constant([.. events.LabelHit.Select(label => (double)label)], events.LabelHit.Length, 1);
        Tensor<double> zero = tape.Constant(new double[Planes], 1, Planes);
        FittedEvents nominal = fit.Apply(weights, logits: false, events.Hits, [0], planes);
        FittedEvents moved = fit.Apply(weights, logits: false, events.Hits, [0], planes,
            new(zero, tape.Constant([.. Enumerable.Repeat(7.5, Planes)], 1, Planes)));
        TrackQuality[] before = new TrackQuality[1];
        TrackQuality[] after = new TrackQuality[1];
        fit.Describe(nominal, before);
        fit.Describe(moved, after);
        Assert.Equal(nominal.Track.Values[TrackParameter.Y0] + 7.5, moved.Track.Values[TrackParameter.Y0], 1e-9);
        Assert.Equal(nominal.Track.Values[TrackParameter.QOverPt], moved.Track.Values[TrackParameter.QOverPt], 1e-12);
        Assert.Equal(before[0].ChiSquare, after[0].ChiSquare, 1e-8);
        Assert.Equal(before[0].QOverPtError, after[0].QOverPtError, 1e-12);
    }

    private static EventSet Simulate(double pt)
    {
        SimulationOptions options = new()
        {
            Vertex = new() { Momentum = [new() { Low = pt, High = pt }] },
            Digitisation = new() { Background = new() { KHzPerCm2 = [2] } }
        };
        return MuonSimulation.Generate(Toy, options, seed: 8, first: 0, count: 1);
    }
}
