namespace Sagitta.Reports.Documents;

/// <summary>A cell of a table: a text or a number.</summary>
internal abstract record Cell
{
    /// <summary>Sets it in bold, for the best of a column.</summary>
    public bool Strong { get; init; }

    /// <summary>A text as a cell.</summary>
    public static implicit operator Cell(string text) => new TextCell(text);

    /// <summary>A number as a cell.</summary>
    public static implicit operator Cell(double value) => new NumberCell(value);

    /// <summary>A text as a cell.</summary>
    public static Cell FromString(string text) => new TextCell(text);

    /// <summary>A number as a cell.</summary>
    public static Cell FromDouble(double value) => new NumberCell(value);
}
