using System.Numerics;

namespace Sagitta.Core.Files;

/// <summary>
/// The one place where texts become numbers: a point for decimals, nothing between thousands, whatever the culture of the process. Texts of
/// users, of files and of options are all read here.
/// </summary>
internal static class NumberText
{
    /// <summary>Reads a number; a whole one has only digits and perhaps a sign.</summary>
    public static bool TryRead<T>(ReadOnlySpan<char> text, out T value)
        where T : struct, INumber<T> => T.TryParse(text, StylesOf<T>(), CultureInfo.InvariantCulture, out value);

    /// <summary>The same of UTF-8.</summary>
    public static bool TryRead<T>(ReadOnlySpan<byte> text, out T value)
        where T : struct, INumber<T> => T.TryParse(text, StylesOf<T>(), CultureInfo.InvariantCulture, out value);

    /// <summary>Reads a number that a file of ours holds.</summary>
    /// <param name="text">The text.</param>
    /// <param name="where">Where it stands, for messages.</param>
    /// <exception cref="BadInputException">It is none.</exception>
    public static T Read<T>(string text, string where)
        where T : struct, INumber<T> => TryRead(text, out T value) ? value
        : throw new BadInputException(where, $"'{text}' is not a {(IsWhole<T>() ? "whole " : "")}number that fits",
            "the file is damaged, or not one that this program wrote");

    /// <summary>A number as a text that gives the same number back.</summary>
    public static string Of<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>A number rounded to the digits of a format: "g5".</summary>
    public static double Rounded(double value, string format) =>
        double.Parse(value.ToString(format, CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static NumberStyles StylesOf<T>()
        where T : INumber<T> => IsWhole<T>() ? NumberStyles.AllowLeadingSign : NumberStyles.Float;

    // Only whole numbers have no half.
    private static bool IsWhole<T>()
        where T : INumber<T> => T.IsZero(T.One / (T.One + T.One));
}
