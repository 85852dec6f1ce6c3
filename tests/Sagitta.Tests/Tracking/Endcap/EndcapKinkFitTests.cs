namespace Sagitta.Tests.Tracking.Endcap;

public sealed class EndcapKinkFitTests
{
    private static readonly EndcapTruth _muon = new(300, 2000, 0.04, 0.28, -0.08);

    [Fact]
    public void Transport_and_its_derivatives_are_those_of_the_exact_one()
    {
        FieldTransport exact = new(EndcapSlice.Chain.Field);
        TrackState state = new(_muon.X, _muon.Y, _muon.Tx, _muon.Ty, _muon.QOverP);
        StateJacobian jacobian = StateJacobian.Identity;
        Assert.Equal(TransportStatus.Reached, exact.Carry(ref state, 7000, 21000, ref jacobian));
        EndcapTrackState own = EndcapTrackState.At(_muon);
        new EndcapTransport(EndcapSlice.Chain.Field).Move(ref own, 7000, 21000, _muon.QOverP, 1);
        Assert.Equal(state.X, own.X, 0.05);
        Assert.Equal(state.Y, own.Y, 0.05);
        Assert.Equal(jacobian.Y[4], own.By(EndcapTrackState.Columns - 1)[1], 1e-3 * Math.Abs(jacobian.Y[4]));
        for (int c = 0; c < 4; c++)
        {
            // A place moves by about itself, a slope by the way: steps over the kinks of the field cost some of it.
            double scale = c < 2 ? 1 : 14_000;
            Assert.Equal(jacobian.X[c], own.By(c)[0], 1e-3 * scale);
            Assert.Equal(jacobian.Y[c], own.By(c)[1], 1e-3 * scale);
        }
    }

    [Fact]
    public void Exact_measurements_give_the_track_back()
    {
        EndcapKinkFit fit = new EndcapTracker(EndcapSlice.Chain).Fitter;
        fit.Place(_muon);
        double[] u = fit.Predicted.ToArray(), variance = [.. u.Select(_ => 0.01)], presence = [.. u.Select(_ => 1.0)];
        EndcapTrackFit found = fit.Fit(_muon with { QOverP = -0.06, Ty = 0.281 }, u, variance, presence);
        Assert.True(found.IsConverged);
        Assert.Equal(_muon.QOverP, found.Track.QOverP, 1e-5);
        Assert.Equal(_muon.Y, found.Track.Y, 1e-2);
        Assert.Equal(SolveStatus.TooFewPlanes, fit.Fit(_muon, u, variance, [.. u.Select((_, p) => p < 5 ? 1.0 : 0)]).Status);
    }
}
