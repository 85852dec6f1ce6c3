namespace Sagitta.Tests.Physics.Events;

public sealed class ExchangeEventsTests
{
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
            Assert.Equal(_events.HitTime, read.HitTime);
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
        "particle_id,geometry_id,tx,ty,tz,tt,tpx,tpy,tpz,te,deltapx,deltapy,deltapz,deltae,index")]
    [InlineData("acts", "event000000100-particles_initial.csv", "particle_id,particle_type,process,vx,vy,vz,vt,px,py,pz,m,q")]
    [InlineData("acts", "event000000100-measurement-simhit-map.csv", "measurement_id,hit_id")]
    [InlineData("acts", "detectors.csv", "geometry_id,volume_id,boundary_id,layer_id,module_id,cx,cy,cz,rot_xu,rot_xv,rot_xw,rot_yu,rot_yv,"
        + "rot_yw,rot_zu,rot_zv,rot_zw,bounds_type,bound_param0,bound_param1,bound_param2,bound_param3,bound_param4,bound_param5,"
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
