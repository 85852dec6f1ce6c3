namespace Sagitta.Reports.Figures;

/// <summary>Marching squares (Lorensen and Cline's method in two dimensions): where a level crosses the sides of a grid's cells, by linear
/// interpolation, joined to lines. A cell whose opposite corners lie on the same side is resolved by the mean of its corners.</summary>
internal static class ContourTracer
{
    /// <summary>The lines where the grid has the value <paramref name="level"/>; closed ones end where they begin. Cells with a corner that
    /// is not finite have no line.</summary>
    public static IReadOnlyList<IReadOnlyList<(double X, double Y)>> Lines(ValueGrid grid, double level) =>
        Trace(grid.X.Count, grid.Y.Count, (i, j) => grid[i, j], level, (i, j, along, t) => Place(grid, i, j, along, t), strict: true);

    /// <summary>The borders of the areas where the grid reaches <paramref name="level"/>, every one closed, following the rim of the grid
    /// where an area touches it: to be filled by the even-odd rule. Missing values count as below.</summary>
    public static IReadOnlyList<IReadOnlyList<(double X, double Y)>> Areas(ValueGrid grid, double level)
    {
        // A frame of nodes below any level closes every line; the interpolation then has its crossing at the rim itself.
        int columns = grid.X.Count;
        int rows = grid.Y.Count;
        double Value(int i, int j) => i == 0 || j == 0 || i > columns || j > rows || double.IsNaN(grid[i - 1, j - 1])
            ? double.NegativeInfinity
            : grid[i - 1, j - 1];
        return Trace(columns + 2, rows + 2, Value, level, (i, j, along, t) => Place(grid, i - 1, j - 1, along, t), strict: false);
    }

    private static (double X, double Y) Place(ValueGrid grid, int i, int j, bool alongX, double t)
    {
        double x = Node(grid.X, i);
        double y = Node(grid.Y, j);
        return alongX ? (x + (t * (Node(grid.X, i + 1) - x)), y) : (x, y + (t * (Node(grid.Y, j + 1) - y)));
    }

    // Nodes of the frame lie on the rim.
    private static double Node(IReadOnlyList<double> nodes, int i) => nodes[Math.Clamp(i, 0, nodes.Count - 1)];

    private static List<IReadOnlyList<(double X, double Y)>> Trace(
        int columns, int rows, Func<int, int, double> value, double level, Func<int, int, bool, double, (
            double X, double Y)> place, bool strict)
    {
        // A side is numbered 2 * (its lower left node) + (0 along x, 1 along y). Each side joins at most two pieces.
        Dictionary<int, (int First, int Second)> joined = [];
        List<int> order = [];
        for (int j = 0; j + 1 < rows; j++)
        {
            for (int i = 0; i + 1 < columns; i++)
            {
                double a = value(i, j);
                double b = value(i + 1, j);
                double c = value(i + 1, j + 1);
                double d = value(i, j + 1);
                if (strict && !double.IsFinite(a + b + c + d))
                {
                    continue;
                }

                int bottom = 2 * ((j * columns) + i);
                int left = bottom + 1;
                int right = left + 2;
                int top = bottom + (2 * columns);
                int corners = (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0);
                bool centreHigh = (a + b + c + d) / 4 >= level;
                switch (corners)
                {
                    case 1 or 14: Join(left, bottom); break;
                    case 2 or 13: Join(bottom, right); break;
                    case 3 or 12: Join(left, right); break;
                    case 4 or 11: Join(right, top); break;
                    case 6 or 9: Join(bottom, top); break;
                    case 7 or 8: Join(left, top); break;
                    case 5 or 10:
                        bool cutsLeftBottom = (corners == 10) == centreHigh;
                        Join(left, cutsLeftBottom ? bottom : top);
                        Join(right, cutsLeftBottom ? top : bottom);
                        break;
                    default: break; // 0 and 15: no crossing
                }
            }
        }

        void Join(int one, int other)
        {
            Add(one, other);
            Add(other, one);
        }

        void Add(int from, int to)
        {
            if (joined.TryGetValue(from, out (int First, int Second) ends))
            {
                joined[from] = (ends.First, to);
            }
            else
            {
                joined[from] = (to, -1);
                order.Add(from);
            }
        }

        (double X, double Y) Point(int side)
        {
            int node = side / 2;
            int i = node % columns;
            int j = node / columns;
            bool alongX = side % 2 == 0;
            double low = value(i, j);
            double high = alongX ? value(i + 1, j) : value(i, j + 1);
            double t = double.IsInfinity(low) ? 1 : double.IsInfinity(high) ? 0 : (level - low) / (high - low);
            return place(i, j, alongX, Math.Clamp(t, 0, 1));
        }

        List<IReadOnlyList<(double X, double Y)>> lines = [];
        HashSet<int> visited = [];
        foreach (bool closed in (ReadOnlySpan<bool>)[false, true])
        {
            foreach (int start in order)
            {
                // Open lines first, from an end; what is left afterwards is closed.
                if (visited.Contains(start) || (!closed && joined[start].Second >= 0))
                {
                    continue;
                }

                List<(double X, double Y)> line = [];
                int previous = -1;
                int side = start;
                while (side >= 0 && visited.Add(side))
                {
                    line.Add(Point(side));
                    (int first, int second) = joined[side];
                    int next = first == previous ? second : first;
                    previous = side;
                    side = next;
                }

                if (closed)
                {
                    line.Add(line[0]);
                }

                lines.Add(line);
            }
        }

        return lines;
    }
}
