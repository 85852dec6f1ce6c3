namespace Sagitta.Tests.Physics.Propagation;

public sealed class FieldTransportTests
{
    private static readonly EndcapDetector _endcap = EndcapDetector.Load("endcap");

    [Fact]
    public void Muons_of_geant4_are_met_within_two_micrometres() => Assert.InRange(FarthestMiss(VacuumMuons.Slice), 0, 0.002);

    [Fact]
    [Trait("data", "full")]
    public void All_muons_of_geant4_are_met_within_two_micrometres() => Assert.InRange(FarthestMiss(VacuumMuons.Full()), 0, 0.002);

    private static double FarthestMiss(VacuumMuons muons)
    {
        FieldTransport transport = new(_endcap.Field);
        double farthest = 0;
        for (int i = 0; i < muons.Vertex.Length; i++)
        {
            TrackState state = muons.Vertex[i];
            double z = muons.VertexZ[i];
            for (int p = 0; p < VacuumMuons.Planes; p++)
            {
                Assert.Equal(TransportStatus.Reached, transport.Carry(ref state, z, _endcap.Planes[p].Z));
                z = _endcap.Planes[p].Z;
                TrackState there = muons.At[i][p];
                farthest = Math.Max(farthest, Math.Max(Math.Abs(state.X - there.X), Math.Abs(state.Y - there.Y)));
            }
        }

        return farthest;
    }

    [Fact]
    public void Way_back_leads_to_where_the_muon_began()
    {
        FieldTransport transport = new(_endcap.Field);
        foreach (TrackState vertex in VacuumMuons.Slice.Vertex)
        {
            TrackState state = vertex;
            transport.Carry(ref state, 0, 21280);
            transport.Carry(ref state, 21280, 0);
            Assert.Equal(vertex.X, state.X, 1e-4);
            Assert.Equal(vertex.Y, state.Y, 1e-4);
            Assert.Equal(vertex.Ty, state.Ty, 1e-8);
        }
    }

    [Theory]
    [InlineData(13, 2017, 0.01, 0.28, 0.1)]
    [InlineData(33, 1931, -0.06, 0.25, -0.19)]
    [InlineData(-137, 2632, 0.02, 0.37, 0.006)]
    [InlineData(51, 4423, 0.02, 0.45, 0.15)]
    public void Derivatives_agree_with_differences(double x, double y, double tx, double ty, double qOverP)
    {
        double[] start = [x, y, tx, ty, qOverP, 1];
        double[] steps = [0.5, 0.5, 1e-4, 1e-4, 1e-4, 1e-4];
        static TrackState Carried(double[] from, ref StateJacobian jacobian)
        {
            TrackState state = TrackState.From(from);
            Assert.Equal(TransportStatus.Reached,
                new FieldTransport(_endcap.Field, from[5], 1e-9).Carry(ref state, 7000, 21280, ref jacobian));
            return state;
        }

        StateJacobian exact = StateJacobian.Identity;
        Carried(start, ref exact);
        for (int of = 0; of < 4; of++)
        {
            double largest = Enumerable.Range(0, 6).Max(by => Math.Abs(exact[of][by] * steps[by]));
            for (int by = 0; by < 6; by++)
            {
                double At(double offset)
                {
                    double[] shifted = [.. start];
                    shifted[by] += offset;
                    StateJacobian unused = StateJacobian.Identity;
                    double[] values = new double[5];
                    Carried(shifted, ref unused).CopyTo(values);
                    return values[of];
                }

                double expected = FiniteDifferences.Derivative(At, steps[by], out double uncertainty);
                double error = Math.Abs(exact[of][by] - expected) / Math.Max(Math.Abs(expected), 0.01 * largest / steps[by]);
                Assert.True(
                    error <= 1e-7, $"d{of}/d{by}: {exact[of][by]:R}, differences {expected:R}, error {error:E2} ({uncertainty:E2})");
            }
        }
    }

    [Fact]
    public void A_uniform_field_makes_a_circle()
    {
        TrackState state = new(0, 0, 0, 0.1, 0.2);
        Assert.Equal(TransportStatus.Reached, new FieldTransport(new UniformField(1, 0, 0), 1, 1e-9).Carry(ref state, 0, 5000));
        Assert.Equal(CircleTrack.FromMomentum(0, Math.Sin(Math.Atan(0.1)), 0.2, 1).At(5000), state.Y, 1e-5);
    }

    [Fact]
    public void A_muon_that_loops_says_so()
    {
        TrackState state = new(0, 0, 0, 0.1, 1);
        Assert.Equal(TransportStatus.TurnedBack, new FieldTransport(new UniformField(1, 0, 0)).Carry(ref state, 0, 5000));
        state = new(0, 2000, 0, 0.3, 2);
        Assert.Equal(TransportStatus.TurnedBack, new FieldTransport(_endcap.Field).Carry(ref state, 7000, 21000));
        state = new(double.NaN, 2000, 0, 0.3, 0.1);
        Assert.Equal(TransportStatus.NotFinite, new FieldTransport(_endcap.Field).Carry(ref state, 7000, 21000));
    }

    [Theory]
    [InlineData(0.05, 0.1)]
    [InlineData(0.05, -0.1)]
    public void Derivatives_hold_where_a_muon_leaves_the_map_sideways(double qOverP, double tx)
    {
        double At(double offset)
        {
            TrackState state = new(21, 5013 + offset, tx, 0.45, qOverP);
            new FieldTransport(_endcap.Field, 1, 1e-9).Carry(ref state, 8000, 16000);
            return state.Y;
        }

        StateJacobian exact = StateJacobian.Identity;
        TrackState leaving = new(21, 5013, tx, 0.45, qOverP);
        new FieldTransport(_endcap.Field, 1, 1e-9).Carry(ref leaving, 8000, 16000, ref exact);
        Assert.True(leaving.Y > 6600 + 1000);
        Assert.Equal(FiniteDifferences.Derivative(At, 0.5, out _), exact.Y[1], 1e-7);
    }
}
