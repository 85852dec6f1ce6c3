namespace Sagitta.Experiments.Calorimeter;

/// <summary>Purity and efficiency in percent that Kortus, Keidel and Gauger (arXiv:2407.13420) report for the line graph and the hit graph,
/// on simulated data of their own: patterns compare with ours, numbers need not.</summary>
internal static class PublishedResults
{
    /// <summary>What stands before the short name of a method on the hit graph.</summary>
    public const string HitGraph = "hit graph ";

    /// <summary>How training differs from the publication's: what, there, and here.</summary>
    public static IEnumerable<(string Setting, string Published, string Here)> Settings(CalorimeterExperiment experiment, int primaries)
    {
        CalorimeterTrainingOptions training = experiment.Training;
        yield return ("steps", "10,000", Text(training.Steps));
        yield return ("frames of a step", "32", Text(training.FramesPerStep));
        yield return ("protons of a training frame", "100", Text(training.Protons));
        yield return ("primaries behind each thickness", "100,000", Text(primaries));
        yield return ("learning rate", "0.001, constant",
            string.Create(
                CultureInfo.InvariantCulture, $"{training.LearningRate}, {(training.Decay ? "falling to a hundredth" : "constant")}"));
        yield return ("momentum of the normalisation", "0.1",
            experiment.Network.Momentum.ToString(CultureInfo.InvariantCulture));
        yield return ("seeds", "5", Text(experiment.Seeds));
        yield return ("simulation", "GATE", experiment.Data.SimulatedProtons == 0 ? "Geant4 11.4"
            : $"Geant4 11.4; {Text(experiment.Data.SimulatedProtons)} of training of the own simulation");
    }

    private static string Text(int value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static readonly (string Label, double[] Values)[] _tables =
    [
        ("ptt", [94.9, 83.8, 96.2, 86.9, 96.4, 88.7, 87.4, 75.2, 91.9, 82.4, 91.7, 83.8, 77.5, 65.0, 84.9, 75.3, 87.2, 79.6]),
        ("pat-25", [94.9, 83.8, 96.2, 87.0, 96.5, 88.9, 87.3, 75.0, 91.7, 82.1, 92.2, 84.4, 76.7, 64.3, 84.8, 75.1, 87.6, 80.1]),
        ("pat-50", [95.0, 83.9, 96.3, 87.1, 96.5, 89.0, 87.4, 75.1, 92.0, 82.4, 92.5, 84.6, 76.8, 64.4, 85.1, 75.5, 88.1, 80.6]),
        ("pat-75", [95.0, 83.9, 96.3, 87.1, 96.5, 89.0, 87.4, 75.1, 91.9, 82.4, 92.3, 84.4, 76.6, 64.3, 85.0, 75.4, 87.8, 80.4]),
        (HitGraph + "ptt", [81.9, 71.6, 89.9, 80.9, 92.3, 84.8, 66.2, 56.0, 79.8, 71.1, 83.8, 76.2, 52.6, 43.1, 69.2, 60.8, 75.8, 68.7]),
        (HitGraph + "pat-25", [73.5, 64.0, 83.9, 75.6, 88.8, 81.7, 53.5, 45.2, 70.3, 62.7, 77.0, 70.2, 40.0, 32.7, 57.1, 50.2, 67.1, 61.1]),
        (HitGraph + "pat-50", [74.9, 65.2, 83.0, 74.7, 87.5, 80.4, 55.7, 46.8, 70.1, 62.5, 75.2, 68.5, 42.0, 34.2, 56.9, 50.1, 65.6, 59.7]),
        (HitGraph + "pat-75", [74.8, 65.3, 81.3, 73.1, 84.9, 77.9, 54.9, 46.4, 66.5, 59.2, 71.4, 64.9, 41.0, 33.6, 53.5, 47.1, 61.5, 55.8]),
    ];

    /// <summary>Purity and efficiency for 100, 150 or 200 mm of water and 50, 100 or 150 protons; NaN for anything else.</summary>
    public static (double Purity, double Efficiency) Of(string label, int water, int protons)
    {
        int column = (water / 50) - 2;
        int row = (protons / 50) - 1;
        foreach ((string name, double[] values) in _tables)
        {
            if (name == label && column is >= 0 and < 3 && row is >= 0 and < 3 && water % 50 == 0 && protons % 50 == 0)
            {
                int at = (6 * row) + (2 * column);
                return (values[at], values[at + 1]);
            }
        }

        return (double.NaN, double.NaN);
    }
}
