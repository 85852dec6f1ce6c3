using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Calorimeter.Imaging;

/// <summary>An image as arrays, pictures, a report, tables and JSON.</summary>
internal static class CalorimeterImageReport
{
    private const int PixelsOfPicture = 4;

    /// <summary>The columns of a phantom's cylinders.</summary>
    public static IReadOnlyList<MetricColumn<InsertMeasurement>> Inserts { get; } =
    [
        new("name", "Insert", "", "The cylinder's name in the phantom's file.", i => i.Cylinder.Name) { Short = "insert", Width = -10 },
        new("x", "x", "0.0", "x of its axis.", i => i.Cylinder.X) { Unit = "mm" },
        new("y", "y", "0.0", "y of its axis.", i => i.Cylinder.Y) { Unit = "mm" },
        new("radius", "Radius", "0.0", "Its radius.", i => i.Cylinder.Radius) { Unit = "mm", Short = "radius" },
        new("wepl", "WEPL", "0.00", "Mean water-equivalent path length more than 3 mm inside its edge.", i => i.PathLength.Value)
        { Unit = "mm" },
        new("rsp", "RSP", "0.0000", "Stopping power relative to water, from the difference to the box around.",
            i => new Metric(i.Rsp, i.RspError)) { Width = 18 },
        new("rspTrue", "True RSP", "0.0000", "Stopping power that the phantom's file states.", i => i.Truth) { Short = "true", Width = 8 },
        new("bias", "Bias", "+0.00;-0.00;0.00", "Measured over true stopping power minus 1.", i => i.Bias)
        { Unit = "%", Scale = 100, Short = "bias %" },
        new("noise", "Noise", "0.00", "Standard deviation of the path length of one proton inside.", i => i.Noise)
        { Unit = "mm", Short = "noise" },
        new("edge", "Edge", "0.00", "Standard deviation of the error function that fits the edge.", i => i.Edge)
        { Unit = "mm", Short = "edge" },
    ];

    /// <summary>Writes image.npz, image.svg, image.png and report.html into a folder.</summary>
    public static void Write(CalorimeterImage image, string folder)
    {
        PathLengthMap map = image.Map;
        Directory.CreateDirectory(folder);
        using (NpzWriter arrays = new(Path.Combine(folder, "image.npz")))
        {
            arrays.AddText("format", "sagitta-image-1");
            arrays.Add<double>("x", map.X);
            arrays.Add<double>("y", map.Y);
            arrays.AddScalar("plane", image.Plane);
            arrays.Add<double>("wepl", map.Value, map.Y.Length, map.X.Length);
            arrays.Add<double>("error", map.Error, map.Y.Length, map.X.Length);
            arrays.Add<int>("count", map.Count, map.Y.Length, map.X.Length);
            arrays.Commit();
        }

        List<Block> blocks = [];
        if (Picture(image) is { } figure)
        {
            (double low, double high) = Scale(map);
            AtomicFile.WriteText(Path.Combine(folder, "image.svg"), FigureWriter.WriteFile(figure));
            PortableImage.Write(Path.Combine(folder, "image.png"), PixelsOfPicture * map.X.Length, PixelsOfPicture * map.Y.Length,
                (column, row) => Palette.Sequential(
                    (map.Value[((map.Y.Length - 1 - (row / PixelsOfPicture)) * map.X.Length) + (column / PixelsOfPicture)] - low)
                        / (high - low)));
            blocks.Add(new Illustration(figure, string.Create(CultureInfo.InvariantCulture,
                $"Water-equivalent path length in the plane z = {image.Plane} mm; pixels without protons are empty.")));
        }

        blocks.Add(new Paragraph(Facts(image)));
        if (image.Inserts.Count > 0)
        {
            blocks.Add(MetricTable.Block(Inserts, image.Inserts,
                "The phantom's cylinders; noise is that of one proton, edges are spreads of an error function."));
        }

        ReportWriter.WriteFile(Path.Combine(folder, "report.html"), new("Proton radiograph", blocks)
        {
            Abstract = "Protons lose energy in what they cross. The range that is left of each proton, measured by its track in a "
                + "calorimeter behind the object, tells how much water would have cost as much energy: the path length of a pixel.",
        });
    }

    /// <summary>The image as a figure; null where it has fewer than two pixels across.</summary>
    public static Figure? Picture(CalorimeterImage image)
    {
        PathLengthMap map = image.Map;
        if (map.X.Length < 2 || map.Y.Length < 2)
        {
            return null;
        }

        (double low, double high) = Scale(map);
        return new(new Panel(new("x", "mm"), new("y", "mm"),
            [new HeatMap(new(map.X, map.Y, map.Value), new("WEPL", "mm") { Low = low, High = high })]))
        {
            PanelHeight = 520 * Math.Clamp((double)map.Y.Length / map.X.Length, 0.2, 2),
            Description = "Water-equivalent path length of each pixel",
        };
    }

    /// <summary>The image and its inserts as text.</summary>
    public static string PlainText(CalorimeterImage image) =>
        Facts(image) + "\n" + (image.Inserts.Count > 0 ? MetricTable.PlainText(Inserts, image.Inserts) : "");

    /// <summary>The "calorimeter" section of summary.json.</summary>
    public static JsonObject Json(CalorimeterImage image) => new()
    {
        ["image"] = new JsonObject
        {
            ["pixels"] = image.Pixels,
            ["frames"] = image.Frames,
            ["protons"] = image.Tracks,
            ["accepted"] = image.Accepted,
            ["weplWidth"] = MetricTable.Number(image.Map.Width),
            ["purity"] = MetricTable.Number(image.Purity),
            ["efficiency"] = MetricTable.Number(image.Efficiency),
            ["inserts"] = new JsonArray([.. image.Inserts.Select(insert => MetricTable.Json(Inserts, insert))]),
        },
    };

    private static string Facts(CalorimeterImage image) => string.Create(CultureInfo.InvariantCulture,
        $"{image.Tracks} tracks of {image.Frames} frames, {image.Accepted} accepted in {image.Pixels} pixels, width of path lengths "
            + $"{image.Map.Width:0.00} mm")
        + (double.IsFinite(image.Purity) ? string.Create(CultureInfo.InvariantCulture,
            $"; accepted tracks: purity {100 * image.Purity:0.0} %, efficiency {100 * image.Efficiency:0.0} %") : "");

    // Sparse pixels at the rim must not set the scale.
    private static (double Low, double High) Scale(PathLengthMap map)
    {
        double[] values = [.. map.Value.Where(double.IsFinite).Order()];
        (double low, double high) = values.Length == 0 ? (0, 1)
            : (values[values.Length / 100], values[values.Length - 1 - (values.Length / 100)]);
        return high > low ? (low, high) : (low - 1, low + 1);
    }
}
