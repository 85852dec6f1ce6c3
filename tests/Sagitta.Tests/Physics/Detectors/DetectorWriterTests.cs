namespace Sagitta.Tests.Physics.Detectors;

public sealed class DetectorWriterTests
{
    [Theory]
    [InlineData("toy16")]
    [InlineData("toy17")]
    [InlineData("three-station")]
    public void What_is_written_is_read(string name)
    {
        Detector detector = DetectorFile.Load(name);
        Same(detector, DetectorFile.Parse(DetectorWriter.Write(detector), "written"));
    }

    [Fact]
    public void Planes_with_budgets_of_their_own_keep_them()
    {
        Detector detector = DetectorFile.Parse("""
            name: budgets
            field: 0.5
            materials: { gas: { density: 0.0017, radiationLength: 121150 } }
            plane: { stripPitch: 0.4, gap: 5, gas: gas }
            planes:
              - { z: 100, station: 0, radiationLengths: 0.01 }
              - { z: 200, station: 1, radiationLengths: 0.02 }
            """, "budgets");
        Same(detector, DetectorFile.Parse(DetectorWriter.Write(detector), "written"));
    }

    private static void Same(Detector expected, Detector read)
    {
        Assert.Equal(expected.Name, read.Name);
        Assert.Equal(expected.FieldTesla, read.FieldTesla);
        Assert.Equal(expected.Medium, read.Medium);
        Assert.Equal(expected.Readout, read.Readout);
        foreach ((Plane a, Plane b) in expected.Planes.Zip(read.Planes))
        {
            Assert.Equal(a with { Before = [], After = [] }, b with { Before = [], After = [] });
            Assert.Equal(expected.GasOf(a) with { Name = "" }, read.GasOf(b) with { Name = "" });
            Assert.Equal(Slabs(a), Slabs(b));
        }

        Assert.Equal(expected.Planes.Count, read.Planes.Count);
        Assert.Equal(expected.TraversedMaterial().Sum(slab => slab.Thickness / slab.Material.RadiationLength),
            read.TraversedMaterial().Sum(slab => slab.Thickness / slab.Material.RadiationLength));
    }

    private static IEnumerable<Slab> Slabs(Plane plane) =>
        [.. plane.Before.Concat(plane.After).Select(slab => slab with { Material = slab.Material with { Name = "" } })];
}
