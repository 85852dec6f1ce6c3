namespace Sagitta.Reports.Documents;

/// <summary>A column of a table.</summary>
/// <param name="Header">With the inline notation of <see cref="Paragraph"/>.</param>
/// <param name="Unit">Unit of its numbers, shown below the header.</param>
internal sealed record TableColumn(string Header, string Unit = "")
{
    /// <summary>Decimals of all its numbers; null chooses them by the smallest uncertainty (two digits of it), or by the largest
    /// value.</summary>
    public int? Decimals { get; init; }

    /// <summary>A header alone.</summary>
    public static implicit operator TableColumn(string header) => new(header);

    /// <summary>A header alone.</summary>
    public static TableColumn FromString(string header) => new(header);
}
