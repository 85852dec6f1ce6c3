namespace Sagitta.Tests.Physics.Endcap;

public sealed class EndcapDetectorTests
{
    private const string Text = """
        name: small
        field: { uniform: [0.5, 0, 0] }
        medium: air
        materials:
          air: { density: 0.0012, radiationLength: 303921 }
          Al: { density: 2.699, radiationLength: 88.96 }
        plane: { stripPitch: 0.45, gap: 5, gas: air }
        stations: [ { halfWidth: 500, lowY: 0, highY: 2000 } ]
        walls: [ { z: 7900, material: Al, thickness: 60 } ]
        planes: [ { z: 7000, station: 0 }, { z: 7040, station: 0, stereo: 1.5, offset: 3 } ]
        """;

    [Fact]
    public void The_shipped_endcap_is_that_of_its_sample()
    {
        EndcapDetector endcap = EndcapDetector.Load(EndcapDetector.Shipped);
        Assert.Equal(24, endcap.Planes.Count);
        Assert.Equal(21280, endcap.Planes[^1].Z);
        Assert.Equal(1.5 * Math.PI / 180, endcap.Planes[10].StereoAngle, 1e-12);
        Assert.Equal([7900, 13040], endcap.Walls.Select(wall => wall.Z));
        Assert.Equal(Enumerable.Range(16, 8), endcap.PlanesOutsideField);
        double walls = endcap.Walls.Sum(wall => wall.Slab.RadiationLengths);
        Assert.Equal(1.40, walls * Math.Sqrt(1 + (0.28 * 0.28)), 0.01);
        Assert.Equal(1.694, EndcapModel.Nodes(endcap).Sum(node => node.RadiationLengths) * Math.Sqrt(1 + (0.28 * 0.28)), 0.035);
    }

    [Fact]
    public void Strips_are_an_ordinary_detector_in_u()
    {
        EndcapDetector small = EndcapDetector.Parse(Text, "small.yaml");
        Assert.Equal("small", small.Strips.Name);
        Assert.Equal(0, small.Strips.FieldTesla);
        Assert.Same(small.Strips.Planes[1], small.Planes[1].Strips);
        double angle = 1.5 * Math.PI / 180;
        Assert.Equal((100 * Math.Cos(angle)) + (20 * Math.Sin(angle)) + 3, small.Planes[1].Measured(20, 100), 1e-12);
    }

    [Theory]
    [InlineData(", stereo: 1.5", "", "there are no stereo planes")]
    [InlineData("z: 7040", "z: 7000", "planes are not in order (7000 after 7000)")]
    [InlineData("material: Al", "material: Alu", "did you mean 'Al'")]
    [InlineData("z: 7900", "z: 7035", "the wall overlaps a plane")]
    [InlineData("uniform: [0.5, 0, 0]", "uniform: [0.5, 0]", "it has 2 components")]
    [InlineData("uniform: [0.5, 0, 0]", "uniform: [0, 0, 0]", "without a field")]
    [InlineData("uniform: [0.5, 0, 0]", "map: none.npz", "there is no such field map")]
    [InlineData("highY: 2000", "highY: -2000", "not above lowY")]
    [InlineData("stations: [", "stations: [ { halfWidth: 500, lowY: 0, highY: 2000 },", "there are 2, but planes of 1 stations")]
    [InlineData("uniform: [0.5, 0, 0]", "uniform: [0.5, 0, 0], map: m.npz", "both a map and a uniform field")]
    public void Bad_files_are_refused(string old, string replacement, string message)
    {
        string text = Text.Replace(old, replacement, StringComparison.Ordinal);
        Assert.NotEqual(Text, text);
        string said = Assert.Throws<BadInputException>(() => EndcapDetector.Parse(text, "small.yaml")).Message;
        Assert.Contains(message, said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
    }

    [Theory]
    [InlineData(0.1, "it looks like cm; give x, y and z in mm: multiply them by 10")]
    [InlineData(0.001, "it looks like m; give x, y and z in mm: multiply them by 1000")]
    [InlineData(10, "give a map in the detector's frame")]
    public void A_map_in_another_unit_of_length_is_named(double factor, string message)
    {
        using TemporaryFolder folder = new();
        double[] across = [-1000 * factor, 1000 * factor];
        float[] ones = [1, 1, 1, 1, 1, 1, 1, 1];
        FieldArchive.Write(folder.File("map.npz"), ("x", "<f8", across, "(2,)"), ("y", "<f8", across, "(2,)"),
            ("z", "<f8", new double[] { 6000 * factor, 15000 * factor }, "(2,)"), ("bx", "<f4", ones, "(2, 2, 2)"),
            ("by", "<f4", ones, "(2, 2, 2)"), ("bz", "<f4", ones, "(2, 2, 2)"));
        string text = Text.Replace("uniform: [0.5, 0, 0]", "map: map.npz", StringComparison.Ordinal);
        Assert.Contains(message, Assert.Throws<BadInputException>(
            () => EndcapDetector.Parse(text, folder.File("small.yaml"))).Message, StringComparison.Ordinal);
    }
}
