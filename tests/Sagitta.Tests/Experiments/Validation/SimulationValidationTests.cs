namespace Sagitta.Tests.Experiments.Validation;

public sealed class SimulationValidationTests
{
    private static readonly Detector _toy16 = DetectorFile.Load("toy16");

    [Fact]
    public void Simulation_agrees_with_the_committed_slice()
    {
        ValidationResult result = SimulationValidation.Run(
            _toy16, [Geant4DepositsTests.Slice()], new() { Copies = 4, Seed = 2 }, SilentProgress.Instance);

        // A thousand events leave most bounds at 2.5 standard errors, and there are 19: one in five perfect simulations has one check
        // beyond.
        IEnumerable<string> failed = result.Checks.Where(check => !check.Holds).Select(
            check => $"{check.Name}: {check.Value} ({check.Bound})");
        Assert.True(failed.Count() <= 1, string.Join('\n', failed));
        Assert.Contains("<svg", ReportWriter.Write(result.Report), StringComparison.Ordinal);
    }

    [Fact]
    public void Deposits_that_are_not_those_of_the_material_fail()
    {
        Detector dense = _toy16 with
        {
            Materials = _toy16.Materials.ToDictionary(
                pair => pair.Key, pair => pair.Value with
                {
                    Density = 1.4 * pair.Value.Density,
                    RadiationLength = pair.Value.RadiationLength / 1.4
                }, StringComparer.Ordinal),
        };
        DepositSet other = SimulatedDeposits.Generate(dense, new(), 5, 0, 500);
        ValidationResult result = SimulationValidation.Run(_toy16, [other], new() { Copies = 2 }, SilentProgress.Instance);
        Assert.Contains(result.Checks, check => !check.Holds
            && check.Name.StartsWith("deposit per plane, median", StringComparison.Ordinal));
        Assert.False(result.Holds);
    }

    [Fact]
    [Trait("data", "full")]
    public void Simulation_agrees_with_the_four_fixed_samples()
    {
        DepositSet[] samples = [.. new[] { "fixed5", "fixed10", "fixed30", "fixed100" }.Select(name => Geant4Deposits.Read(
            _toy16, TestData.Full("geant4-toy16", name + "_hits.csv.gz"), TestData.Full("geant4-toy16", name + "_truth.csv.gz")))];
        foreach (CheckSummary check in SimulationValidation.Run(_toy16, samples, new(), SilentProgress.Instance).Checks)
        {
            Assert.True(check.Holds, $"{check.Name}: {check.Value} ({check.Bound})");
        }
    }
}
