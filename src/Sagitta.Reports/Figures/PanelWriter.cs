using static Sagitta.Reports.Markup.MarkupWriter;

namespace Sagitta.Reports.Figures;

/// <summary>Writes one panel at its place: frame, grid, ticks, titles, legend, colour scale, marks, and the panel below.</summary>
internal sealed class PanelWriter(
    MarkupWriter writer, PanelLayout layout, string identifier, double left, double top, double width, double height, bool isLower = false)
{
    private readonly string _clip = identifier + "-clip";

    public void Write()
    {
        Panel panel = layout.Panel;
        writer.Start("g", "panel").Line();
        WriteGround(writer, _clip, left, top, width, height);
        WriteGrid();
        MarkWriter marks = new(writer, layout, _clip, left, top, width, height);
        foreach (Mark mark in panel.Marks)
        {
            marks.Write(mark);
        }

        if (panel.Marks.Count == 0)
        {
            InlineText.WriteSvg(writer, "tick-label", "no data", left + (width / 2), top + (height / 2), "middle");
        }

        // The frame comes after the marks, so that filled areas do not cover half of it.
        writer.Start("path", "frame").Attribute("d", $"M{Number(left)} {Number(top)}v{Number(height)}h{Number(width)}").End().Line();
        WriteTicks();
        WriteTitles();
        if (panel.ShowLegend && !isLower)
        {
            WriteLegend(marks);
        }

        if (layout.Colours is not null)
        {
            WriteColourScale(layout.Colours);
        }

        writer.End().Line();
        if (layout.Lower is not null)
        {
            new PanelWriter(
                writer, layout.Lower, identifier + "-lower", left, top + PanelLayout.LowerOffset(height), width, PanelLayout.LowerHeight(
                    height), isLower: true).Write();
        }
    }

    /// <summary>The area that is drawn on, and the clip path of its border.</summary>
    internal static void WriteGround(MarkupWriter writer, string clip, double left, double top, double width, double height) =>
        writer.Start("clipPath").Attribute("id", clip).Start("rect").Box(left, top, width, height).End().End().Line()
            .Start("rect", "ground").Box(left, top, width, height).End().Line();

    private double MapX(double value) => left + (layout.X.Fraction(value) * width);

    private double MapY(double value) => top + height - (layout.Y.Fraction(value) * height);

    private void WriteGrid()
    {
        string path = string.Concat(
        [
            .. layout.X.Ticks.Where(tick => tick.Label.Length > 0 && layout.X.Axis.Categories.Count == 0)
                .Select(tick => $"M{Number(MapX(tick.Value))} {Number(top)}v{Number(height)}"),
            .. layout.Y.Ticks.Where(tick => tick.Label.Length > 0)
                .Select(tick => $"M{Number(left)} {Number(MapY(tick.Value))}h{Number(width)}"),
        ]);
        if (path.Length > 0)
        {
            writer.Start("path", "grid").Attribute("d", path).End().Line();
        }
    }

    private void WriteTicks()
    {
        System.Text.StringBuilder path = new();
        double foot = top + height;
        foreach (Tick tick in layout.X.Ticks)
        {
            double x = MapX(tick.Value);
            path.Append('M').Append(Number(x)).Append(' ').Append(Number(foot)).Append('v').Append(tick.Label.Length > 0 ? '5' : '3');
            if (tick.Label.Length > 0 && layout.Lower is null)
            {
                InlineText.WriteSvg(writer, "tick-label", tick.Label, x, foot + 17, "middle");
            }
        }

        foreach (Tick tick in layout.Y.Ticks)
        {
            double y = MapY(tick.Value);
            path.Append('M').Append(Number(left)).Append(' ').Append(Number(y)).Append("h-").Append(tick.Label.Length > 0 ? '5' : '3');
            if (tick.Label.Length > 0)
            {
                InlineText.WriteSvg(writer, "tick-label", tick.Label, left - 9, y + 3.8, "end");
            }
        }

        if (path.Length > 0)
        {
            writer.Start("path", "frame").Attribute("d", path.ToString()).End().Line();
        }
    }

    private void WriteTitles()
    {
        Panel panel = layout.Panel;
        if (panel.Title.Length > 0)
        {
            double above = panel.ShowLegend ? layout.Top(width) - 24 : 8;
            InlineText.WriteSvg(writer, "panel-title", panel.Title, left, top - above, "start");
        }

        if (layout.Lower is null && layout.X.Axis.Title.Length > 0)
        {
            InlineText.WriteSvg(writer, "axis-title", layout.X.Axis.Title, left + (width / 2), top + height + 37, "middle");
        }

        if (layout.Y.Axis.Title.Length > 0)
        {
            InlineText.WriteRotated(writer, layout.Y.Axis.Title, left - layout.Left + 15, top + (height / 2));
        }
    }

    private void WriteLegend(MarkWriter marks)
    {
        List<(Mark Mark, double X, int Row)> entries = layout.LegendEntries(width);
        if (entries.Count == 0)
        {
            return;
        }

        double y = top - 6 - ((entries[^1].Row + 0.5) * PanelLayout.LegendRow);
        foreach ((Mark mark, double offset, int row) in entries)
        {
            double rowY = y + (row * PanelLayout.LegendRow);
            marks.WriteKey(mark, left + offset, rowY);
            InlineText.WriteSvg(writer, "legend-label", mark.Label, left + offset + 28, rowY + 4, "start");
        }
    }

    private void WriteColourScale(ColourScale colours)
    {
        double x = left + width + 14;
        int steps = colours.Levels.Count > 0 ? colours.Levels.Count + 1 : 64;
        for (int i = 0; i < steps; i++)
        {
            double from = colours.Levels.Count == 0 ? i / (double)steps : i == 0 ? 0 : colours.Axis.Fraction(colours.Levels[i - 1]);
            double to = colours.Levels.Count == 0 ? (i + 1) / (double)steps : i == steps - 1 ? 1 : colours.Axis.Fraction(colours.Levels[i]);
            string colour = colours.Levels.Count == 0 ? Palette.Sequential((i + 0.5) / steps) : colours.ColourOfStep(i);
            writer.Start("rect", "cells").Box(x, top + height - (to * height), 14, (to - from) * height).Attribute("fill", colour).End();
        }

        writer.Line();
        foreach (Tick tick in colours.Axis.Ticks.Where(tick => tick.Label.Length > 0))
        {
            InlineText.WriteSvg(writer, "tick-label", tick.Label, x + 20,
                top + height - (colours.Axis.Fraction(tick.Value) * height) + 3.8, "start");
        }

        if (colours.Axis.Axis.Title.Length > 0)
        {
            InlineText.WriteRotated(writer, colours.Axis.Axis.Title, x + 20 + colours.Axis.LabelWidth + 16, top + (height / 2));
        }
    }
}
