using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Calorimeter.Verbs;

/// <summary>The verb that makes a slice of a simulated phantom.</summary>
internal static class CalorimeterTomographyVerb
{
    private const int PixelsOfPicture = 4;

    private static readonly VerbOption<string> _phantom = VerbOption.Text("--phantom", "FILE",
        "Phantom (YAML) whose cylinders stand upright", "data/tomography/phantom.yaml");

    private static readonly VerbOption<int> _angles = VerbOption.Whole("--angles", "N", "Projections over half a turn", 180, 2, 100_000);
    private static readonly VerbOption<int> _protons = VerbOption.Whole("--protons", "N", "Protons of a spot and frame", 100, 1, 10_000);
    private static readonly VerbOption<double> _spacing = VerbOption.Number("--spacing", "MM", "Distance of spots", 7, 0.1, 1e3);
    private static readonly VerbOption<double> _pixel = VerbOption.Number("--pixel", "MM", "Size of a pixel", 2, 0.05, 1e3);

    private static readonly VerbOption<string> _tracker = VerbOption.Text(
        "--tracks", "network|truth", "Who finds the tracks", "network");

    private static readonly MetricColumn<TomogramInsert>[] _inserts =
    [
        new("name", "Insert", "", "The cylinder's name in the phantom's file.", i => i.Cylinder.Name) { Short = "insert", Width = -10 },
        new("rsp", "RSP", "0.0000", "Mean stopping power relative to water more than 3 mm inside its edge.", i => i.Rsp) { Width = 18 },
        new("rspTrue", "True RSP", "0.0000", "Stopping power that the phantom's file states.", i => i.Truth) { Short = "true", Width = 8 },
        new("bias", "Bias", "+0.00;-0.00;0.00", "Measured over true stopping power minus 1.", i => (i.Rsp.Value / i.Truth) - 1)
        { Unit = "%", Scale = 100, Short = "bias %" },
        new("noise", "Noise", "0.0000", "Standard deviation of its pixels.", i => i.Noise) { Short = "noise" },
    ];

    /// <summary>"tomography".</summary>
    public static SystemVerb Verb { get; } = new(
        "tomography",
        "A slice of stopping powers of a simulated phantom that turns before the calorimeter, by filtered back projection",
        [_phantom, _angles, _protons, _spacing, _pixel, CalorimeterOptions.Model, CalorimeterOptions.Price, _tracker, SharedOptions.Seed,
            SharedOptions.Threads, SharedOptions.Out,
            SharedOptions.Summary],
        run =>
        {
            string folder = run.Folder;
            if (run.Value(_tracker) == "truth")
            {
                run.RefuseIdle("no network joins hits with --tracks truth", CalorimeterOptions.Price);
            }

            TomographyRequest request = new()
            {
                Angles = run.Value(_angles),
                Protons = run.Value(_protons),
                Spacing = run.Value(_spacing),
                Pixel = run.Value(_pixel),
                Truth = run.Value(_tracker) switch
                {
                    "network" => false,
                    "truth" => true,
                    var other => throw new UsageException($"--tracks '{other}' is none of network, truth"),
                },
                Seed = run.Seed,
            };
            var phantom = Phantom.Load(CalorimeterSource.Existing(run.Value(_phantom)));
            using CalorimeterModel model = CalorimeterReconstructor.Read(
                run.Value(CalorimeterOptions.Model), detector: null, run.ValueIfGiven(CalorimeterOptions.Price));
            using WorkerThreads threads = new(run.Threads);
            Tomogram tomogram = new Tomography(phantom, model, request).Run(threads, run.Progress, run.Stop);
            Write(tomogram, folder);
            run.Summary.Sections["calorimeter"] = new JsonObject
            {
                ["tomography"] = new JsonObject
                {
                    ["angles"] = request.Angles,
                    ["accepted"] = tomogram.Accepted,
                    ["inserts"] = new JsonArray([.. tomogram.Inserts.Select(insert => MetricTable.Json(_inserts, insert))]),
                },
            };
            run.Output.Write(string.Create(CultureInfo.InvariantCulture, $"{tomogram.Accepted} accepted protons\n")
                + MetricTable.PlainText(_inserts, tomogram.Inserts));
            run.WriteSummary();
            return 0;
        })
    {
        Examples =
        [
            "sagitta tomography calorimeter --out tomography",
            "sagitta tomography calorimeter --phantom data/tomography/phantom.yaml --angles 36 --tracks truth --out tomography-truth",
        ],
    };

    private static void Write(Tomogram tomogram, string folder)
    {
        double[] at = tomogram.At;
        using (NpzWriter arrays = new(Path.Combine(folder, "tomogram.npz")))
        {
            arrays.AddText("format", "sagitta-tomogram-1");
            arrays.Add<double>("x", at);
            arrays.Add<double>("y", at);
            arrays.Add<double>("rsp", tomogram.Rsp, at.Length, at.Length);
            arrays.Commit();
        }

        double high = 1.1 * tomogram.Inserts.Select(insert => insert.Truth).DefaultIfEmpty(1).Max();
        Figure figure = new(new Panel(new("x", "mm"), new("y", "mm"),
            [new HeatMap(new(at, at, tomogram.Rsp), new("RSP") { Low = 0, High = high })]))
        { PanelHeight = 520, Description = "Stopping power relative to water of each pixel" };
        AtomicFile.WriteText(Path.Combine(folder, "tomogram.svg"), FigureWriter.WriteFile(figure));
        PortableImage.Write(Path.Combine(folder, "tomogram.png"), PixelsOfPicture * at.Length, PixelsOfPicture * at.Length,
            (column, row) => Palette.Sequential(
                Math.Clamp(tomogram.Rsp[((at.Length - 1 - (row / PixelsOfPicture)) * at.Length) + (column / PixelsOfPicture)] / high,
                    0, 1)));
        ReportWriter.WriteFile(Path.Combine(folder, "report.html"), new("Proton tomography",
        [
            new Illustration(figure, "Stopping power relative to water, by filtered back projection."),
            MetricTable.Block(_inserts, tomogram.Inserts, "The phantom's cylinders more than 3 mm inside their edges."),
        ])
        {
            Abstract = "Radiographs with protons from many sides, each the water that would have cost a proton as much energy as the "
                + "object did, make a slice through it: what each place stops protons by, relative to water (RSP).",
        });
    }
}
