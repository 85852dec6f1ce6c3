namespace Sagitta.Reports.Figures;

/// <summary>Writes figures as SVG. In a page colours come from its style sheet, so that one figure serves light, dark and printed pages.
/// The same figure gives the same text, character by character, on every machine.</summary>
internal static class FigureWriter
{
    /// <summary>The figure as the text of an SVG file of its own, style sheet included.</summary>
    public static string WriteFile(Figure figure)
    {
        MarkupWriter writer = new();
        Write(writer, figure, "figure", standalone: true);
        return writer.Line().ToString();
    }

    /// <summary>The figure as an SVG element, for an HTML page that has the report's style sheet or for a file of its own.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="figure">What to draw.</param>
    /// <param name="identifier">Begins the identifiers inside, which must be unique in a page: letters, digits and dashes.</param>
    /// <param name="standalone">Whether it is a file of its own.</param>
    public static void Write(MarkupWriter writer, Figure figure, string identifier, bool standalone)
    {
        if (figure.Panels.Count == 0 || figure.Columns < 1)
        {
            throw new ArgumentException("A figure needs at least one panel and one column.", nameof(figure));
        }

        int columns = Math.Min(figure.Columns, figure.Panels.Count);
        double cell = figure.Width / columns;
        PanelLayout[] layouts = [.. figure.Panels.Select(panel => PanelLayout.Create(panel, figure.PanelHeight, cell - 70))];

        // Panels of one figure share their margins, so that they line up.
        double left = layouts.Max(layout => layout.Left);
        double plotWidth = Math.Max(40, cell - left - layouts.Max(layout => layout.Right));
        List<(PanelLayout Layout, double X, double Y)> placed = [];
        double y = 0;
        foreach (PanelLayout[] row in layouts.Chunk(columns))
        {
            double top = row.Max(layout => layout.Top(plotWidth));
            placed.AddRange(row.Select((layout, i) => (layout, (i * cell) + left, y + top)));
            y += top + figure.PanelHeight + row.Max(layout => layout.Bottom(figure.PanelHeight)) + 6;
        }

        writer.Start("svg", "figure");
        if (standalone)
        {
            writer.Attribute("xmlns", "http://www.w3.org/2000/svg");
        }

        writer.Attribute("viewBox", $"0 0 {MarkupWriter.Number(figure.Width)} {MarkupWriter.Number(y)}")
            .Attribute("width", figure.Width).Attribute("height", y).Attribute("role", "img");
        if (figure.Description.Length > 0)
        {
            writer.Attribute("aria-label", figure.Description);
        }

        writer.Line();
        if (standalone && figure.Description.Length > 0)
        {
            writer.Start("title").Text(figure.Description).End().Line();
        }

        if (standalone)
        {
            writer.Start("style").Raw("/*<![CDATA[*/\n" + StandaloneStyle.Text + "/*]]>*/").End().Line();
            writer.Start("rect", "paper").Attribute("width", "100%").Attribute("height", "100%").End().Line();
        }

        for (int i = 0; i < placed.Count; i++)
        {
            (PanelLayout layout, double x, double top) = placed[i];
            new PanelWriter(writer, layout, $"{identifier}-{i}", x, top, plotWidth, figure.PanelHeight).Write();
        }

        writer.End();
    }
}
