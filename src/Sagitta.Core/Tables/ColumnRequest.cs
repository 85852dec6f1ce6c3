namespace Sagitta.Core.Tables;

/// <summary>A column that a reader asks a table for. It is required unless it has a default or is optional.</summary>
/// <param name="Name">The name that readers, messages and mappings use.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Meaning">Unit or meaning, for messages: "mm".</param>
internal sealed record ColumnRequest(string Name, ColumnKind Kind, string Meaning = "")
{
    /// <summary>Other names under which it is looked for, in order.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Value of every row where the column is missing; null for none.</summary>
    public double? Default { get; init; }

    /// <summary>Whether it may be missing without a default.</summary>
    public bool Optional { get; init; }

    /// <summary>What is noted where it is missing: "1 for every hit". Empty for no note.</summary>
    public string WhenMissing { get; init; } = "";

    /// <summary>Smallest value.</summary>
    public double Low { get; init; } = double.NegativeInfinity;

    /// <summary>Largest value.</summary>
    public double High { get; init; } = double.PositiveInfinity;

    /// <summary>Whether an empty field or NaN stands for "unknown".</summary>
    public bool MayBeUnknown { get; init; }

    internal bool Required => Default is null && !Optional;

    /// <summary>What is wrong with a number of this column, or null: the one place where its domain is looked at, whatever file it comes
    /// from.</summary>
    public string? Problem(double value)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        return double.IsNaN(value) && MayBeUnknown ? null
            : !double.IsFinite(value) ? string.Create(culture, $"{value} is not a finite number")
            : value < Low ? string.Create(culture, $"{value} is below {Low}")
            : value <= High ? null : string.Create(culture, $"{value} is not from {Low} to {High}");
    }
}

/// <summary>What a column holds.</summary>
internal enum ColumnKind
{
    /// <summary>Any finite number.</summary>
    Number,

    /// <summary>A whole number, exact up to 64 bits.</summary>
    WholeNumber,

    /// <summary>A name or a number that stands for one.</summary>
    Name,
}
