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
        "did you mean 'stripPitch'?")]
    [InlineData("{ z: 140, station: 0, stripPitch: 0.5 }", "{ station: 0 }", "line 10", "field 'planes[1].z': the field is missing")]
    [InlineData("{ z: 140, station: 0, stripPitch: 0.5 }", "{ z: far, station: 0 }", "line 10", "'far' is not a number")]
    [InlineData("{ z: 140, station: 0, stripPitch: 0.5 }", "{ z: 104, station: 0 }", "line 10", "the plane begins at")]
    [InlineData("field: 1", "feild: 1", "line", "field 'field': the field is missing")]
    [InlineData("medium: air", "medium: aire", "line 3", "did you mean 'air'?")]
    [InlineData("gas: gas", "gas: gaz", "line 7", "did you mean 'gas'?")]
    [InlineData("name: small", "name: [small", "", "left open")]
    [InlineData("field: 1", "field: 1: 2", "line 2", "correct the YAML")]
    public void Errors_name_file_line_and_field(string what, string by, string line, string says)
    {
        BadInputException problem = Assert.Throws<BadInputException>(
            () => DetectorFile.Parse(Valid.Replace(what, by, StringComparison.Ordinal), "small.yaml"));
        Assert.Contains("small.yaml", problem.Message, StringComparison.Ordinal);
        Assert.Contains(line, problem.Message, StringComparison.Ordinal);
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_name_says_which_there_are() =>
        Assert.Contains("toy16", Assert.Throws<BadInputException>(() => DetectorFile.Load("toy99")).Message, StringComparison.Ordinal);
}
