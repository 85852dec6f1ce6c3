namespace Sagitta.Tests.Tracking.Calorimeter;

public sealed class CalorimeterTrainerTests : IDisposable
{
    private static readonly CalorimeterExperiment _short = ConfigurationFile.Load<CalorimeterExperiment>(
        TestData.InRepository("experiments", "calorimeter-quick.yaml"),
        [$"data.folder={TestData.InRepository("data", "geant4-dtc")}", "data.waters=[200]", "data.validationFrames=1", "training.steps=1",
            "training.framesPerStep=2", "training.protons=10", "training.validateEvery=1", "training.decay=false"]);

    private static readonly IReadOnlyList<CalorimeterSource> _sources = CalorimeterSource.ReadAll(_short);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A folder of another training is refused; else its parameters would be taken for those of this one.</summary>
    [Fact]
    public void Training_goes_on_in_its_own_folder_alone()
    {
        Train(_short, _short.Methods[0], 1);
        foreach ((CalorimeterExperiment experiment, CalorimeterMethodOptions method, ulong seed) in Others())
        {
            BadInputException refused = Assert.Throws<BadInputException>(() => Train(experiment, method, seed));
            Assert.Contains("another configuration or other events", refused.Message, StringComparison.Ordinal);
        }

        CalorimeterSource fewer = _sources[0] with { Training = _sources[0].Test };
        Assert.Throws<BadInputException>(() => Train(_short, _short.Methods[0], 1, fewer));
    }

    [Fact]
    public void Training_goes_on_to_more_steps_and_for_other_tests()
    {
        Train(_short, _short.Methods[0], 1);
        Train(_short with
        {
            Training = _short.Training with { Steps = 2 },
            Data = _short.Data with { TestProtons = [7], Folder = "moved" },
            TunePrice = true,
        }, _short.Methods[0], 1);
        Assert.Equal(["1", "2"], File.ReadAllLines(_folder.File("metrics.csv")).Skip(1).Select(line => line.Split(',')[0]));
    }

    private static IEnumerable<(CalorimeterExperiment Experiment, CalorimeterMethodOptions Method, ulong Seed)> Others()
    {
        yield return (_short, _short.Methods[1], 1);
        yield return (_short, _short.Methods[0], 2);
        yield return (_short with { Training = _short.Training with { LearningRate = 0.1 } }, _short.Methods[0], 1);
        yield return (_short with { Training = _short.Training with { Decay = true } }, _short.Methods[0], 1);
        yield return (_short with { Data = _short.Data with { ValidationProtons = 20 } }, _short.Methods[0], 1);
        yield return (_short with { Gates = _short.Gates with { PlacesFromAxis = true } }, _short.Methods[0], 1);
    }

    private void Train(CalorimeterExperiment experiment, CalorimeterMethodOptions method, ulong seed, CalorimeterSource? source = null)
    {
        using WorkerThreads threads = new(1);
        using CalorimeterTrainer trainer = new(experiment, method, seed, source is null ? _sources : [source], threads);
        using CalorimeterModel model = trainer.Run(_folder.Name, SilentProgress.Instance, CancellationToken.None);
    }
}
