namespace Sagitta.Reports.Figures;

/// <summary>
/// Colours that readers with a colour vision deficiency can tell apart: for series those of Okabe and Ito ("Color Universal
/// Design", 2008), given to the style sheet by class so that light, dark and printed pages each have their own tones; for
/// values the viridis scale (van der Walt, Smith, 2015), whose lightness rises evenly.
/// </summary>
internal static class Palette
{
    /// <summary>The series that is drawn in the colour of the text.</summary>
    public const int Neutral = -1;

    /// <summary>Number of different series colours; further series begin again.</summary>
    public const int SeriesCount = 7;

    private static readonly (double R, double G, double B)[] s_viridis =
    [
        (0x44, 0x01, 0x54), (0x48, 0x24, 0x75), (0x41, 0x44, 0x87), (0x35, 0x5F, 0x8D), (0x2A, 0x78, 0x8E), (0x21, 0x91, 0x8C),
        (0x22, 0xA8, 0x84), (0x44, 0xBF, 0x70), (0x7A, 0xD1, 0x51), (0xBD, 0xDF, 0x26), (0xFD, 0xE7, 0x25),
    ];

    /// <summary>The colour of a value between 0 and 1 as #rrggbb; beyond the ends it is that of the end, NaN gives a grey.</summary>
    public static string Sequential(double fraction)
    {
        if (double.IsNaN(fraction))
        {
            return "#9a9a9a";
        }

        double place = Math.Clamp(fraction, 0, 1) * (s_viridis.Length - 1);
        int below = Math.Min((int)place, s_viridis.Length - 2);
        (double R, double G, double B) a = s_viridis[below];
        (double R, double G, double B) b = s_viridis[below + 1];
        double t = place - below;
        return string.Create(CultureInfo.InvariantCulture, $"#{Mix(a.R, b.R, t):x2}{Mix(a.G, b.G, t):x2}{Mix(a.B, b.B, t):x2}");
    }

    /// <summary>The style sheet's class of a series.</summary>
    internal static string SeriesClass(int series) =>
        series < 0 ? "sn" : "s" + (series % SeriesCount).ToString(CultureInfo.InvariantCulture);

    private static byte Mix(double a, double b, double t) => (byte)Math.Round(a + ((b - a) * t));
}
