namespace Sagitta.Tests.Tracking.Muon;

public sealed class MuonWatchTests
{
    private static readonly Lazy<HitSet> _hits = new(() => MuonSimulation.Generate(
        DetectorFile.Load("toy16"), new() { Digitisation = new() { Background = new() { KHzPerCm2 = [5] } } }, 11, 0, 100).Hits);

    [Fact]
    public void Hits_like_those_of_the_training_raise_no_warning() => Assert.Empty(Warnings(_hits.Value));

    [Theory]
    [InlineData("time", 0.001)]
    [InlineData("charge", 1000)]
    [InlineData("chi2/ndf", 0.1)]
    public void Another_unit_is_told(string quantity, double factor)
    {
        float[] Scaled(float[] values, string name) => name == quantity ? [.. values.Select(v => (float)(v * factor))] : values;
        HitSet hits = _hits.Value;
        Assert.Contains(Warnings(hits with
        {
            Time = Scaled(hits.Time, "time"),
            Charge = Scaled(hits.Charge, "charge"),
            Y = Scaled(hits.Y, "chi2/ndf"),
            RoadCentre = [],
        }), warning => warning.Contains($"'{quantity}'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plane_that_is_displaced_is_named_with_a_measurement_stage_too()
    {
        MuonModel trained = MuonModelFile.Read(ShippedFile.Find("models/muon/factorised.safetensors"));
        MuonExperiment experiment = trained.Experiment with { Measurement = new() { Enabled = true } };
        MuonChain chain = new(experiment, trained.Detector);

        // A stage of zeros leaves position and error.
        using ParameterVector<float> parameters = new(chain.Scorer.Layout);
        trained.Parameters.Values.CopyTo(parameters.Values);
        MuonModel model = trained with { Experiment = experiment, Parameters = parameters };
        using WorkerThreads threads = new(2);
        IReadOnlyList<string> Warnings(float displacement)
        {
            HitSet hits = MuonSimulation.Generate(trained.Detector,
                new() { Digitisation = new() { Background = new() { KHzPerCm2 = [5] } } },
                12, 0, 300, threads).Hits;
            hits = hits with { Y = [.. hits.Y.Select((y, h) => hits.Plane[h] == 5 ? y + displacement : y)] };
            MuonWatch watch = new(model, trained.Detector);
            watch.Add(hits, chain.Reconstruct(model, hits, threads));
            return watch.Warnings();
        }

        Assert.DoesNotContain(Warnings(0), w => w.Contains("misaligned", StringComparison.Ordinal));
        Assert.Contains("plane 5 measures +0.", Assert.Single(Warnings(0.2f), w => w.Contains("misaligned", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_station_that_stands_elsewhere_is_told()
    {
        Detector toy = _hits.Value.Detector;
        Detector moved = toy with { Planes = [.. toy.Planes.Select(p => p.Station == 1 ? p with { Z = p.Z - 400 } : p)] };
        Assert.Contains(Warnings(_hits.Value with { Detector = moved }),
            warning => warning.Contains("plane 8 is at z = 4400 mm, not 4800 mm", StringComparison.Ordinal));
    }

    [Fact]
    public void Events_without_tracks_are_told()
    {
        // Background alone: few of its events give a track.
        HitSet empty = _hits.Value.Only([]);
        Assert.Contains("only 0 % of 100 events give a track", Assert.Single(Warnings(empty)), StringComparison.Ordinal);
    }

    [Fact]
    public void One_event_with_far_too_many_hits_has_a_status_and_all_others_their_tracks()
    {
        HitSet hits = _hits.Value;
        int border = hits.Offsets[50];
        HitSet crowded = Crowded(hits, [.. Enumerable.Range(0, 60_000)
            .Select(i => (Plane: (byte)(i / 3750), Y: (float)(i % 3750 * 0.08)))]);
        using var reconstructor = MuonReconstructor.Load(detector: hits.Detector);
        MuonTrack[] expected = [.. reconstructor.Reconstruct(hits)];
        MuonTrack[] tracks = [.. reconstructor.Reconstruct(crowded)];
        Assert.Equal(SolveStatus.TooManyHits, tracks[50].Status);
        Assert.Equal(expected.Where((_, e) => e != 50), tracks.Where((_, e) => e != 50));
        Assert.Contains(reconstructor.Warnings, warning => warning.StartsWith("1 events have too many hits", StringComparison.Ordinal));

        // Fewer hits, but so close that each is joined to each: the graph alone would be too large.
        HitSet dense = Crowded(hits, [.. Enumerable.Range(0, 8000).Select(i => (Plane: (byte)0, Y: hits.RoadsOf(50)[0] + (i * 1e-4f)))]);
        Assert.Equal(SolveStatus.TooManyHits, reconstructor.Reconstruct(dense).ElementAt(50).Status);

        HitSet Crowded(HitSet all, (byte Plane, float Y)[] own)
        {
            int more = own.Length - (all.Offsets[51] - border);
            T[] Put<T>(T[] values, IEnumerable<T> between) => [.. values[..border], .. between, .. values[all.Offsets[51]..]];
            return all with
            {
                Offsets = [.. all.Offsets.Select((offset, e) => e > 50 ? offset + more : offset)],
                Plane = Put(all.Plane, own.Select(hit => hit.Plane)),
                Y = Put(all.Y, own.Select(hit => hit.Y)),
                Charge = Put(all.Charge, own.Select(_ => 10f)),
                Time = Put(all.Time, own.Select(_ => 100f)),
            };
        }
    }

    [Fact]
    public void Edges_are_counted_as_they_are_built()
    {
        HitSet hits = _hits.Value;
        HitGraphBuilder builder = new(hits.Detector, new());
        HitGraph graph = new();
        for (int e = 0; e < 20; e++)
        {
            builder.Build(hits, [e], graph);

            // A window holds the hit itself too, which is no edge.
            int inOwnWindow = graph.Hits;
            Assert.Equal(graph.Edges + inOwnWindow, builder.CountEdges(hits, e));
        }
    }

    private static IReadOnlyList<string> Warnings(HitSet hits)
    {
        using var reconstructor = MuonReconstructor.Load(null, hits.Detector);
        Assert.Equal(hits.Count, reconstructor.Reconstruct(hits).Count());
        return reconstructor.Warnings;
    }
}
