using System.Text;
using static Sagitta.Reports.Markup.MarkupWriter;

namespace Sagitta.Reports.Figures;

/// <summary>Writes heat maps and contours: one path per colour, so that a fine grid stays a small file.</summary>
internal static class GridMarkWriter
{
    private const int Colours = 64;

    /// <summary>Cells of one of 64 colours each, neighbours of equal colour in a row joined.</summary>
    public static void Write(MarkupWriter writer, HeatMap map, ColourScale colours, Func<double, double> mapX, Func<double, double> mapY)
    {
        double[] x = HeatMap.CellEdges(map.Grid.X);
        double[] y = HeatMap.CellEdges(map.Grid.Y);
        SortedDictionary<int, StringBuilder> paths = [];
        for (int j = 0; j < map.Grid.Y.Count; j++)
        {
            int start = 0;
            for (int i = 1; i <= map.Grid.X.Count; i++)
            {
                int colour = Colour(map.Grid[start, j]);
                if (i < map.Grid.X.Count && Colour(map.Grid[i, j]) == colour)
                {
                    continue;
                }

                if (colour >= 0)
                {
                    if (!paths.TryGetValue(colour, out StringBuilder? path))
                    {
                        paths[colour] = path = new StringBuilder();
                    }

                    path.Append(CultureInfo.InvariantCulture, $"M{Number(mapX(x[start]))} {Number(mapY(y[j]))}H{Number(mapX(x[i]))}")
                        .Append(CultureInfo.InvariantCulture, $"V{Number(mapY(y[j + 1]))}H{Number(mapX(x[start]))}z");
                }

                start = i;
            }
        }

        int Colour(double value)
        {
            double fraction = colours.Axis.Places(value) ? colours.Axis.Fraction(value) : value > 0 ? 1 : 0;
            return double.IsNaN(value) ? -1 : (int)Math.Clamp(fraction * Colours, 0, Colours - 1);
        }

        foreach ((int colour, StringBuilder path) in paths)
        {
            writer.Start("path", "cells").Attribute("fill", Palette.Sequential((colour + 0.5) / Colours)).Attribute("d", path.ToString())
                .End().Line();
        }
    }

    /// <summary>Areas from the lowest level up, each over the one before, then the lines.</summary>
    public static void Write(MarkupWriter writer, Contours contours, ColourScale? colours, Func<double, double> mapX,
        Func<double, double> mapY)
    {
        // On a logarithmic scale the logarithm is what varies smoothly, so it is what is interpolated.
        bool logarithmic = contours.ValueAxis.Scale == AxisScale.Logarithmic;
        ValueGrid grid = logarithmic ? Logarithm(contours.Grid) : contours.Grid;
        double Level(int i) => logarithmic ? Math.Log(contours.Levels[i]) : contours.Levels[i];
        if (contours.Filled && colours is not null)
        {
            // Everything that has a value lies above minus infinity's successor: the ground of the fill.
            Fill(double.MinValue, colours.ColourOfStep(0));
            for (int i = 0; i < contours.Levels.Count; i++)
            {
                Fill(Level(i), colours.ColourOfStep(i + 1));
            }
        }

        for (int i = 0; i < contours.Levels.Count; i++)
        {
            string path = Path(ContourTracer.Lines(grid, Level(i)));
            if (path.Length > 0)
            {
                writer.Start("path", contours.Filled ? "contour-line" : "curve").Attribute("d", path).End().Line();
            }
        }

        void Fill(double level, string colour)
        {
            string path = Path(ContourTracer.Areas(grid, level));
            if (path.Length > 0)
            {
                writer.Start("path", "contour-area").Attribute("fill", colour).Attribute("d", path).End().Line();
            }
        }

        string Path(IReadOnlyList<IReadOnlyList<(double X, double Y)>> lines)
        {
            StringBuilder path = new();
            foreach (IReadOnlyList<(double X, double Y)> line in lines)
            {
                for (int i = 0; i < line.Count; i++)
                {
                    path.Append(i == 0 ? 'M' : 'L').Append(Number(mapX(line[i].X))).Append(' ').Append(Number(mapY(line[i].Y)));
                }
            }

            return path.ToString();
        }
    }

    // Zero and less: far below every level, yet finite, so that neighbouring cells keep their lines.
    private static ValueGrid Logarithm(ValueGrid grid) => new(grid.X, grid.Y,
        [.. grid.Values.Select(value => double.IsNaN(value) ? double.NaN : value > 0 ? Math.Log(value) : -750)]);
}
