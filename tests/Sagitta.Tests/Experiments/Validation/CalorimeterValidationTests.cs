namespace Sagitta.Tests.Experiments.Validation;

public sealed class CalorimeterValidationTests
{
    private static readonly int[] _waters = [100, 150, 200];

    [Fact]
    public void Simulation_agrees_with_the_committed_slice()
    {
        string[] files = [.. _waters.Select(water => TestData.InRepository("data", "geant4-dtc", $"water{water}_test_hits.csv.gz"))];
        ValidationResult result = CalorimeterValidation.Run(
            TrackingCalorimeterFile.Shipped, files, [.. _waters.Select(water => (double)water)], new(
                ), 2, SilentProgress.Instance, default);
        Holds(result);
        Assert.Contains("<svg", ReportWriter.Write(result.Report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_thickness_is_never_taken_from_a_name()
    {
        string file = TestData.InRepository("data", "geant4-dtc", "water150_test_hits.csv.gz");
        Assert.Contains("one --water MM for each --hits", Assert.Throws<BadInputException>(() => CalorimeterValidation.Run(
            TrackingCalorimeterFile.Shipped, [file], [], new(), 1, SilentProgress.Instance, default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_phantom_fails()
    {
        TrackingCalorimeter calorimeter = TrackingCalorimeterFile.Load(TrackingCalorimeterFile.Shipped);
        CalorimeterSample sample = new("150 mm", 150, CalorimeterSimulation.Generate(new(calorimeter, 157), 9, 0, 1000));
        ValidationResult result = CalorimeterValidation.Run(calorimeter, [sample], new() { Copies = 2 }, 1, SilentProgress.Instance);
        Assert.Contains(result.Checks, check => !check.Holds && check.Name.Contains("stop at the peak", StringComparison.Ordinal));
    }

    [Fact]
    public void Other_material_fails()
    {
        TrackingCalorimeter calorimeter = TrackingCalorimeterFile.Load(TrackingCalorimeterFile.Shipped);
        LayerGroup group = calorimeter.Groups[1];
        CompoundSlab absorber = group.Before[0];
        LayerGroup heavy = group with
        {
            Before = [absorber with { Material = absorber.Material
                with { Elements = new Dictionary<string, double>(StringComparer.Ordinal) { ["Ar"] = 1 } } },
            .. group.Before.Skip(1)]
        };
        TrackingCalorimeter other = calorimeter with { Groups = [calorimeter.Groups[0], heavy] };
        CalorimeterSample sample = new("150 mm", 150, CalorimeterSimulation.Generate(new(other, 150), 9, 0, 1000));
        ValidationResult result = CalorimeterValidation.Run(calorimeter, [sample], new() { Copies = 2 }, 1, SilentProgress.Instance);
        Assert.Contains(result.Checks, check => !check.Holds && check.Name.Contains("change of slope", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("data", "full")]
    public void Simulation_agrees_with_the_test_files()
    {
        string[] files = [.. _waters.Select(water => TestData.Full("geant4-dtc", $"water{water}_test_hits.csv.gz"))];
        Holds(CalorimeterValidation.Run(TrackingCalorimeterFile.Shipped, files, [.. _waters.Select(water => (double)water)], new(), 2,
            SilentProgress.Instance, default));
    }

    private static void Holds(ValidationResult result)
    {
        foreach (CheckSummary check in result.Checks)
        {
            Assert.True(check.Holds, $"{check.Name}: {check.Value} ({check.Bound})");
        }
    }
}
