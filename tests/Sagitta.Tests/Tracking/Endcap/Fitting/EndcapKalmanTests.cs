namespace Sagitta.Tests.Tracking.Endcap.Fitting;

public sealed class EndcapKalmanTests
{
    private const int Planes = VacuumMuons.Planes;

    /// <summary>The filter goes plane by plane, the fit has all planes at once: on the same measurements they must be one
    /// estimate.</summary>
    [Fact]
    public void Filter_with_smoother_is_the_fit_of_all_planes()
    {
        EndcapDetector endcap = EndcapDetector.Load("endcap");
        EndcapModel model = new(endcap);
        EndcapFit fit = new(model);
        EndcapKalman filter = new(model);
        RandomDraws draws = RandomKey.FromSeed(5).Split("kalman").Draws();
        double[] own = new double[25], other = new double[25], places = new double[Planes], pulls = new double[Planes];
        for (int track = 0; track < 40; track++)
        {
            double momentum = 5 * Math.Pow(40, draws.NextUniform()), ty = draws.NextUniform(0.21, 0.37);
            TrackState state = new(0, 0, 0.2 * ty * draws.NextUniform(-1, 1), ty, (track % 2 == 0 ? 1 : -1) / momentum);
            double[] u = new double[Planes], sigma = new double[Planes], presence = new double[Planes];
            double z = 0;
            for (int p = 0; p < Planes; p++)
            {
                new FieldTransport(endcap.Field).Carry(ref state, z, endcap.Planes[p].Z);
                z = endcap.Planes[p].Z;
                double kick = (p is 7 or 15 ? 0.01 : 1e-3) / momentum;
                state = state with { Tx = state.Tx + (kick * draws.NextGaussian()), Ty = state.Ty + (kick * draws.NextGaussian()) };
                sigma[p] = 0.08 + (0.08 * draws.NextUniform());
                presence[p] = draws.NextUniform() < 0.1 ? 0 : 0.6 + (0.4 * draws.NextUniform());
                u[p] = endcap.Planes[p].Measured(state.X, state.Y) + (sigma[p] * draws.NextGaussian());
            }

            EndcapFitResult global = fit.Fit(u, sigma, presence, own, null, places);
            EndcapFitResult filtered = filter.Fit(global.State with { QOverP = 0.95 * global.State.QOverP, Y = global.State.Y + 1 },
                u, sigma, presence, other, pulls);
            Assert.Equal(SolveStatus.Converged, global.Status);
            Assert.Equal(SolveStatus.Converged, filtered.Status);
            double[] a = new double[5], b = new double[5];
            global.State.CopyTo(a);
            filtered.State.CopyTo(b);
            for (int k = 0; k < 5; k++)
            {
                Assert.Equal(a[k], b[k], 0.01 * Math.Sqrt(own[k * 6]));
                Assert.Equal(1, other[k * 6] / own[k * 6], 0.01);
            }

            Assert.Equal(global.ChiSquare, filtered.ChiSquare, 0.01 * global.ChiSquare);
            for (int p = 0; p < Planes; p++)
            {
                double expected = presence[p] > 0 ? (u[p] - places[p]) / sigma[p] * Math.Sqrt(presence[p]) : 0;
                Assert.Equal(expected, pulls[p], 0.01);
            }
        }
    }

    [Fact]
    public void Too_few_planes_and_a_track_that_turns_back_have_a_status()
    {
        EndcapKalman filter = new(new(EndcapDetector.Load("endcap")));
        double[] u = new double[Planes], one = [.. Enumerable.Repeat(1.0, Planes)], covariance = new double[25];
        double[] few = [.. one.Select((value, p) => p < 6 ? value : 0)];
        Assert.Equal(SolveStatus.TooFewPlanes, filter.Fit(new(0, 2000, 0, 0.28, 0.1), u, one, few, covariance).Status);
        Assert.Equal(SolveStatus.OutOfRange, filter.Fit(new(0, 2000, 0, 0.28, 3), u, one, one, covariance).Status);
    }
}
