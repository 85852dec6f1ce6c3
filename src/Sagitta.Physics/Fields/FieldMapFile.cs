namespace Sagitta.Physics.Fields;

/// <summary>
/// Reads field maps: NPZ with the axes x, y, z (mm) and the components bx, by, bz (T) of shape (x, y, z), or a table (CSV, Parquet) with a
/// row x, y, z, bx, by, bz for each point, in any order. Components are kept in single precision.
/// </summary>
internal static class FieldMapFile
{
    // The strongest magnets of spectrometers have some 10 T; 0.8 T in gauss is 8000.
    private const double LargestField = 30;
    private const double GaussPerTesla = 1e4;
    private const double SpacingTolerance = 1e-6;
    private static readonly string[] _axes = ["x", "y", "z"];
    private static readonly string[] _components = ["bx", "by", "bz"];

    /// <exception cref="BadInputException">There is no such file, or it holds no map: a missing array, a hole or NaN, an axis that does not
    /// rise or is unequally spaced, values that look like gauss.</exception>
    public static FieldMap Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException($"'{path}'", Directory.Exists(path) ? "this is a folder" : "there is no such field map",
                "give a file NPZ with x, y, z, bx, by, bz, or a table with these columns");
        }

        return path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) ? ReadGrid(path) : ReadTable(path);
    }

    private static FieldMap ReadGrid(string path)
    {
        using NpzReader file = new(path);
        string[] missing = [.. _axes.Concat(_components).Where(name => !file.Contains(name))];
        if (missing.Length > 0)
        {
            throw new BadInputException($"'{path}'", $"{(missing.Length == 1 ? "the array" : "the arrays")} {string.Join(", ", missing)} "
                + $"{(missing.Length == 1 ? "is" : "are")} missing", $"a field map has x, y, z (mm) and bx, by, bz (T); the file holds: "
                + string.Join(", ", file.Names));
        }

        FieldAxis[] axes = new FieldAxis[3];
        for (int a = 0; a < axes.Length; a++)
        {
            NpyHeader header = file.Header(_axes[a]);
            axes[a] = header.Shape.Length == 1 ? Axis(path, _axes[a], file.ReadConverted<double>(_axes[a]))
                : throw new BadInputException($"'{path}', array '{_axes[a]}'", $"the shape is {header.ShapeText}", "an axis is one list");
        }

        float[][] values = new float[3][];
        for (int c = 0; c < values.Length; c++)
        {
            NpyHeader header = file.Header(_components[c]);
            if (!header.Shape.SequenceEqual([axes[0].Count, axes[1].Count, axes[2].Count]))
            {
                throw new BadInputException($"'{path}', array '{_components[c]}'", $"the shape is {header.ShapeText}",
                    $"it should be ({axes[0].Count}, {axes[1].Count}, {axes[2].Count}), that of x, y and z");
            }

            values[c] = Array.ConvertAll(file.ReadConverted<double>(_components[c]), value => (float)value);
        }

        return Checked(path, axes, values);
    }

    private static FieldMap ReadTable(string path)
    {
        ColumnTable table = TableFile.Read(path, [.. _axes.Select(name => new ColumnRequest(name, ColumnKind.Number, "mm")),
            .. _components.Select(name => new ColumnRequest(name, ColumnKind.Number, "T"))]);
        double[][] places = [.. _axes.Select(table.Numbers)];
        double[][] sorted = [.. places.Select(column => column.Distinct().Order().ToArray())];
        FieldAxis[] axes = [.. sorted.Select((column, a) => Axis(path, _axes[a], column))];
        long points = (long)axes[0].Count * axes[1].Count * axes[2].Count;
        if (points > Math.Max(8L * table.Count, 8))
        {
            throw new BadInputException($"'{path}'", $"the {table.Count} rows are no grid: their places ask for "
                + $"{axes[0].Count} x {axes[1].Count} x {axes[2].Count} points", "give one row for each point of a regular grid");
        }

        float[][] values = [.. _components.Select(_ => Filled(points))];
        for (int row = 0; row < table.Count; row++)
        {
            int index = 0;
            for (int a = 0; a < axes.Length; a++)
            {
                index = (index * axes[a].Count) + Array.BinarySearch(sorted[a], places[a][row]);
            }

            if (!float.IsNaN(values[0][index]))
            {
                throw table.Bad("x", row, "this point of the grid is given twice", "give one row for each point");
            }

            for (int c = 0; c < values.Length; c++)
            {
                values[c][index] = (float)table.Numbers(_components[c])[row];
            }
        }

        return Checked(path, axes, values);
    }

    private static float[] Filled(long points)
    {
        float[] values = new float[points];
        Array.Fill(values, float.NaN);
        return values;
    }

    private static FieldAxis Axis(string path, string name, double[] places)
    {
        string where = $"'{path}', axis {name}";
        if (places.Length < 2)
        {
            throw new BadInputException(where, $"it has {places.Length} places", "a map needs two or more along each axis");
        }

        double spacing = (places[^1] - places[0]) / (places.Length - 1);
        for (int i = 0; i < places.Length; i++)
        {
            string? problem = !double.IsFinite(places[i]) ? Text($"place {i} is {places[i]}")
                : i > 0 && !(places[i] > places[i - 1]) ? Text($"{places[i]} comes after {places[i - 1]}: the axis does not rise")
                : i > 0 && !(Math.Abs(places[i] - places[i - 1] - spacing) <= SpacingTolerance * spacing)
                    ? Text($"the spacing is unequal: {places[i] - places[i - 1]} mm after {places[i - 1]}, {spacing} mm on average") : null;
            if (problem is not null)
            {
                throw new BadInputException(
                    where, problem, "give equally spaced rising places in mm; interpolate the map onto such a grid");
            }
        }

        return new(places[0], spacing, places.Length);
        static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }

    private static FieldMap Checked(string path, FieldAxis[] axes, float[][] values)
    {
        double largest = 0;
        for (int c = 0; c < values.Length; c++)
        {
            for (int i = 0; i < values[c].Length; i++)
            {
                if (!float.IsFinite(values[c][i]))
                {
                    (int x, int rest) = Math.DivRem(i, axes[1].Count * axes[2].Count);
                    (int y, int z) = Math.DivRem(rest, axes[2].Count);
                    throw new BadInputException($"'{path}', {_components[c]}", string.Create(CultureInfo.InvariantCulture,
                        $"the map has a hole: no value at x = {axes[0].At(x)}, y = {axes[1].At(y)}, z = {axes[2].At(z)} mm"),
                        "give a finite value in T at every point of the grid");
                }

                largest = Math.Max(largest, Math.Abs(values[c][i]));
            }
        }

        if (largest == 0)
        {
            throw new BadInputException($"'{path}'", "the field is zero everywhere", "give components in T");
        }

        if (largest > LargestField)
        {
            throw new BadInputException($"'{path}'", string.Create(CultureInfo.InvariantCulture,
                $"the largest component is {largest}, which looks like gauss and not tesla"),
                string.Create(CultureInfo.InvariantCulture, $"divide bx, by and bz by {GaussPerTesla:0}"));
        }

        return new(axes[0], axes[1], axes[2], values[0], values[1], values[2]);
    }
}
