namespace Sagitta.Tests.Tracking.Imaging;

public sealed class PhantomTests
{
    public const string Text = """
        materials:
          water: { rsp: 1 }
          dense: { rsp: 1.5 }
        box: { material: water, x: 100, y: 100, z: 160 }
        cylinders:
          - { name: rod, material: dense, x: 5, y: -5, radius: 8, length: 40 }
        """;

    [Fact]
    public void Shipped_phantom_is_that_of_its_data()
    {
        Phantom phantom = Phantom.Load(TestData.InRepository("data", "geant4-radiograph", "phantom.yaml"));
        Assert.Equal(["aluminium", "bone", "lung", "pmma", "adipose"], phantom.Cylinders.Select(c => c.Name));
        Assert.Equal([2.1331, 1.6732, 0.2589, 1.1635, 0.9487], phantom.Cylinders.Select(phantom.StoppingPower));
        Assert.Equal(160, phantom.Box.Z);
    }

    [Theory]
    [InlineData("material: dense", "material: dence", "did you mean 'dense'?")]
    [InlineData("radius: 8", "radius: 0", "radius")]
    [InlineData("radius: 8", "radius: 48", "leaves the box")]
    [InlineData("length: 40", "length: 400", "longer than the box")]
    [InlineData("rsp: 1.5", "rsp: -1", "rsp")]
    [InlineData("rsp: 1.5", "density: 1.5", "density")]
    [InlineData("box: {", "block: {", "block")]
    [InlineData("y: -5, radius: 8, length: 40 }",
        "y: -5, radius: 8, length: 40 }\n  - { name: rod, material: dense, x: 0, y: 0, radius: 8, length: 40 }",
        "'rod'")]
    public void Wrong_phantom_is_refused_by_its_field(string right, string wrong, string said)
    {
        BadInputException problem = Assert.Throws<BadInputException>(() =>
            ConfigurationFile.Parse<Phantom>(Text.Replace(right, wrong, StringComparison.Ordinal), "phantom.yaml"));
        Assert.Contains("phantom.yaml", problem.Message, StringComparison.Ordinal);
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }
}
