namespace Sagitta.Tests.Physics.Protons;

public sealed class TrackingCalorimeterFileTests
{
    private const string Valid = """
        name: small
        medium: air
        halfWidth: { x: 50, y: 40 }
        phantom: { material: water }
        beam: { energy: 150, z: -200 }
        materials:
          air: { density: 0.0012, radiationLength: 303921, meanExcitationEnergy: 85.7, elements: { N: 0.76, O: 0.24 } }
          water: { density: 1, radiationLength: 360.8, meanExcitationEnergy: 78, elements: { H: 0.112, O: 0.888 } }
          silicon: { density: 2.33, radiationLength: 93.7, meanExcitationEnergy: 173, elements: { Si: 1 } }
        groups:
          - { name: planes, count: 3, front: 100, pitch: 10, sensitive: { material: silicon, thickness: 0.1 } }
        """;

    [Fact]
    public void Shipped_calorimeter_has_the_layers_of_the_reference_sample()
    {
        TrackingCalorimeter calorimeter = TrackingCalorimeterFile.Load(TrackingCalorimeterFile.Shipped);
        IReadOnlyList<double> z = calorimeter.LayerPositions;
        Assert.Equal(50, calorimeter.LayerCount);
        Assert.Equal(225.2315, z[0], 1e-9);
        Assert.Equal(277.6315, z[1], 1e-9);
        Assert.Equal(333.3815, z[2], 1e-9);
        Assert.Equal(591.8815, z[49], 1e-9);

        // The sample's README: radiation lengths of a tracker and of a calorimeter layer.
        Assert.Equal(0.00511, Budget(calorimeter, calorimeter.Groups[0]), 5e-5);
        Assert.Equal(0.04276, Budget(calorimeter, calorimeter.Groups[1]), 5e-5);
    }

    [Fact]
    public void Boxes_may_be_bare()
    {
        TrackingCalorimeter calorimeter = TrackingCalorimeterFile.Parse(Valid, "small.yaml");
        Assert.Equal([100.05, 110.05, 120.05], calorimeter.LayerPositions.Select(z => Math.Round(z, 9)));
        Assert.Equal(3, CalorimeterSimulation.Generate(new(calorimeter, 20), 1, 0, 1).Count);
    }

    [Theory]
    [InlineData("pitch: 10", "pitsch: 10", "pitch")]
    [InlineData("Si: 1", "Si: 0.5", "add up")]
    [InlineData("Si: 1", "Xx: 1", "unknown")]
    [InlineData("material: water", "material: watter", "did you mean 'water'")]
    [InlineData("thickness: 0.1", "thickness: 11", "pitch")]
    [InlineData("energy: 150", "energy: 1500", "energy")]
    [InlineData("medium: air", "medium: airr", "did you mean 'air'")]
    [InlineData("O: 0.24 }", "N: 0.24 }", "'N' is given twice, before in line")]
    [InlineData("count: 3, ", "", "field 'groups[0].count': the field is missing")]
    public void Mistakes_are_named(string right, string wrong, string expected)
    {
        BadInputException problem = Assert.Throws<BadInputException>(
            () => TrackingCalorimeterFile.Parse(Valid.Replace(right, wrong, StringComparison.Ordinal), "small.yaml"));
        Assert.Contains("'small.yaml', line", problem.Message, StringComparison.Ordinal);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Written_text_reads_back_to_an_equal_calorimeter()
    {
        foreach (TrackingCalorimeter calorimeter in new[]
        {
            TrackingCalorimeterFile.Load(TrackingCalorimeterFile.Shipped), TrackingCalorimeterFile.Parse(Valid, "small.yaml"),
        })
        {
            string text = TrackingCalorimeterFile.Write(calorimeter);
            TrackingCalorimeter again = TrackingCalorimeterFile.Parse(text, "written");
            Assert.Equal(text, TrackingCalorimeterFile.Write(again));
            Assert.True(calorimeter.SameGeometry(again));
            CalorimeterDeposits passages = CalorimeterSimulation.Generate(new(calorimeter, 20), 1, 0, 20);
            Assert.Equal(passages.Energy, CalorimeterSimulation.Generate(new(again, 20), 1, 0, 20).Energy);
            TrackingCalorimeter moved = calorimeter with
            {
                Groups =
                [calorimeter.Groups[0] with { Front = 99 }, .. calorimeter.Groups.Skip(1)]
            };
            Assert.Contains("layer 0 is at", calorimeter.GeometryDifference(moved), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Phantom_that_does_not_fit_is_refused()
    {
        TrackingCalorimeter calorimeter = TrackingCalorimeterFile.Parse(Valid, "small.yaml");
        Assert.Throws<ArgumentException>(() => new ProtonPlan(calorimeter, 250));
    }

    private static double Budget(TrackingCalorimeter calorimeter, LayerGroup group)
    {
        CompoundSlab[] slabs = [.. group.Before, group.Sensitive, .. group.After];
        return slabs.Sum(slab => slab.Thickness / slab.Material.RadiationLength) + (
            (group.Pitch - slabs.Sum(slab => slab.Thickness)) / calorimeter.Medium.RadiationLength);
    }
}
