namespace Sagitta.Tests.Tracking.Endcap;

public sealed class EndcapWatchTests
{
    [Fact]
    public void Slice_in_its_own_units_gives_no_warning()
    {
        EndcapEvents events = EndcapSlice.Digitised(2).Slice(0, 40);
        using WorkerThreads threads = new(2);
        Assert.Empty(Warnings(events, EndcapReconstructor.Reconstruct(EndcapSlice.Chain, events, null, threads)));
    }

    [Theory]
    [InlineData("u", 0.1, "of the hits lie outside of their planes: mind the unit of u")]
    [InlineData("charge", 1000, "of the hits have a charge that the read-out does not give: mind its unit, primary electrons")]
    [InlineData("charge", 0.001, "of the hits have a charge that the read-out does not give")]
    [InlineData("time", 0.001, "of the hits have a time that the read-out does not give: mind its unit, ns")]
    [InlineData("time", 1000, "of the hits have a time that the read-out does not give")]
    public void Another_unit_is_told(string column, double factor, string said)
    {
        EndcapEvents events = EndcapSlice.Digitised(2).Slice(0, 40);
        float[] Scaled(string name, float[] values) => name != column ? values : [.. values.Select(value => (float)(factor * value))];
        EndcapEvents other = events with
        {
            U = Scaled("u", events.U),
            Charge = Scaled("charge", events.Charge),
            Time = Scaled("time", events.Time),
        };
        Assert.Contains(Warnings(other, new IReadOnlyList<EndcapTrack>[40]), warning => warning.Contains(said, StringComparison.Ordinal));
        Assert.Contains(Warnings(other, new IReadOnlyList<EndcapTrack>[40]),
            warning => warning.StartsWith("only 0 % of 40 events give a track", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_table_leaves_out_is_no_other_unit()
    {
        EndcapEvents events = EndcapSlice.Digitised(2).Slice(0, 40);
        EndcapEvents bare = events with { Charge = [.. events.Charge.Select(_ => 1f)], Time = new float[events.Time.Length] };
        Assert.DoesNotContain(Warnings(bare, new IReadOnlyList<EndcapTrack>[40]),
            warning => warning.Contains("read-out", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(0.2, "plane 9 measures +0.1")]
    public void A_plane_that_stands_elsewhere_is_named(double shift, string? said)
    {
        EndcapEvents events = EndcapSlice.Digitised(0);
        EndcapEvents moved = events with { U = [.. events.U.Select((u, hit) => events.Plane[hit] == 9 ? (float)(u + shift) : u)] };
        using WorkerThreads threads = new(2);
        string[] warnings = [.. Warnings(moved, EndcapReconstructor.Reconstruct(EndcapSlice.Chain, moved, null, threads))];
        if (said is null)
        {
            Assert.Empty(warnings);
        }
        else
        {
            Assert.StartsWith(said, Assert.Single(warnings));
            Assert.Contains("the others do not: the detector is misaligned, 'sagitta align' finds", warnings[0], StringComparison.Ordinal);
        }
    }

    private static IReadOnlyList<string> Warnings(EndcapEvents events, IReadOnlyList<EndcapTrack>[] tracks)
    {
        EndcapWatch watch = new(EndcapSlice.Chain.Geometry);
        for (int e = 0; e < events.Count; e++)
        {
            watch.Add(events, e, tracks[e] ?? []);
        }

        return watch.Warnings();
    }
}
