namespace Sagitta.Tests.Physics.Events;

public sealed class EventFileTests
{
    private static readonly EventSet _events = MuonSimulation.Generate(DetectorFile.Load("toy16"), new(), 5, 0, 30);

    [Fact]
    public void What_is_written_is_read()
    {
        using var folder = new TemporaryFolder();
        EventFile.Write(folder.File("events.npz"), _events, "seed 5");
        EventSet read = EventFile.Read(folder.File("events.npz"));
        Assert.Equal(_events.Detector.Name, read.Detector.Name);
        Assert.Equal(_events.Source, read.Source);
        Assert.Equal(_events.BackgroundKHzPerCm2, read.BackgroundKHzPerCm2);
        Assert.Equal(_events.HitOffsets, read.HitOffsets);
        Assert.Equal(_events.HitPlane, read.HitPlane);
        Assert.Equal(_events.HitY, read.HitY);
        Assert.Equal(_events.HitTime, read.HitTime);
        Assert.Equal(_events.LabelHit, read.LabelHit);
        Assert.Equal(_events.RoadCentre, read.RoadCentre);
        Assert.Equal(_events.TruthQOverPt, read.TruthQOverPt);
        Assert.Equal(_events.TruthCrossing, read.TruthCrossing);
    }

    [Fact]
    public void Hits_are_read_without_truth_and_evaluation_says_what_it_lacks()
    {
        using var folder = new TemporaryFolder();
        EventFile.Write(folder.File("hits.npz"), EventSet.WithoutTruth(_events.Hits with { RoadCentre = [] }));
        HitSet read = EventFile.ReadHits(folder.File("hits.npz"));
        Assert.Equal(_events.HitY, read.Y);
        Assert.Equal(_events.HitPlane, read.Plane);
        Assert.False(read.HasRoads);
        BadInputException problem = Assert.Throws<BadInputException>(() => EventFile.Read(folder.File("hits.npz")));
        Assert.Contains("label_hit, truth_muon", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_carries_its_geometry_and_refuses_another_field_or_pitch()
    {
        using var folder = new TemporaryFolder();
        Detector own = _events.Detector with { Name = "of one's own", FieldTesla = 0.5 };
        EventFile.Write(folder.File("events.npz"), _events with { Hits = _events.Hits with { Detector = own } });
        Assert.Null(EventFile.ReadHits(folder.File("events.npz")).Detector.GeometryDifference(own));
        Detector pitch = own with { Planes = [.. own.Planes.Select(plane => plane with { StripPitch = 0.5 })] };
        Assert.Contains("the strip pitch of plane 0 is 0.4 mm, not 0.5 mm", Assert.Throws<BadInputException>(
            () => EventFile.ReadHits(folder.File("events.npz"), pitch)).Message, StringComparison.Ordinal);
        Assert.Contains("the field is 0.5 T, not 1 T", Assert.Throws<BadInputException>(
            () => EventFile.ReadHits(folder.File("events.npz"), own with { FieldTesla = 1 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hit_given_twice_is_refused()
    {
        HitSet hits = _events.Hits;
        HitSet twice = hits with
        {
            Offsets = [0, .. hits.Offsets[1..].Select(offset => offset + 1)],
            Plane = [hits.Plane[0], .. hits.Plane],
            Y = [hits.Y[0], .. hits.Y],
            Charge = [hits.Charge[0], .. hits.Charge],
            Time = [hits.Time[0], .. hits.Time],
        };
        hits.Check("the hits");
        Assert.Contains("event 0 holds one hit twice", Assert.Throws<BadInputException>(() => twice.Check("the hits")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_detector_of_the_same_name_whose_planes_stand_otherwise_is_refused()
    {
        using var folder = new TemporaryFolder();
        EventFile.Write(folder.File("events.npz"), _events);
        Detector toy = _events.Detector;
        Detector moved = toy with { Planes = [.. toy.Planes.Select(plane => plane with { Z = plane.Z + 1 })] };
        BadInputException problem = Assert.Throws<BadInputException>(() => EventFile.ReadHits(folder.File("events.npz"), moved));
        Assert.Contains("z = 2000 mm", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pieces_make_the_same_file_as_the_whole()
    {
        using var folder = new TemporaryFolder();
        EventFile.Write(folder.File("whole.npz"), _events);
        using (var writer = new EventWriter(folder.File("pieces.npz"), _events, ""))
        {
            writer.Append(MuonSimulation.Generate(DetectorFile.Load("toy16"), new(), 5, 0, 13));
            writer.Append(MuonSimulation.Generate(DetectorFile.Load("toy16"), new(), 5, 13, 17));
            writer.Commit();
        }

        Assert.Equal(File.ReadAllBytes(folder.File("whole.npz")), File.ReadAllBytes(folder.File("pieces.npz")));
    }

    [Fact]
    public void The_file_describes_itself()
    {
        using var folder = new TemporaryFolder();
        EventFile.Write(folder.File("events.npz"), _events, "simulated with seed 5");
        using var archive = new NpzReader(folder.File("events.npz"));
        string text = archive.ReadText("readme");
        Assert.Contains("simulated with seed 5", text, StringComparison.Ordinal);
        Assert.All(archive.Names.Where(name => name.StartsWith("hit_", StringComparison.Ordinal)), name =>
            Assert.Contains(name, text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_truncated_file_and_another_archive_are_bad_input()
    {
        using var folder = new TemporaryFolder();
        EventFile.Write(folder.File("events.npz"), _events);
        byte[] whole = File.ReadAllBytes(folder.File("events.npz"));
        File.WriteAllBytes(folder.File("cut.npz"), whole[..(whole.Length / 3)]);
        Assert.Contains("cut.npz", Assert.Throws<BadInputException>(() => EventFile.Read(folder.File("cut.npz"))).Message,
            StringComparison.Ordinal);
        using (var other = new NpzWriter(folder.File("other.npz")))
        {
            other.AddScalar("a", 1.0);
            other.Commit();
        }

        Assert.Contains("no event file", Assert.Throws<BadInputException>(() => EventFile.Read(folder.File("other.npz"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_have_a_header_and_a_row_for_each_hit_and_event()
    {
        using var stream = new MemoryStream();
        TableFile.WriteCsv(stream, [EventTables.Hits(_events)]);
        string[] lines = System.Text.Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n');
        Assert.Equal("event,plane,y,z,charge,time,label", lines[0]);
        Assert.Equal(_events.HitCount + 1, lines.Length);
        Assert.Equal(_events.HitY[0], float.Parse(lines[1].Split(',')[2], CultureInfo.InvariantCulture));
        using var truth = new MemoryStream();
        TableFile.WriteCsv(truth, [EventTables.Events(_events)]);
        Assert.Equal(_events.Count + 1, System.Text.Encoding.UTF8.GetString(truth.ToArray()).TrimEnd('\n').Split('\n').Length);
    }
}
