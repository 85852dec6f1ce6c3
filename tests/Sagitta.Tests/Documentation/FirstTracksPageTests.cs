namespace Sagitta.Tests.Documentation;

/// <summary>The newcomer's page, docs/first-tracks.md.</summary>
public sealed class FirstTracksPageTests
{
    [Fact]
    public void Commands_lead_from_a_table_to_tracks_of_an_own_model() => Follow(python: false);

    [Fact]
    [Trait("tool", "python")]
    [Trait("speed", "slow")]
    public void The_last_step_loads_the_tracks_in_pandas() => Follow(python: true);

    private static void Follow(bool python)
    {
        using TemporaryFolder folder = new();
        foreach ((string language, string text) in PageRun.Blocks("first-tracks.md"))
        {
            if (language.Length == 0)
            {
                PageRun.Commands(text, folder.Name);
            }
            else if (python)
            {
                Assert.Contains("converged", PageRun.Python(text, folder.Name), StringComparison.Ordinal);
            }
        }

        string[] tracks = File.ReadAllLines(folder.File("tracks.csv"));
        Assert.Equal(301, tracks.Length);
        Assert.InRange(tracks.Count(row => row.Contains("converged", StringComparison.Ordinal)), 150, 300);
        Assert.Contains("</html>", File.ReadAllText(folder.File("event.html")), StringComparison.Ordinal);
    }
}
