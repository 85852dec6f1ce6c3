namespace Sagitta.Experiments.Calorimeter;

/// <summary>
/// Purity and efficiency in percent that Kortus, Keidel and Gauger (arXiv:2407.13420) report for the line graph, on simulated data of their own:
/// patterns compare with ours, numbers need not.
/// </summary>
internal static class PublishedResults
{
    private static readonly (string Label, double[] Values)[] _tables =
    [
        ("ptt", [94.9, 83.8, 96.2, 86.9, 96.4, 88.7, 87.4, 75.2, 91.9, 82.4, 91.7, 83.8, 77.5, 65.0, 84.9, 75.3, 87.2, 79.6]),
        ("pat-25", [94.9, 83.8, 96.2, 87.0, 96.5, 88.9, 87.3, 75.0, 91.7, 82.1, 92.2, 84.4, 76.7, 64.3, 84.8, 75.1, 87.6, 80.1]),
        ("pat-50", [95.0, 83.9, 96.3, 87.1, 96.5, 89.0, 87.4, 75.1, 92.0, 82.4, 92.5, 84.6, 76.8, 64.4, 85.1, 75.5, 88.1, 80.6]),
        ("pat-75", [95.0, 83.9, 96.3, 87.1, 96.5, 89.0, 87.4, 75.1, 91.9, 82.4, 92.3, 84.4, 76.6, 64.3, 85.0, 75.4, 87.8, 80.4]),
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
