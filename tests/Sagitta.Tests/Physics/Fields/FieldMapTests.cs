namespace Sagitta.Tests.Physics.Fields;

public sealed class FieldMapTests
{
    [Fact]
    public void Corners_of_a_cell_have_the_grids_numbers_and_the_outside_is_zero()
    {
        FieldMap map = Trilinear();
        Assert.Equal(Formula(2, 30, 300), map.Value(2, 30, 300)[0], 1e-6);
        Assert.Equal(Formula(1.3, 17, 250), map.Value(1.3, 17, 250)[0], 1e-6);
        Assert.Equal(0.5, map.Value(1.3, 17, 250)[1]);
        foreach ((double x, double y, double z) in new[
            ] { (-0.01, 20.0, 200.0), (2.01, 20, 200), (1, 30.1, 200), (1, 20, 99.9), (1, 20, 300.1) })
        {
            Assert.True(map.CellAt(x, y, z).IsOutside);
            Assert.Equal(0, map.Value(x, y, z)[1]);
        }

        Assert.True(map.CellAt(double.NaN, 20, 200).IsOutside);
    }

    [Fact]
    public void Gradient_is_that_of_the_cells_polynomial()
    {
        FieldMap map = (FieldMap)EndcapDetector.Load("endcap").Field;
        (double x, double y, double z) = (123.4, 2345.6, 9876.5);
        FieldCell cell = map.CellAt(x, y, z);
        map.EvaluateIn(cell, x, y, z, out FieldPoint point);
        Assert.Equal(map.ValueIn(cell, x, y, z), point.Value);
        for (int c = 0; c < 3; c++)
        {
            Assert.Equal((map.ValueIn(cell, x + 10, y, z)[c] - map.ValueIn(cell, x - 10, y, z)[c]) / 20, point.ByX[c], 1e-12);
            Assert.Equal((map.ValueIn(cell, x, y + 10, z)[c] - map.ValueIn(cell, x, y - 10, z)[c]) / 20, point.ByY[c], 1e-12);
            Assert.Equal((map.ValueIn(cell, x, y, z + 10)[c] - map.ValueIn(cell, x, y, z - 10)[c]) / 20, point.ByZ[c], 1e-12);
        }
    }

    [Fact]
    public void The_endcaps_map_has_its_normal_field()
    {
        FieldMap map = (FieldMap)EndcapDetector.Load("endcap").Field;
        Assert.Equal(0.8, map.Value(0, 3000, 10500)[0], 1e-3);
        Assert.Equal(new FieldBox(-1600, 1600, 0, 6600, 6000, 15000), map.Box);
    }

    [Fact]
    public void A_table_in_any_order_is_the_same_map()
    {
        using TemporaryFolder folder = new();
        string[] rows = [.. Rows()];
        Array.Reverse(rows);
        string path = folder.File("map.csv");
        File.WriteAllLines(path, ["x,y,z,bx,by,bz", .. rows]);
        FieldMap read = FieldMapFile.Read(path);
        Assert.Equal(Trilinear().Value(1.3, 17, 250), read.Value(1.3, 17, 250));
    }

    [Theory]
    [InlineData("hole", "a hole: no value at x = 0, y = 10, z = 100")]
    [InlineData("nan", "not a finite number")]
    [InlineData("twice", "given twice")]
    [InlineData("spacing", "spacing is unequal")]
    [InlineData("gauss", "gauss")]
    [InlineData("column", "'bz'")]
    public void A_table_that_is_no_map_is_refused(string fault, string message)
    {
        using TemporaryFolder folder = new();
        List<string> rows = [.. Rows()];
        string header = "x,y,z,bx,by,bz";
        switch (fault)
        {
            case "hole":
                rows.RemoveAt(0);
                break;
            case "nan":
                rows[3] = "0,10,150,0.1,nan,0";
                break;
            case "twice":
                rows[3] = rows[2];
                break;
            case "spacing":
                rows = [.. rows.Select(row => row.Replace(",300,", ",310,", StringComparison.Ordinal))];
                break;
            case "gauss":
                rows = [.. rows.Select(row => row.Replace("0.5,", "5000,", StringComparison.Ordinal))];
                break;
            default:
                header = "x,y,z,bx,by,b3";
                break;
        }

        string path = folder.File("map.csv");
        File.WriteAllLines(path, [header, .. rows]);
        Assert.Contains(message, Assert.Throws<BadInputException>(() => FieldMapFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing", "the array bz is missing")]
    [InlineData("falling", "does not rise")]
    [InlineData("shape", "it should be (3, 3, 3)")]
    [InlineData("nan", "a hole: no value at x = 0, y = 10, z = 200")]
    public void An_archive_that_is_no_map_is_refused(string fault, string message)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("map.npz");
        float[] values = [.. Enumerable.Repeat(0.5f, 27)];
        float[] holed = [.. values];
        holed[1] = fault == "nan" ? float.NaN : 0.5f;
        (string, string, Array, string)[] arrays =
        [
            ("x", "<f8", fault == "falling" ? new double[] { 2, 1, 0 } : new double[] { 0, 1, 2 }, "(3,)"),
            ("y", "<f8", new double[] { 10, 20, 30 }, "(3,)"), ("z", "<f8", new double[] { 100, 200, 300 }, "(3,)"),
            ("bx", "<f4", holed, fault == "shape" ? "(27,)" : "(3, 3, 3)"), ("by", "<f4", values, "(3, 3, 3)"),
            ("bz", "<f4", values, "(3, 3, 3)"),
        ];
        FieldArchive.Write(path, fault == "missing" ? arrays[..5] : arrays);
        Assert.Contains(message, Assert.Throws<BadInputException>(() => FieldMapFile.Read(path)).Message, StringComparison.Ordinal);
    }

    private static double Formula(double x, double y, double z) => (0.1 + (0.01 * x)) * (1 + (0.02 * y)) * (1 - (0.001 * z));

    private static IEnumerable<(double X, double Y, double Z)> Points() =>
        from x in new[] { 0.0, 1, 2 } from y in new[] { 10.0, 20, 30 } from z in new[] { 100.0, 200, 300 } select (x, y, z);

    private static IEnumerable<string> Rows() => Points().Select(p =>
        string.Create(CultureInfo.InvariantCulture, $"{p.X},{p.Y},{p.Z},{Formula(p.X, p.Y, p.Z):R},0.5,0"));

    private static FieldMap Trilinear() => new(new(0, 1, 3), new(10, 10, 3), new(100, 100, 3),
        [.. Points().Select(p => (float)Formula(p.X, p.Y, p.Z))], [.. Points().Select(_ => 0.5f)], new float[27]);
}
