using System.Text.RegularExpressions;

namespace Sagitta.Tests.Documentation;

/// <summary>The detector and the commands of docs/how-to-add-a-detector.md, taken from the page itself.</summary>
public sealed partial class HowToAddADetectorTests
{
    private const int Events = 300;

    [Fact]
    public void Detector_of_the_page_is_as_the_page_says()
    {
        Detector detector = DetectorFile.Parse(Block("yaml"), "docs/how-to-add-a-detector.md");
        Assert.Equal(("mine", 12, 3, 0.5), (detector.Name, detector.Planes.Count, detector.StationCount, detector.FieldTesla));
        Assert.All(detector.Planes, plane => Assert.Equal(15, plane.StripPitch));
        Assert.Equal([0, 7.5, 0, 7.5, 0, 7.5], detector.Planes.Take(6).Select(plane => plane.StripOffset));
        Assert.InRange(detector.NominalResolution, 4, 4.35);
    }

    [Fact]
    public void Classical_method_finds_the_muons_of_a_clean_sample_with_gates_made_for_the_detector()
    {
        Detector detector = DetectorFile.Parse(Block("yaml"), "docs/how-to-add-a-detector.md");
        EventSet events = MuonSimulation.Generate(
            detector, new() { Digitisation = new() { Background = new() { KHzPerCm2 = [0] } } }, seed: 1, first: 0, count: Events);
        using ClassicalMethod method = new(detector, ClassicalOptions.For(detector));
        int found = 0, selected = 0, correct = 0;
        for (int e = 0; e < events.Count; e++)
        {
            int first = events.HitOffsets[e];
            double[] weights = new double[events.HitOffsets[e + 1] - first];
            int[] chosen = method.Select(events.Hits, e, weights)
                ? [.. Enumerable.Range(0, weights.Length).Where(j => weights[j] > 0)] : [];
            int planes = chosen.Select(j => events.HitPlane[first + j]).Distinct().Count();
            int muon = chosen.Count(j => events.LabelHit[first + j] == 1);
            found += planes >= 8 && muon >= 0.5 * chosen.Length ? 1 : 0;
            selected += chosen.Length;
            correct += muon;
        }

        // Hits that are not the muon's are those of electrons that it frees.
        Assert.InRange(found, 0.95 * Events, Events);
        Assert.InRange(correct, 0.94 * selected, selected);
    }

    [Fact]
    public void Gates_for_toy16_are_the_defaults() =>
        Assert.Equal(new ClassicalOptions(), ClassicalOptions.For(DetectorFile.Load("toy16")));

    [Fact]
    public async Task Commands_of_the_page_lead_from_the_file_to_tracks()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("mine.yaml"), Block("yaml"));
        foreach (string line in Block("").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] arguments = [.. line.Split(' ').Skip(1).Select(word => MyFile().IsMatch(word) ? folder.File(word) : word)];
            if (arguments[0] is "tune" or "train")
            {
                // Enough for tracks, and quick.
                arguments = [.. arguments, "--set", "data.training=600", "--set", "data.validation=60", "--set", "training.epochs=2"];
            }

            using StringWriter output = new();
            using StringWriter errors = new();
            Assert.True(await SagittaCommand.RunAsync(arguments, output, errors) == 0, $"{line}: {errors}");
        }

        string[] tracks = await File.ReadAllLinesAsync(folder.File("mine/tracks.csv"));
        Assert.Equal(201, tracks.Length);
        Assert.InRange(tracks.Count(row => row.Contains("converged", StringComparison.Ordinal)), 100, 200);
    }

    // The first block of the page in a language.
    private static string Block(string language)
    {
        string page = File.ReadAllText(Path.Combine(TestData.Root, "docs", "how-to-add-a-detector.md"));
        string begin = $"\n```{language}\n";
        int start = page.IndexOf(begin, language.Length > 0 ? 0 : page.IndexOf("## 2", StringComparison.Ordinal), StringComparison.Ordinal)
            + begin.Length;
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"^mine(/|$|\.yaml$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MyFile();
}
