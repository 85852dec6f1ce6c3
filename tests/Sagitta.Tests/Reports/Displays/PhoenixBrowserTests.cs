using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Sagitta.Tests.Reports.Displays;

/// <summary>What display writes, in the real bundle of phoenix-event-display in Chromium. The variable
/// SAGITTA_NODE_MODULES names the folder that holds the package.</summary>
[Trait("tool", "npm")]
[Trait("speed", "slow")]
public sealed class PhoenixBrowserTests
{
    private static readonly string[] _browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static readonly BrowserTypeLaunchOptions _options = new()
    {
        ExecutablePath = Array.Find(_browsers, File.Exists),
        Args = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
            "--allow-file-access-from-files"],
    };

    [Fact]
    public async Task The_bundle_draws_all_hits_and_tracks_of_an_event()
    {
        using TemporaryFolder folder = new();
        PageRun.Commands("""
            sagitta simulate events.npz --events 1 --background 5
            sagitta display muon event.json --events events.npz
            """, folder.Name);
        string text = await File.ReadAllTextAsync(folder.File("event.json"));
        JsonNode shown = JsonNode.Parse(text)!["Event 0"]!;
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(_options);
        IPage tab = await Opened(browser, folder, $$"""
            const display = new EventDisplay({ elementId: "eventDisplay", eventDataLoader: new PhoenixLoader() });
            window.keys = display.parsePhoenixEvents({{text}});
            window.shown = name => (display.getCollection(name) ?? []).length;
            window.points = name => {
              let count = 0;
              const group = display.getThreeManager().getSceneManager().getEventData().getObjectByName(name);
              group?.traverse(o => count += o.geometry?.attributes?.position?.count ?? 0);
              return count;
            };
            """);
        Assert.Equal(["Event 0"], await tab.EvaluateAsync<string[]>("window.keys"));
        int hits = shown["Hits"]!["Hits"]!.AsArray().Count;
        Assert.True(hits > 16);
        Assert.Equal(hits, await tab.EvaluateAsync<int>("window.shown('Hits')"));
        Assert.Equal(hits, await tab.EvaluateAsync<int>("window.points('Hits')"));
        foreach ((string name, JsonNode? tracks) in shown["Tracks"]!.AsObject())
        {
            Assert.Equal(tracks!.AsArray().Count, await tab.EvaluateAsync<int>("name => window.shown(name)", name));
            Assert.True(await tab.EvaluateAsync<int>("name => window.points(name)", name) > 0, name);
        }
    }

    [Fact]
    public async Task The_loader_of_TrackML_reads_exported_events()
    {
        using TemporaryFolder folder = new();
        PageRun.Commands("""
            sagitta simulate events.npz --events 1 --background 5
            sagitta export events trackml --as trackml --events events.npz
            """, folder.Name);
        string[] Rows(string what) => File.ReadAllLines(folder.File($"trackml/event000000000-{what}.csv"))[1..];
        string Text(string what) => JsonValue.Create(File.ReadAllText(folder.File($"trackml/event000000000-{what}.csv")))!.ToJsonString();
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(_options);
        IPage tab = await Opened(browser, folder, $$"""
            const loader = new TrackmlLoader();
            loader.processHits({{Text("hits")}});
            loader.processParticles({{Text("particles")}});
            loader.processTruth({{Text("truth")}});
            window.hits = loader.hitData.slice(1).map(hit => hit.join());
            window.particle = [loader.particleData[0].vertex_pos, loader.particleData[0].mom].flat().join();
            window.truth = Object.values(loader.truthData).filter(t => t.length == 8 && t[0] == loader.particleData[0].particle_id).length;
            """);
        Assert.Equal(Rows("hits").Select(row => string.Join(',', row.Split(',')[1..4])), await tab.EvaluateAsync<string[]>("window.hits"));
        Assert.Equal(string.Join(',', Rows("particles")[0].Split(',')[1..7]), await tab.EvaluateAsync<string>("window.particle"));
        int muons = Rows("truth").Count(row => row.Split(',')[1] == "1");
        Assert.True(muons > 10);
        Assert.Equal(muons, await tab.EvaluateAsync<int>("window.truth"));
    }

    // A page with the bundle, on which the script has run.
    private static async Task<IPage> Opened(IBrowser browser, TemporaryFolder folder, string script)
    {
        string modules = Environment.GetEnvironmentVariable("SAGITTA_NODE_MODULES")
            ?? throw new InvalidOperationException("Set SAGITTA_NODE_MODULES to the folder that holds phoenix-event-display.");

        // Other packages may want another three; Phoenix's own then lies in its folder.
        string[] own = ["phoenix-event-display", "node_modules", "three"];
        string[] three = Directory.Exists(Path.Combine([modules, .. own])) ? own : ["three"];
        string Address(params string[] parts) => new Uri(Path.Combine([modules, .. parts])).AbsoluteUri;
        await File.WriteAllTextAsync(folder.File("page.html"), $$"""
            <!DOCTYPE html><meta charset="utf-8"><div id="eventDisplay" style="width: 800px; height: 600px"></div>
            <script type="module">
              import * as THREE from "{{Address([.. three, "build", "three.module.js"])}}";
              window.THREE = { ...THREE };
              const bundle = document.createElement("script");
              bundle.src = "{{Address("phoenix-event-display", "dist", "bundle", "phoenix.min.js")}}";
              bundle.onload = () => {
                {{script}}
                window.done = true;
              };
              document.head.append(bundle);
            </script>
            """);
        IPage tab = await browser.NewPageAsync();
        List<string> errors = [];
        tab.PageError += (_, message) => errors.Add(message);
        await tab.GotoAsync(new Uri(folder.File("page.html")).AbsoluteUri, new() { Timeout = 120_000 });
        await tab.WaitForFunctionAsync("window.done === true", null, new() { Timeout = 120_000 });
        Assert.Empty(errors);
        return tab;
    }
}
