namespace Sagitta.Tests.Physics.Detectors;

public sealed class DetectorFileTests
{
    private const string Valid = """
        name: small
        field: 1
        medium: air
        materials:
          air: { density: 0.0012, radiationLength: 303921 }
          gas: { density: 0.0017, radiationLength: 121150 }
        plane: { stripPitch: 0.4, gap: 5, gas: gas, radiationLengths: 0.01 }
        planes:
          - { z: 100, station: 0 }
          - { z: 140, station: 0, stripPitch: 0.5 }
          - { z: 500, station: 1 }
        """;

    [Theory]
    [InlineData("toy16", 16, 2)]
    [InlineData("toy17", 17, 2)]
    [InlineData("three-station", 16, 3)]
    public void Shipped_detectors_load_by_name(string name, int planes, int stations)
    {
        Detector detector = DetectorFile.Load(name);
        Assert.Equal(name, detector.Name);
        Assert.Equal(planes, detector.Planes.Count);
        Assert.Equal(stations, detector.StationCount);
    }

    [Fact]
    public void Toy16_has_the_material_of_the_reference_sample()
    {
        Detector detector = DetectorFile.Load("toy16");
        double budget = 0;
        var atGap = new Dictionary<int, double>();
        foreach (TraversedSlab slab in detector.TraversedMaterial())
        {
            if (slab.GapOfPlane >= 0)
            {
                atGap[slab.GapOfPlane] = budget + (slab.Thickness / slab.Material.RadiationLength / 2);
            }

            budget += slab.Thickness / slab.Material.RadiationLength;
        }

        // The sample's README: 0.0095, 0.0741, 0.0915, 0.1561 up to the gas centres of planes 0, 7, 8, 15.
        Assert.Equal(0.0095, atGap[0], 5e-5);
        Assert.Equal(0.0741, atGap[7], 5e-5);
        Assert.Equal(0.0915, atGap[8], 5e-5);
        Assert.Equal(0.1561, atGap[15], 5e-5);
    }

    [Fact]
    public void Planes_override_what_they_share()
    {
        Detector detector = DetectorFile.Parse(Valid, "small.yaml");
        Assert.Equal(0.4, detector.Planes[0].StripPitch);
        Assert.Equal(0.5, detector.Planes[1].StripPitch);
        Assert.Equal(0.01, detector.Planes[2].RadiationLengths, 1e-12);
        Assert.Equal(1, detector.MiddlePlane(0));
    }

    [Theory]
    [InlineData("{ z: 140, station: 0, stripPitch: 0.5 }", "{ z: 90, station: 0 }", "line 10", "planes are not in order")]
    [InlineData("{ z: 140, station: 0, stripPitch: 0.5 }", "{ z: 140, station: 3 }", "line 10", "stations are not in order")]
    [InlineData("{ z: 140, station: 0, stripPitch: 0.5 }", "{ z: 140, station: 0, stripPich: 0.5 }", "line 10",
        "did you mean 'planes[1].stripPitch'?")]
    [InlineData("{ z: 140, station: 0, stripPitch: 0.5 }", "{ station: 0 }", "line 10", "field 'planes[1].z': the field is missing")]
    [InlineData("{ z: 140, station: 0, stripPitch: 0.5 }", "{ z: far, station: 0 }", "line 10",
        "'far' is not what is expected; give a number")]
    [InlineData("{ z: 140, station: 0, stripPitch: 0.5 }", "{ z: 104, station: 0 }", "line 10", "the plane begins at")]
    [InlineData("field: 1", "feild: 1", "line 2", "did you mean 'field'?")]
    [InlineData("medium: air", "medium: aire", "line 3", "did you mean 'air'?")]
    [InlineData("gas: gas", "gas: gaz", "line 7", "did you mean 'gas'?")]
    [InlineData("field: 1\n", "", "line 1", "field 'field': the field is missing")]
    [InlineData("field: 1", "field: 1\nfield: 2", "line 3", "'field' is given twice, before in line 2")]
    [InlineData("field: 1", "field: 0", "line 2", "curvature")]
    [InlineData("field: 1", "field: .nan", "line 2", "'.nan' is not what is expected")]
    [InlineData("field: 1", "field: 21", "line 2", "21 is out of range; give a value from -20 to 20")]
    [InlineData("radiationLengths: 0.01", "radiationLengths: 1e-9", "line 9", "'planes[0].radiationLengths': it is given beside")]
    [InlineData("stripPitch: 0.4, ", "", "line 9", "field 'planes[0].stripPitch': the field is missing")]
    [InlineData("{ z: 500, station: 1 }", "{ z: 500, station: 1, before: [{ material: gaz, thickness: 1 }] }", "line 11",
        "field 'planes[2].before[0].material': there is no material 'gaz'")]
    [InlineData("plane: {", "plane: { z: 3, ", "line 7", "those of a single plane")]
    [InlineData("name: small", "name: [small", "", "left open")]
    [InlineData("field: 1", "field: 1: 2", "line 2", "mind indentation, colons and quotes")]
    public void Errors_name_file_line_and_field(string what, string by, string line, string says)
    {
        BadInputException problem = Assert.Throws<BadInputException>(
            () => DetectorFile.Parse(Valid.Replace(what, by, StringComparison.Ordinal), "small.yaml"));
        Assert.Contains("small.yaml", problem.Message, StringComparison.Ordinal);
        Assert.Contains(line, problem.Message, StringComparison.Ordinal);
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("toy16")]
    [InlineData("toy17")]
    [InlineData("three-station")]
    public void Written_text_reads_back_to_an_equal_detector(string name) => ReadsBack(DetectorFile.Load(name));

