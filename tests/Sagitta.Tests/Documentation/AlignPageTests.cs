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
        foreach (string line in Block().Split('\n', StringSplitOptions.RemoveEmptyEntries))
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
        Assert.Contains("weak modes", (await File.ReadAllTextAsync(folder.File("aligned/report.html"))).ToLowerInvariant(),
            StringComparison.Ordinal);
    }

    private static string Block()
    {
        string page = File.ReadAllText(TestData.InRepository("docs", "align.md"));
        int start = page.IndexOf("\n```\n", StringComparison.Ordinal) + 5;
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
