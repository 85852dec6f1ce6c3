namespace Sagitta.Reports.Figures;

/// <summary>One or more panels laid out in rows, written as vector graphics by <see cref="FigureWriter"/>.</summary>
/// <param name="Panels">The panels, row by row.</param>
internal sealed record Figure(IReadOnlyList<Panel> Panels)
{
    /// <summary>A figure of one panel.</summary>
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
