namespace Sagitta.Reports.Figures;

/// <summary>One or more panels laid out in rows, written as vector graphics by <see cref="FigureWriter"/>.</summary>
internal sealed record Figure(IReadOnlyList<Panel> Panels)
{
    public Figure(Panel panel) : this([panel])
    {
    }

    /// <summary>Panels side by side before a new row begins.</summary>
    public int Columns { get; init; } = 1;
    /// <summary>Width of the whole, in CSS pixels; it scales down with the page.</summary>
    public double Width { get; init; } = 640;
    /// <summary>Height of each panel's plotting area, in CSS pixels, without lower panel, axes and legend.</summary>
    public double PanelHeight { get; init; } = 300;
    /// <summary>What a reader who cannot see the figure is told.</summary>
    public string Description { get; init; } = "";
}

/// <summary>Two axes and what is drawn between them, the first at the back.</summary>
internal sealed record Panel(Axis X, Axis Y, IReadOnlyList<Mark> Marks)
{
    public string Title { get; init; } = "";
    /// <summary>Whether the legend is shown, in rows above the panel where it can hide no data.</summary>
    public bool ShowLegend { get; init; } = true;

    /// <summary>A lower panel on the same horizontal axis, a third as high: ratios or differences to a reference. Its own X is not
    /// used.</summary>
    public Panel? Lower { get; init; }
}
