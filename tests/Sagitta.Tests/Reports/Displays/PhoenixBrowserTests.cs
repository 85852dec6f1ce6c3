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

    [Fact]
    public async Task The_bundle_draws_all_hits_and_tracks_of_an_event()
    {
        string modules = Environment.GetEnvironmentVariable("SAGITTA_NODE_MODULES")
            ?? throw new InvalidOperationException("Set SAGITTA_NODE_MODULES to the folder that holds phoenix-event-display.");
        using TemporaryFolder folder = new();
        PageRun.Commands("""
            sagitta simulate events.npz --events 1 --background 5
            sagitta display muon event.json --events events.npz
            """, folder.Name);
        string text = await File.ReadAllTextAsync(folder.File("event.json"));
        JsonNode shown = JsonNode.Parse(text)!["Event 0"]!;
        string Address(params string[] parts) => new Uri(Path.Combine([modules, .. parts])).AbsoluteUri;
        await File.WriteAllTextAsync(folder.File("page.html"), $$"""
            <!DOCTYPE html><meta charset="utf-8"><div id="eventDisplay" style="width: 800px; height: 600px"></div>
            <script type="module">
              import * as THREE from "{{Address("three", "build", "three.module.js")}}";
              window.THREE = { ...THREE };
              const bundle = document.createElement("script");
              bundle.src = "{{Address("phoenix-event-display", "dist", "bundle", "phoenix.min.js")}}";
              bundle.onload = () => {
                const display = new EventDisplay({ elementId: "eventDisplay", eventDataLoader: new PhoenixLoader() });
                window.keys = display.parsePhoenixEvents({{text}});
                window.shown = name => (display.getCollection(name) ?? []).length;
                window.points = name => {
                  let count = 0;
                  const group = display.getThreeManager().getSceneManager().getEventData().getObjectByName(name);
                  group?.traverse(o => count += o.geometry?.attributes?.position?.count ?? 0);
                  return count;
                };
              };
              document.head.append(bundle);
            </script>
            """);
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Array.Find(_browsers, File.Exists),
            Args = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
                "--allow-file-access-from-files"],
        });
        IPage tab = await browser.NewPageAsync();
        List<string> errors = [];
        tab.PageError += (_, message) => errors.Add(message);
        await tab.GotoAsync(new Uri(folder.File("page.html")).AbsoluteUri);
        // A function as the value of an expression would be called, without a name.
        await tab.WaitForFunctionAsync("window.keys !== undefined && window.points !== undefined", null, new() { Timeout = 120_000 });
        Assert.Empty(errors);
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
}
