namespace Sagitta.Tests.Physics.Events;

public sealed class ExchangeEventsTests
{
    private const string Parts = "particle_id_pv,particle_id_sv,particle_id_part,particle_id_gen,particle_id_subpart,";
    private const string Barcode = "particle_id," + Parts;

    private static readonly Detector _detector = DetectorFile.Load("toy16");
    private static readonly EventSet _events = MuonSimulation.Generate(_detector, new()
    {
        Digitisation = new() { Background = new() { KHzPerCm2 = [5] } },
    }, 5, 100, 20);

    [Theory]
    [InlineData("acts")]
    [InlineData("trackml")]
    public void What_is_written_is_read(string format)
    {
        using TemporaryFolder folder = new();
        Format(format).Write(folder.Name, _events);
        EventSet read = Format(format).Read(folder.Name);
        Assert.True(read.HasTruth);
        Assert.Equal(_events.EventNumber, read.EventNumber);
        Assert.Equal(_events.HitOffsets, read.HitOffsets);
        Assert.Equal(_events.HitPlane, read.HitPlane);
        Assert.Equal(_events.HitY, read.HitY);
        Assert.Equal(_events.HitCharge, read.HitCharge);
        Assert.Equal(_events.TruthMuon, read.TruthMuon);
        Assert.False(read.Hits.HasRoads);
        if (format == "acts")
        {
            Assert.All(_events.HitTime.ToArray().Zip(read.HitTime.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
            Assert.Equal(_events.TruthCrossing, read.TruthCrossing);
        }

        for (int e = 0; e < _events.Count; e++)
        {
            Assert.Equal(_events.TruthQOverPt[e], read.TruthQOverPt[e], 1e-6 * Math.Abs(_events.TruthQOverPt[e]));
            Assert.Equal(_events.TruthY0[e], read.TruthY0[e], 1e-3);
            Assert.Equal(_events.TruthSlope[e], read.TruthSlope[e], 1e-6);
        }

        // Labels of strips whose plane the muon did not cross have no hit to be linked to.
        for (int hit = 0; hit < _events.HitCount; hit++)
        {
            Assert.True(read.LabelHit[hit] <= _events.LabelHit[hit]);
        }

        Assert.InRange(read.LabelHit.Count(label => label != 0), 0.98 * _events.LabelHit.Count(label => label != 0), int.MaxValue);
    }

    [Theory]
    [InlineData("acts", "event000000100-measurements.csv", "measurement_id,geometry_id,local_key,local0,local1,phi,theta,time,var_local0,"
        + "var_local1,var_phi,var_theta,var_time")]
    [InlineData("acts", "event000000100-cells.csv", "geometry_id,measurement_id,channel0,channel1,timestamp,value")]
    [InlineData("acts", "event000000100-hits.csv",
        Barcode + "geometry_id,tx,ty,tz,tt,tpx,tpy,tpz,te,deltapx,deltapy,deltapz,deltae,index")]
    [InlineData("acts", "event000000100-particles_initial.csv", Barcode + "particle_type,process,vx,vy,vz,vt,px,py,pz,m,q")]
    [InlineData("acts", "event000000100-measurement-simhit-map.csv", "measurement_id,hit_id")]
    [InlineData(
        "acts", "detectors.csv", "geometry_id,volume_id,boundary_id,layer_id,module_id,extra_id,cx,cy,cz,rot_xu,rot_xv,rot_xw,rot_yu,"
        + "rot_yv,rot_yw,rot_zu,rot_zv,rot_zw,bounds_type,bound_param0,bound_param1,bound_param2,bound_param3,bound_param4,bound_param5,"
        + "bound_param6,module_t,pitch_u,pitch_v")]
    [InlineData("trackml", "event000000100-hits.csv", "hit_id,x,y,z,volume_id,layer_id,module_id")]
    [InlineData("trackml", "event000000100-cells.csv", "hit_id,ch0,ch1,value")]
    [InlineData("trackml", "event000000100-particles.csv", "particle_id,vx,vy,vz,px,py,pz,q,nhits")]
    [InlineData("trackml", "event000000100-truth.csv", "hit_id,particle_id,tx,ty,tz,tpx,tpy,tpz,weight")]
    public void Files_have_the_columns_of_the_format_in_their_order(string format, string file, string header)
    {
        using TemporaryFolder folder = new();
        Format(format).Write(folder.Name, _events);
        Assert.Equal(header, File.ReadLines(folder.File(file)).First());
    }

    // What the sources of ACTS do with a row: a barcode of five parts, a byte through a stream, and times as ways of light in mm.
    [Theory]
    [InlineData("\u0002", -36)]
    [InlineData("\u0006", -28)]
    [InlineData("B", -36)]
    [InlineData("F", -28)]
    [InlineData("66", -36)]
    [InlineData("70", -28)]
    public void Event_as_the_programs_of_Acts_write_it_is_read(string keys, double y)
    {
        using TemporaryFolder folder = new();
        const long surface = 72057731476881664;
        File.WriteAllText(folder.File("detectors.csv"), $"geometry_id,cy,cz,rot_yu,rot_yv,rot_zw\n{surface},0,2000,0.6,0.8,1\n");
        File.WriteAllText(folder.File("event000000007-measurements.csv"), $"""
            measurement_id,geometry_id,local_key,local0,local1,phi,theta,time,var_local0,var_local1,var_phi,var_theta,var_time
            0,{surface},{keys},-60,10,0,0,2997.92458,0.01,0.01,0,0,1

            """);
        File.WriteAllText(folder.File("event000000007-particles_initial.csv"), $"""
            {Parts}particle_type,process,vx,vy,vz,vt,px,py,pz,m,q
            1,0,1,0,0,-13,0,0,0,0,0,0,0,50,0.105658,1
            1,0,2,0,0,22,0,0,0,0,0,0,0,1,0,0

            """);
        File.WriteAllText(folder.File("event000000007-hits.csv"), $"""
            particle_id_pv,particle_id_sv,particle_id_part,particle_id_gen,particle_id_subpart,geometry_id,tx,ty,tz
            1,0,2,0,0,{surface},0,12,2000
            1,0,1,0,0,{surface},0,-61,2000

            """);
        File.WriteAllText(folder.File("event000000007-measurement-simhit-map.csv"), "measurement_id,hit_id\n0,1\n");
        EventSet read = Format("acts").Read(folder.Name);
        Assert.Equal((float)y, read.HitY[0]);
        Assert.Equal(10, read.HitTime[0], 1e-4);
        Assert.Equal(1, read.LabelHit[0]);
        Assert.Equal(-61, read.TruthCrossing[0]);
        Assert.Equal(1.0 / 50, read.TruthQOverPt[0], 1e-9);
    }

    // ACTS sends local_key, a byte, through a stream of text, which gives and takes one character.
    [Fact]
    public void Rows_for_Acts_have_the_character_of_their_bits_and_ways_of_light()
    {
        using TemporaryFolder folder = new();
        Format("acts").Write(folder.Name, _events);
        string[] row = File.ReadLines(folder.File("event000000100-measurements.csv")).ElementAt(1).Split(',');
        Assert.Equal("B", row[2]);
        Assert.True(NumberText.TryRead(row[7], out double way));
        Assert.Equal(_events.HitTime[0] * 299.792458, way, 1e-2);
    }

    [Theory]
    [InlineData("acts", "particles_initial")]
    [InlineData("trackml", "particles")]
    public void Hits_alone_are_read_without_truth(string format, string particles)
    {
        using TemporaryFolder folder = new();
        Format(format).Write(folder.Name, _events);
        foreach (string file in Directory.GetFiles(folder.Name, $"*-{particles}.csv"))
        {
            File.Delete(file);
        }

        EventSet read = Format(format).Read(folder.Name);
        Assert.False(read.HasTruth);
        Assert.Equal(_events.HitY, read.HitY);
    }

    [Fact]
    public void Hits_of_another_detector_and_surfaces_along_the_beam_are_refused()
    {
        using TemporaryFolder folder = new();
        Format("acts").Write(folder.Name, _events);
        Assert.Contains("no plane of 'three-station'", Assert.Throws<BadInputException>(
            () => new ActsEvents(DetectorFile.Load("three-station")).Read(folder.Name)).Message, StringComparison.Ordinal);
        string surfaces = folder.File("detectors.csv");
        File.WriteAllText(surfaces, File.ReadAllText(surfaces).Replace(",0,0,1,6,", ",1,0,0,6,", StringComparison.Ordinal));
        Assert.Contains("does not lie across z", Assert.Throws<BadInputException>(
            () => Format("acts").Read(folder.Name)).Message, StringComparison.Ordinal);
        Assert.Contains("there is no file event*-hits.csv", Assert.Throws<BadInputException>(
            () => Format("trackml").Read(folder.File("none"))).Message, StringComparison.Ordinal);
    }

    private static ExchangeEvents Format(string name) => name == "acts" ? new ActsEvents(_detector) : new TrackMlEvents(_detector);
}
