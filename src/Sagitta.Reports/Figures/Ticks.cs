namespace Sagitta.Reports.Figures;

/// <summary>Places for ticks that read well: multiples of 1, 2 or 5 times a power of ten on linear axes, decades with minor ticks on
/// logarithmic ones.</summary>
internal static class Ticks
{
    /// <summary>Ticks within [low, high], about <paramref name="target"/> of them, ascending, equally spaced, all labelled with the same
    /// number of decimals. Requires finite low &lt; high.</summary>
    public static IReadOnlyList<Tick> Linear(double low, double high, int target = 6)
    {
        Check(low, high);
        double step = Step(low, high, target);
        double first = Math.Ceiling((low / step) - 1e-9);
        double last = Math.Floor((high / step) + 1e-9);
        double largest = Math.Max(Math.Abs(low), Math.Abs(high));
        List<Tick> ticks = [];
        for (double i = first; i <= last; i++)
        {
            ticks.Add(new Tick(i * step, LinearLabel(i * step, step, largest)));
        }

        return ticks;
    }

    /// <summary>Ticks within [low, high], ascending: labelled decades (every n-th if there are many) with unlabelled ticks between them;
    /// ranges of little more than two decades or less label 1, 2 and 5, and ranges under a factor of about three fall back to linear
    /// places. Requires 0 &lt; low &lt; high.</summary>
    public static IReadOnlyList<Tick> Logarithmic(double low, double high, int target = 6)
    {
        Check(low, high);
        if (low <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(low), low, "A logarithmic axis needs a positive lower end.");
        }

        double decades = Math.Log10(high / low);
        if (decades < 0.5)
        {
            return Linear(low, high, target);
        }

        int firstDecade = (int)Math.Floor(Math.Log10(low) + 1e-9);
        int lastDecade = (int)Math.Floor(Math.Log10(high) + 1e-9);
        int every = Math.Max(1, (int)Math.Ceiling(decades / target));
        List<Tick> ticks = [];
        for (int decade = firstDecade; decade <= lastDecade; decade++)
        {
            double power = Math.Pow(10, decade);
            for (int digit = 1; digit <= 9; digit++)
            {
                double value = digit * power;
                if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9) || (digit > 1 && every > 1))
                {
                    continue;
                }

                bool labelled = decades < 2.3
                    ? digit is 1 or 2 or 5
                    : digit == 1 && (decade - firstDecade) % every == 0;
                ticks.Add(new Tick(value, labelled ? LogarithmicLabel(digit, decade) : ""));
            }
        }

        return ticks;
    }

    /// <summary>The spacing 1, 2 or 5 times a power of ten that gives the number of ticks nearest to the target.</summary>
    internal static double Step(double low, double high, int target)
    {
        double rough = (high - low) / Math.Max(1, target);
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch
        {
            < 1.5 => power,
            < 3.5 => 2 * power,
            < 7.5 => 5 * power,
            _ => 10 * power,
        };
    }

    private static string LinearLabel(double value, double step, double largest)
    {
        if (Math.Abs(value) < step / 2)
        {
            return "0";
        }

        if (largest is >= 1e5 or < 1e-3)
        {
            int exponent = (int)Math.Floor(Math.Log10(largest) + 1e-9);
            int digits = Math.Max(0, exponent - (int)Math.Floor(Math.Log10(step) + 1e-9));
            return Sign((value / Math.Pow(10, exponent)).ToString("F" + digits, CultureInfo.InvariantCulture)) + "×10" + Power(exponent);
        }

        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        return Sign(value.ToString("F" + decimals, CultureInfo.InvariantCulture));
    }

    private static string LogarithmicLabel(int digit, int decade)
    {
        if (decade is >= -3 and <= 4)
        {
            return (digit * Math.Pow(10, decade)).ToString(decade < 0 ? "F" + -decade : "F0", CultureInfo.InvariantCulture);
        }

        return (digit == 1 ? "" : digit.ToString(CultureInfo.InvariantCulture) + "×") + "10" + Power(decade);
    }

    private static string Power(int exponent) => "^{" + Sign(exponent.ToString(CultureInfo.InvariantCulture)) + "}";

    private static string Sign(string text) => text.Replace('-', '−');

    private static void Check(double low, double high)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || !(low < high))
        {
            throw new ArgumentOutOfRangeException(nameof(low), $"An axis needs finite ends in order, not {low} .. {high}.");
        }
    }
}

/// <summary>A mark on an axis; its label is empty for a minor tick, and may use <c>^{super}</c>.</summary>
internal readonly record struct Tick(double Value, string Label);
