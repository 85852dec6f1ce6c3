namespace Sagitta.Reports.Figures;

/// <summary>Two axes and what is drawn between them.</summary>
/// <param name="X">Horizontal axis.</param>
/// <param name="Y">Vertical axis.</param>
/// <param name="Marks">What is drawn, the first at the back.</param>
internal sealed record Panel(Axis X, Axis Y, IReadOnlyList<Mark> Marks)
{
    /// <summary>Text above the panel.</summary>
    public string Title { get; init; } = "";

    /// <summary>Above the panel by default.</summary>
    public LegendPlacement Legend { get; init; }

    /// <summary>
    /// A lower panel on the same horizontal axis, a third as high: ratios or differences to a reference. Its own X is not used.
    /// </summary>
    public Panel? Lower { get; init; }
}
