namespace Sagitta.Tests.Tracking.Fitting;

public sealed class TrackLikelihoodTests
{
    private static readonly CircleGeometry Geometry = CircleGeometry.Of(ToyDetector.TwoStations);

    [Fact]
    public void Gradients_agree_with_differences()
    {
        TrackSample sample = new(Geometry, 3, seed: 11);
        SolveStatus[] statuses = [SolveStatus.Converged, SolveStatus.Converged, SolveStatus.NotConverged];
        FiniteDifferences.Check(
            [sample.Centroid, sample.Sigma, sample.Presence, [1.01, 0.012, 0.03, -20, 0.01, -0.02, 1, 0, 0], new double[16],
                new double[16]],
            [(3, 16), (3, 16), (3, 16), (3, 3), (1, 16), (1, 16)],
            [0.01, 1e-3, 1e-2, 1e-5, 0.1, 0.01],
            (tape, x) => WeightedSum.Of([1], TrackLikelihood.Apply(
                Geometry, x[3], statuses, x[0], x[1], x[2], new PlaneShifts(x[4], x[5]))));
    }

    [Fact]
    public void Inflated_errors_do_not_pay()
    {
        TrackSample sample = new(Geometry, 1, seed: 13, missing: 0);
        double[] inflated = sample.Sigma.Select(s => 30 * s).ToArray();
        double At(double[] sigma)
        {
            using Tape<double> tape = new(recording: false);
            Tensor<double> centroid = tape.Constant(sample.Centroid, 1, 16);
            Tensor<double> presence = tape.Constant(sample.Presence, 1, 16);
            Tensor<double> errors = tape.Constant(sigma, 1, 16);
            ImplicitSolution fit = new CircleFit(Geometry).Apply(centroid, errors, presence);
            return TrackLikelihood.Apply(Geometry, fit.Value, fit.Statuses, centroid, errors, presence).Values[0];
        }

        Assert.True(At(inflated) > At(sample.Sigma));
    }
}
