using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Sagitta.Tests.Experiments.Calorimeter;

public sealed class CalorimeterImageTests
{
    private static readonly string _hits = TestData.InRepository("data", "geant4-radiograph", "aluminium_hits.csv.gz");
    private static readonly string _phantom = TestData.InRepository("data", "geant4-radiograph", "phantom.yaml");

    [Theory]
    [InlineData("truth", 0.015, 1)]
    [InlineData("network", 0.025, 0.9)]
    public async Task Aluminium_of_the_slice_has_its_stopping_power(string tracks, double bound, double purity)
    {
        using TemporaryFolder folder = new();
        JsonNode image = await Image(folder.Name, _hits, "--phantom", _phantom, "--tracks", tracks, "--threads", "2");
        JsonNode aluminium = image["inserts"]![0]!;
        double rsp = aluminium["rsp"]!.GetValue<double>(), error = aluminium["rspError"]!.GetValue<double>();
        Assert.InRange(error, 0.002, 0.02);
        Assert.InRange((rsp / aluminium["rspTrue"]!.GetValue<double>()) - 1, -bound, bound);
        Assert.InRange(aluminium["edge"]!.GetValue<double>(), 0.5, 2.5);
        Assert.InRange(aluminium["noise"]!.GetValue<double>(), 2.5, 4.5);
        Assert.InRange(image["purity"]!.GetValue<double>(), purity, 1);

        // Nothing is known of what the slice does not hold.
        Assert.Null(image["inserts"]![1]!["rsp"]);
        using NpzReader arrays = new(folder.File("image.npz"));
        Assert.Equal(image["accepted"]!.GetValue<int>(), arrays.Read<int>("count").Sum());
        Assert.Equal(image["pixels"]!.GetValue<int>(), arrays.Read<double>("wepl").Count(double.IsFinite));
        Assert.Contains("</html>", await File.ReadAllTextAsync(folder.File("report.html")), StringComparison.Ordinal);
        Assert.Contains("</svg>", await File.ReadAllTextAsync(folder.File("image.svg")), StringComparison.Ordinal);
        byte[] picture = await File.ReadAllBytesAsync(folder.File("image.png"));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture[..4]);
        Assert.Equal([(byte)'I', (byte)'E', (byte)'N', (byte)'D'], picture[^8..^4]);
    }

    [Fact]
    public async Task Image_does_not_depend_on_threads_and_a_cut_on_the_margin_makes_tracks_purer()
    {
        using TemporaryFolder one = new(), two = new(), cut = new();
        JsonNode all = await Image(one.Name, _hits, "--threads", "1");
        await Image(two.Name, _hits, "--threads", "2");
        Assert.Equal(await File.ReadAllBytesAsync(one.File("image.npz")), await File.ReadAllBytesAsync(two.File("image.npz")));
        JsonNode purer = await Image(cut.Name, _hits, "--smallest-margin", "0.5");
        Assert.True(purer["purity"]!.GetValue<double>() > all["purity"]!.GetValue<double>() + 0.01);
        Assert.True(purer["accepted"]!.GetValue<int>() < all["accepted"]!.GetValue<int>());
    }

    [Fact]
    public async Task Hits_without_spots_make_an_image_and_none_make_an_empty_one()
    {
        using TemporaryFolder folder = new();
        string plain = folder.File("plain.csv"), empty = folder.File("empty.csv"), mixed = folder.File("mixed.csv");
        string[] lines = Lines();
        await File.WriteAllLinesAsync(plain, lines.Take(5000).Select(line => string.Join(',', line.Split(',')[..9])));
        Assert.True((await Image(folder.File("plain"), plain))["accepted"]!.GetValue<int>() > 50);
        await File.WriteAllTextAsync(empty, lines[0] + "\n");
        Assert.Equal(0, (await Image(folder.File("empty"), empty, "--phantom", _phantom))["accepted"]!.GetValue<int>());

        // One event of two spots.
        await File.WriteAllLinesAsync(mixed, lines.Take(30).Select((line, i) => i == 2 ? line[..line.LastIndexOf(',')] + ",99" : line));
        Assert.Contains("two spots", await Refused("--hits", mixed, "--out", folder.File("mixed")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Most_likely_path_sharpens_edges_and_needs_spots()
    {
        using TemporaryFolder straight = new(), likely = new();
        string[] options = ["--phantom", _phantom, "--tracks", "truth"];
        double line = (await Image(straight.Name, _hits, options))["inserts"]![0]!["edge"]!.GetValue<double>();
        JsonNode aluminium = (await Image(likely.Name, _hits, [.. options, "--path", "most-likely"]))["inserts"]![0]!;
        Assert.InRange(aluminium["edge"]!.GetValue<double>(), 0.4, line);
        Assert.InRange(aluminium["bias"]!.GetValue<double>(), -0.015, 0.015);
        string plain = likely.File("plain.csv");
        await File.WriteAllLinesAsync(plain, Lines().Take(5000).Select(row => string.Join(',', row.Split(',')[..9])));
        Assert.Contains("spotX", await Refused("--hits", plain, "--out", likely.Name, "--path", "most-likely"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tomogram_of_a_few_angles_has_the_stopping_powers_of_its_phantom()
    {
        using TemporaryFolder folder = new();
        string phantom = folder.File("phantom.yaml");
        await File.WriteAllTextAsync(phantom, "materials: { air: { rsp: 0 }, water: { rsp: 1 }, bone: { rsp: 1.6 } }\n"
            + "box: { material: air, x: 70, y: 70, z: 50 }\ncylinders:\n"
            + "  - { name: water, material: water, x: 0, y: 0, radius: 32, length: 50 }\n"
            + "  - { name: bone, material: bone, x: 12, y: 6, radius: 12, length: 50 }\n");
        using StringWriter output = new(), error = new();
        int code = await SagittaCommand.RunAsync(["tomography", "calorimeter", "--phantom", phantom, "--angles", "16", "--protons", "60",
            "--pixel", "3", "--tracks", "truth", "--threads", "2", "--out", folder.File("out")], output, error);
        Assert.True(code == 0, error.ToString());
        JsonNode inserts = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder.File("out"), "summary.json")))!
            ["calorimeter"]!["tomography"]!["inserts"]!;
        foreach (JsonNode? insert in inserts.AsArray())
        {
            // Few angles leave streaks, which the error does not know.
            double truth = insert!["rspTrue"]!.GetValue<double>();
            Assert.InRange(insert["rspError"]!.GetValue<double>(), 0.001, 0.05);
            Assert.InRange(insert["rsp"]!.GetValue<double>(), 0.94 * truth, 1.06 * truth);
        }

        using NpzReader arrays = new(Path.Combine(folder.File("out"), "tomogram.npz"));
        Assert.Equal(arrays.Read<double>("x").Length * arrays.Read<double>("y").Length, arrays.Read<double>("rsp").Length);
    }

    [Theory]
    [InlineData("--path", "crooked")]
    [InlineData("--pixel", "0")]
    [InlineData("--pixel", "NaN")]
    [InlineData("--tracks", "magic")]
    [InlineData("--phantom", "no-such-phantom.yaml")]
    public async Task Wrong_options_are_refused(string option, string value)
    {
        using TemporaryFolder folder = new();
        Assert.Contains(value == "NaN" ? "pixel" : option.TrimStart('-') == "phantom" ? value : option,
            await Refused("--hits", _hits, "--out", folder.Name, option, value), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("data", "full")]
    public async Task Radiograph_has_the_stopping_powers_of_its_phantom()
    {
        using TemporaryFolder folder = new();
        string hits = TestData.Full("geant4-radiograph", "radiograph_hits.csv.gz");
        foreach ((string tracks, double bound) in new[] { ("truth", 0.015), ("network", 0.025) })
        {
            JsonNode image = await Image(folder.Name, hits, "--phantom", _phantom, "--tracks", tracks);
            Assert.All(image["inserts"]!.AsArray(), insert =>
            {
                double truth = insert!["rspTrue"]!.GetValue<double>();

                // Of lung 1.5 % is 0.2 mm in 160.
                double allowed = Math.Max(bound * truth, 3 * insert["rspError"]!.GetValue<double>());
                Assert.InRange(insert["rsp"]!.GetValue<double>() - truth, -allowed, allowed);
            });
        }
    }

    private static async Task<JsonNode> Image(string folder, string hits, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = await SagittaCommand.RunAsync(["image", "calorimeter", "--hits", hits, "--out", folder, .. arguments], output, error);
        Assert.True(code == 0, error.ToString());
        return JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "summary.json")))!["calorimeter"]!["image"]!;
    }

    private static async Task<string> Refused(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        Assert.Equal(2, await SagittaCommand.RunAsync(["image", "calorimeter", .. arguments], output, error));
        return error.ToString();
    }

    private static string[] Lines()
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(_hits), CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
