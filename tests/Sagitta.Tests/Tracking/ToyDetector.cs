namespace Sagitta.Tests.Tracking;

/// <summary>The default two-station spectrometer written out, so that tests of fits do not depend on detector files.</summary>
internal static class ToyDetector
{
    /// <summary>Two stations of eight planes in 1 T, 0.9 % of a radiation length each.</summary>
    public static Detector TwoStations { get; } = Build([2000, 4800], [8, 8], 40);

    /// <summary>A sagitta measurement: 6 + 5 + 5 planes.</summary>
    public static Detector ThreeStations { get; } = Build([2000, 3400, 4800], [6, 5, 5], 40);

    /// <summary>Planes at equal distances, with the given material each.</summary>
    public static Detector Equidistant(int planes, double length, double radiationLengths, double first = 2000) =>
        Build([first], [planes], length / (planes - 1), radiationLengths);

    private static Detector Build(double[] first, int[] counts, double spacing, double radiationLengths = 0.009)
    {
        List<Plane> planes = [];
        for (int station = 0; station < first.Length; station++)
        {
            for (int i = 0; i < counts[station]; i++)
            {
                planes.Add(new()
                {
                    Z = first[station] + (spacing * i),
                    Station = station,
                    StripPitch = 0.4,
                    GapThickness = 5,
                    Gas = "ArCO2",
                    RadiationLengths = radiationLengths,
                });
            }
        }

        return new() { Name = "test", FieldTesla = 1, StatedResolution = 0.1, Planes = planes };
    }
}
