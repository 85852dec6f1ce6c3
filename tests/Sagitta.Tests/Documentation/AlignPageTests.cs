using System.Text.Json.Nodes;

namespace Sagitta.Tests.Documentation;

/// <summary>The commands of docs/align.md, taken from the page itself.</summary>
public sealed class AlignPageTests
{
    [Fact]
    public async Task Commands_of_the_page_lead_from_displaced_planes_to_an_aligned_detector()
    {
        using TemporaryFolder folder = new();
        List<string> notes = [];
        foreach (string line in Blocks().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] arguments = [.. line.Split(' ').Skip(1).Select(word =>
                word == "aligned" || word.StartsWith("aligned/", StringComparison.Ordinal) ? folder.File(word)
                    : word.StartsWith("data/", StringComparison.Ordinal) ? TestData.InRepository(word.Split('/')) : word)];
            Directory.CreateDirectory(folder.File("aligned"));
            using StringWriter output = new();
            using StringWriter errors = new();
            Assert.True(await SagittaCommand.RunAsync(arguments, output, errors) == 0, $"{line}: {errors}");
            notes.Add(errors.ToString());
        }

        Assert.Contains("sagitta align", notes[1], StringComparison.Ordinal);
        Assert.DoesNotContain("sagitta align", notes[4], StringComparison.Ordinal);
        Detector real = DetectorFile.Load(TestData.InRepository("data", "alignment-golden", "displaced.yaml"));
        Detector aligned = DetectorFile.Load(folder.File("aligned/aligned.yaml"));

        // Second differences hold no shift and no shear, which tracks do not tell.
        double[] left = [.. real.Planes.Zip(aligned.Planes, (a, b) => b.ShiftY - a.ShiftY)];
        Assert.All(Enumerable.Range(1, 6), i => Assert.InRange(left[i - 1] - (2 * left[i]) + left[i + 1], -0.008, 0.008));
        JsonNode summary = JsonNode.Parse(await File.ReadAllTextAsync(folder.File("aligned/unknown/alignment.json")))!;
        Assert.Contains("sagitta", summary["weak_modes"]!.AsArray().Select(mode => (string)mode!["name"]!));
        Assert.Contains("sagitta", summary["constraints"]!.AsArray().Select(name => (string)name!));
        Assert.True(new FileInfo(folder.File("aligned/tracks.bin")).Length > 1_000_000);

        JsonNode endcap = JsonNode.Parse(await File.ReadAllTextAsync(folder.File("aligned/endcap/alignment.json")))!;
        double Residuals(string when) => endcap["planes"]!.AsArray().Sum(plane => Math.Abs((double)plane![$"mean_residual_{when}_mm"]!));
        Assert.True(Residuals("after") < 0.1 * Residuals("before"));
        Assert.Equal(24, EndcapDetector.Load(folder.File("aligned/endcap/aligned.yaml")).Planes.Count);
        Assert.Equal([5, 6, 5], DetectorFile.Load(folder.File("aligned/design50/design.yaml")).Planes.GroupBy(plane => plane.Station)
            .Select(station => station.Count()));
        Assert.Contains("weak modes", (await File.ReadAllTextAsync(folder.File("aligned/report.html"))).ToLowerInvariant(),
            StringComparison.Ordinal);
    }

    // All blocks of commands, one after the other.
    private static string Blocks() => string.Join('\n', File.ReadAllText(TestData.InRepository("docs", "align.md")).Split("\n```\n")
        .Where((_, part) => part % 2 == 1));
}
