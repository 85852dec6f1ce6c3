using FsCheck;
using FsCheck.Fluent;

namespace Sagitta.Tests.Reports.Figures;

public sealed class ContourTracerTests
{
    private static readonly double[] s_nodes = [.. Enumerable.Range(0, 61).Select(i => -3 + (0.1 * i))];

    /// <summary>A grid filled from a function of x and y.</summary>
    internal static ValueGrid Grid(IReadOnlyList<double> x, IReadOnlyList<double> y, Func<double, double, double> function) =>
        new(x, y, [.. y.SelectMany(b => x.Select(a => function(a, b)))]);

    [Fact]
    public void Contour_of_a_paraboloid_is_one_closed_circle()
    {
        ValueGrid grid = Grid(s_nodes, s_nodes, (x, y) => (x * x) + (y * y));
        IReadOnlyList<(double X, double Y)> line = Assert.Single(ContourTracer.Lines(grid, 4));
        Assert.Equal(line[0], line[^1]);
        Assert.True(line.Count > 80);
        foreach ((double x, double y) in line)
        {
            // Linear interpolation of a parabola over a step h is off by h^2 / 4 at most in the value.
            Assert.Equal(4, (x * x) + (y * y), 0.0026);
        }

        Assert.Equal(4 * Math.PI, Area(line), 0.05);
    }

    [Fact]
    public void Contour_of_a_plane_is_one_open_straight_line_from_rim_to_rim()
    {
        ValueGrid grid = Grid(s_nodes, s_nodes, (x, y) => x + (0.5 * y));
        IReadOnlyList<(double X, double Y)> line = Assert.Single(ContourTracer.Lines(grid, 0.123));
        Assert.NotEqual(line[0], line[^1]);
        Assert.All(line, p => Assert.Equal(0.123, p.X + (0.5 * p.Y), 1e-12));
        Assert.Equal([-3, 3], new[] { line[0].Y, line[^1].Y }.Order());
    }

    [Fact]
    public void Saddle_gives_two_lines_that_follow_its_centre()
    {
        // Odd number of cells, so that the saddle point is inside a cell and not on a node.
        double[] nodes = [-1.5, -0.5, 0.5, 1.5];
        ValueGrid grid = Grid(nodes, nodes, (x, y) => x * y);
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> above = ContourTracer.Lines(grid, 0.1);
        Assert.Equal(2, above.Count);
        Assert.All(above, line => Assert.All(line, p =>
            Assert.True(p.X * p.Y > 0, "a positive level stays in the first and third quadrant")));
        Assert.All(ContourTracer.Lines(grid, -0.1), line => Assert.All(line, p => Assert.True(p.X * p.Y < 0)));
    }

    [Fact]
    public void Areas_cover_what_reaches_the_level()
    {
        // Half plane x >= 0.4 of the square (-3, 3): 2.6 x 6.
        ValueGrid grid = Grid(s_nodes, s_nodes, (x, _) => x);
        IReadOnlyList<(double X, double Y)> border = Assert.Single(ContourTracer.Areas(grid, 0.4000001));
        Assert.Equal(border[0], border[^1]);
        Assert.Equal(2.6 * 6, Area(border), 1e-4);
    }

    [Fact]
    public void Area_of_a_level_below_all_values_is_the_whole_grid()
    {
        ValueGrid grid = Grid(s_nodes, s_nodes, (x, y) => Math.Sin(x) * y);
        Assert.Equal(36, Area(Assert.Single(ContourTracer.Areas(grid, double.MinValue))), 1e-9);
        Assert.Empty(ContourTracer.Areas(grid, 100));
        Assert.Empty(ContourTracer.Lines(grid, 100));
    }

    [Fact]
    public void Missing_values_break_lines_and_bound_areas()
    {
        ValueGrid grid = Grid(s_nodes, s_nodes, (x, y) => x < 0 ? double.NaN : (x * x) + (y * y));
        IReadOnlyList<(double X, double Y)> line = Assert.Single(ContourTracer.Lines(grid, 4));
        Assert.NotEqual(line[0], line[^1]);
        Assert.All(line, p => Assert.True(p.X >= 0));
        Assert.All(ContourTracer.Areas(grid, 4), area => Assert.All(area, p => Assert.True(double.IsFinite(p.X + p.Y))));
    }

    [Fact]
    public void Area_between_levels_agrees_with_counting_on_random_smooth_surfaces() =>
        Prop.ForAll(Gen.Choose(-100, 100).ArrayOf(5).ToArbitrary(), c =>
        {
            double F(double x, double y) => (c[0] * Math.Sin(x)) + (c[1] * Math.Cos(y)) + (c[2] * x * y / 4) + (c[3] * Math.Sin(x + y)) + (
                c[4] / 10.0 * x) + (0.001 * y);
            ValueGrid grid = Grid(s_nodes, s_nodes, F);
            (double low, double high) = grid.Range();
            double level = low + (0.37 * (high - low));
            IReadOnlyList<IReadOnlyList<(double X, double Y)>> areas = ContourTracer.Areas(grid, level);
            Assert.All(areas, border => Assert.Equal(border[0], border[^1]));
            int inside = 0;
            for (int i = 0; i < 120; i++)
            {
                for (int j = 0; j < 120; j++)
                {
                    inside += F(-2.975 + (0.05 * i), -2.975 + (0.05 * j)) >= level ? 1 : 0;
                }
            }

            // Even-odd: holes subtract, which the sign of the area does by orientation; here nesting depth decides it.
            double area = 0;
            foreach (IReadOnlyList<(double X, double Y)> border in areas)
            {
                int depth = areas.Count(other => other != border && Contains(other, border[0]));
                area += depth % 2 == 0 ? Area(border) : -Area(border);
            }

            Assert.Equal(inside * 0.0025, area, 0.35);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Logarithmic_levels_have_equal_ratios_inside_the_positive_range()
    {
        ValueGrid grid = Grid(s_nodes, s_nodes, (x, y) => (x * x) + (y * y));
        IReadOnlyList<double> levels = Contours.LogarithmicLevels(grid, 10);
        Assert.Equal(10, levels.Count);
        Assert.InRange(levels[0], grid.Range(positiveOnly: true).Low, levels[1]);
        Assert.InRange(levels[^1], levels[^2], grid.Range().High);
        for (int i = 2; i < levels.Count; i++)
        {
            Assert.Equal(levels[1] / levels[0], levels[i] / levels[i - 1], 1e-9);
        }

        Assert.Empty(Contours.LogarithmicLevels(Grid(s_nodes, s_nodes, (_, _) => 0)));
    }

    private static double Area(IReadOnlyList<(double X, double Y)> closed)
    {
        double twice = 0;
        for (int i = 1; i < closed.Count; i++)
        {
            twice += (closed[i - 1].X * closed[i].Y) - (closed[i].X * closed[i - 1].Y);
        }

        return Math.Abs(twice) / 2;
    }

    private static bool Contains(IReadOnlyList<(double X, double Y)> closed, (double X, double Y) p)
    {
        bool inside = false;
        for (int i = 1; i < closed.Count; i++)
        {
            ((double ax, double ay), (double bx, double by)) = (closed[i - 1], closed[i]);
            inside ^= (ay > p.Y) != (by > p.Y) && p.X < ax + ((p.Y - ay) / (by - ay) * (bx - ax));
        }

        return inside;
    }
}
