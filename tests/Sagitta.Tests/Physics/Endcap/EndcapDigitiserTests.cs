namespace Sagitta.Tests.Physics.Endcap;

public sealed class EndcapDigitiserTests
{
    [Fact]
    public void Reader_knows_events_without_a_muon_and_muons_at_the_first_plane()
    {
        EndcapDeposits deposits = EndcapSlice.Deposits;
        Assert.Equal(150, deposits.Count);
        Assert.Contains(Enumerable.Range(0, deposits.Count), e => deposits.MuonsOf(e).Begin == deposits.MuonsOf(e).End);
        for (int muon = 0; muon < deposits.Muons.Count; muon++)
        {
            TrackState truth = deposits.Muons[muon];
            (float x, float y) = deposits.Crossings[muon * deposits.Planes];
            Assert.Equal(truth.Y, y, 1e-2);
            Assert.Equal(truth.X, x, 1e-2);

            // From the origin, but for scattering and the vertex.
            Assert.Equal(truth.Ty, truth.Y / 7000, 0.01);
            Assert.InRange(Math.Abs(1 / truth.QOverP), 4.9, 201);
        }
    }

    [Fact]
    public void Hits_of_a_muon_lie_where_it_crossed()
    {
        EndcapEvents events = EndcapSlice.Digitised(5);
        int near = 0, all = 0;
        for (int e = 0; e < events.Count; e++)
        {
            for (int hit = events.Offsets[e]; hit < events.Offsets[e + 1]; hit++)
            {
                if (events.Label[hit] >= 0)
                {
                    all++;
                    near += Math.Abs(events.CrossingsOf(e, events.Label[hit])[events.Plane[hit]] - events.U[hit]) < 2 ? 1 : 0;
                }
            }
        }

        Assert.True(near > 0.99 * all, $"{near} of {all}");

        // Three or four strips of each plane that a muon crosses.
        Assert.InRange(all / (24.0 * events.Muons.Length), 2.5, 5);
    }

    [Fact]
    public void Background_has_its_flux_within_roads_and_nothing_is_read_out_beyond()
    {
        EndcapEvents quiet = EndcapSlice.Digitised(0), loud = EndcapSlice.Digitised(10);
        int[] single = [.. Enumerable.Range(0, loud.Count).Where(e => loud.MuonsOf(e).Length == 1)];
        double more = single.Sum(e => (loud.Offsets[e + 1] - loud.Offsets[e]) - (quiet.Offsets[e + 1] - quiet.Offsets[e]));

        // Clusters a plane and road, of some three strips.
        double clusters = Background.MeanClusters(EndcapSlice.Chain.Geometry.Strips.Readout, 10);
        Assert.InRange(more / (single.Length * 24 * clusters), 2, 4);
        foreach (int e in single)
        {
            for (int p = 0; p < 24; p += 23)
            {
                float[] own = [.. Enumerable.Range(loud.Offsets[e], loud.Offsets[e + 1] - loud.Offsets[e])
                    .Where(h => loud.Plane[h] == p).Select(h => loud.U[h])];
                Assert.True(own.Length == 0 || own.Max() - own.Min() <= 300.5, $"event {e}, plane {p}");
            }
        }
    }

    [Fact]
    public void Event_depends_on_seed_and_number_alone()
    {
        EndcapEvents first = EndcapSlice.Digitised(5), same = EndcapSlice.Digitised(5), other = EndcapSlice.Digitised(5, 2);
        Assert.Equal(first.U, same.U);
        Assert.Equal(first.Charge, same.Charge);
        Assert.NotEqual(first.U.Length, other.U.Length);
    }
}