    [Fact]
    public void Budgets_names_offsets_and_resolutions_are_written_too()
    {
        Detector detector = DetectorFile.Parse(
            Valid.Replace("plane: {", "resolution: 0.3\nstagger: [0, 0.25]\nplane: {", StringComparison.Ordinal)
                .Replace("{ z: 100,", "{ name: first, offset: -1, z: 100,", StringComparison.Ordinal), "small.yaml");
        ReadsBack(detector);
        Assert.Equal(("first", ""), (detector.Planes[0].Name, detector.Planes[1].Name));
        Assert.Equal([-1, 0.25, 0], detector.Planes.Select(plane => plane.StripOffset));
        Assert.Equal(0.3, detector.NominalResolution);
    }

    [Fact]
    public void Resolution_is_stated_or_follows_from_pitch_and_gas()
    {
        Detector detector = DetectorFile.Load("toy16");
        Assert.Equal(0.1, detector.NominalResolution);
        Detector silent = detector with { StatedResolution = null };
        Detector wide = silent with { Planes = [.. silent.Planes.Select(plane => plane with { StripPitch = 15 })] };
        Assert.InRange(silent.NominalResolution, 0.05, 0.07);
        Assert.InRange(wide.NominalResolution, 0.93 * 15 / Math.Sqrt(12), 15 / Math.Sqrt(12));
    }

    [Fact]
    public void Geometry_is_compared_to_a_micrometre()
    {
        Detector detector = DetectorFile.Load("toy16");
        Detector Moved(double by) => detector with
        {
            Planes = [.. detector.Planes.Select((plane, i) => i == 3 ? plane with { Z = plane.Z + by } : plane)],
        };
        Assert.True(detector.SameGeometry(detector with { Name = "other" }));
        Assert.True(detector.SameGeometry(Moved(5e-4)));
        Assert.Equal("plane 3 is at z = 2120 mm, not 2120.5 mm", detector.GeometryDifference(Moved(0.5)));
        Assert.Contains("field", detector.GeometryDifference(detector with { FieldTesla = 2 }), StringComparison.Ordinal);
        Assert.Contains("16 planes, not 17", detector.GeometryDifference(DetectorFile.Load("toy17")), StringComparison.Ordinal);
    }

    // Equal to the last bit in all that is simulated.
    private static void ReadsBack(Detector detector)
    {
        string text = DetectorFile.Write(detector);
        Detector again = DetectorFile.Parse(text, "written");
        Assert.Equal(text, DetectorFile.Write(again));
        Assert.True(detector.SameGeometry(again));
        Assert.Equal(detector.Planes.Select(plane => plane.RadiationLengths), again.Planes.Select(plane => plane.RadiationLengths));
        EventSet events = MuonSimulation.Generate(detector, new(), 3, 0, 5);
        EventSet same = MuonSimulation.Generate(again, new(), 3, 0, 5);
        Assert.Equal(events.HitY, same.HitY);
        Assert.Equal(events.HitCharge, same.HitCharge);
    }

    [Fact]
    public void Unknown_name_says_which_there_are() =>
        Assert.Contains("toy16", Assert.Throws<BadInputException>(() => DetectorFile.Load("toy99")).Message, StringComparison.Ordinal);
}
