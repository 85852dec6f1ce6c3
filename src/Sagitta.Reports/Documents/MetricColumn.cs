namespace Sagitta.Reports.Documents;

/// <summary>A quantity of the rows of a table, stated once: <see cref="MetricTable"/> renders it as plain text, Markdown, HTML and
/// JSON.</summary>
/// <param name="Name">Its key in JSON.</param>
/// <param name="Header">Its header in tables.</param>
/// <param name="Format">How its numbers are written.</param>
/// <param name="Meaning">What it is, in a sentence.</param>
/// <param name="Value">Its value for a row.</param>
internal sealed record MetricColumn<TRow>(string Name, string Header, string Format, string Meaning, Func<TRow, Metric> Value)
{
    /// <summary>Unit of its numbers in tables.</summary>
    public string Unit { get; init; } = "";
    /// <summary>What a number is multiplied by in tables, such as 100 for per cent.</summary>
    public double Scale { get; init; } = 1;
    /// <summary>A shorter header for plain text; null for the usual one.</summary>
    public string? Short { get; init; }
    /// <summary>Width in plain text; negative for text that begins at the left.</summary>
    public int Width { get; init; } = 7;
    /// <summary>Where values are counts, the key in JSON of what they are out of.</summary>
    public string OutOf { get; init; } = "";

    /// <summary>Whether it is a share, from 0 to 1.</summary>
    public bool IsShare { get; init; }

    /// <summary>The value of a row.</summary>
    /// <exception cref="InvalidOperationException">A share lies outside 0 to 1: it was computed wrongly, and is not shown.</exception>
    public Metric Of(TRow row)
    {
        const double Rounding = 1e-9;
        Metric metric = Value(row);
        return IsShare && (metric.Value < -Rounding || metric.Value > 1 + Rounding)
            ? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The share '{Name}' came out as {metric.Value}, which can't be: please report this.")) : metric;
    }

    public int Decimals => Format.Split(';')[0].Split('.') is [_, { } decimals] ? decimals.Length : 0;

    public string Text(TRow row) => Of(row).ToString(Format, Scale);

    /// <summary>The same quantity of rows that hold such a row; undefined where they hold none.</summary>
    public MetricColumn<TOther> Of<TOther>(Func<TOther, TRow?> row) => new(
        Name, Header, Format, Meaning, other => row(other) is { } own ? Value(own) : double.NaN)
    {
        Unit = Unit,
        Scale = Scale,
        Short = Short,
        Width = Width,
        OutOf = OutOf,
        IsShare = IsShare,
    };
}

/// <summary>A value of a <see cref="MetricColumn{TRow}"/>: a number, alone or with its error, an interval or what it is out of; or a text.
/// NaN is undefined: a dash in tables, null in JSON.</summary>
internal readonly record struct Metric(double Value)
{
    public Metric(double value, double error) : this(value) => (Error, HasError) = (error, true);

    public Metric(double value, double low, double high) : this(value) => (Low, High, HasInterval) = (low, high, true);

    public string? Text { get; init; }
    /// <summary>Error; NaN for none.</summary>
    public double Error { get; init; } = double.NaN;
    public bool HasError { get; init; }
    /// <summary>Lower end of the interval; NaN for none.</summary>
    public double Low { get; init; } = double.NaN;
    /// <summary>Upper end of the interval; NaN for none.</summary>
    public double High { get; init; } = double.NaN;
    /// <summary>What a count is out of; NaN for none. Tables of reports show the count alone.</summary>
    public double OutOf { get; init; } = double.NaN;
    public bool HasInterval { get; init; }

    public static implicit operator Metric(double value) => new(value);

    public static implicit operator Metric(string text) => new(double.NaN) { Text = text };

    /// <summary>The number with all that belongs to it in another unit.</summary>
    public Metric Times(double factor) =>
        this with { Value = factor * Value, Error = factor * Error, Low = factor * Low, High = factor * High };

    public string ToString(string format, double scale = 1)
    {
        string Number(double value) => !double.IsFinite(value) ? "-"
            : WithoutSignOfZero((scale * value).ToString(format, CultureInfo.InvariantCulture));
        return Text is { } text ? text.Length > 0 ? text : "-"
            : double.IsFinite(OutOf) ? $"{Number(Value)}/{Number(OutOf)}"
            : HasError ? $"{Number(Value)} +- {Number(Error)}"
            : HasInterval ? $"{Number(Value)} [{Number(Low)}, {Number(High)}]"
            : Number(Value);
    }

    private static string WithoutSignOfZero(string text) =>
        text.StartsWith('-') && text.AsSpan(1).IndexOfAnyExcept('0', '.') < 0 ? text[1..] : text;
}
