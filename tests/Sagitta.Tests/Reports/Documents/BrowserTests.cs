using System.Diagnostics;
using Microsoft.Playwright;

namespace Sagitta.Tests.Reports.Documents;

/// <summary>A report in a real browser, Chromium: no error, no request, nothing blank, downloads that other programs read. The variable
/// SAGITTA_SCREENSHOTS names a folder for the pictures.</summary>
[Trait("browser", "chromium")]
[Trait("speed", "slow")]
public sealed class BrowserTests
{
    private static readonly string[] _browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static readonly BrowserTypeLaunchOptions _options =
        new() { ExecutablePath = Array.Find(_browsers, File.Exists), Args = ["--no-sandbox"] };

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Page_shows_all_and_saves_all(int width, ColorScheme scheme)
    {
        using TemporaryFolder folder = new();
        string page = folder.File("report.html");
        ReportWriter.WriteFile(page, Example());
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(_options);
        await Check(browser, page, width, scheme, folder);
    }

    // Displays of each system, and the pages of a radiograph and of a slice.
    [Theory]
    [InlineData("muon.html", "simulate events.npz --events 3 --background 5", "display muon muon.html --events events.npz")]
    [InlineData("muon-5.html", "display muon muon-5.html --deposits DATA/geant4-toy16/slice_hits.csv.gz --truth "
        + "DATA/geant4-toy16/slice_truth.csv.gz --background 5 --event 10005")]
    [InlineData("frames.html",
        "display calorimeter frames.html --hits DATA/geant4-dtc/water200_test_hits.csv.gz --protons-per-frame 20 --frames 2")]
    [InlineData("endcap.html", "display endcap endcap.html --deposits DATA/geant4-endcap/test150_hits.csv.gz --truth "
        + "DATA/geant4-endcap/test150_truth.csv.gz --background 5 --event 3")]
    [InlineData("image/report.html", "image calorimeter --hits DATA/geant4-radiograph/aluminium_hits.csv.gz --phantom "
        + "DATA/geant4-radiograph/phantom.yaml --tracks truth --out image")]
    [InlineData("slice/report.html", "tomography calorimeter --angles 4 --tracks truth --spacing 30 --pixel 8 --out slice")]
    [InlineData("endcap/report.html", "reproduce endcap --quick --set epochs=1 --out endcap")]
    public async Task Pages_of_the_program_show_all_and_save_all(string page, params string[] commands)
    {
        using TemporaryFolder folder = new();
        PageRun.Commands(string.Join('\n', commands.Select(command => "sagitta " + command.Replace(
            "DATA", TestData.InRepository("data"), StringComparison.Ordinal))), folder.Name);
        await CheckBoth(folder.File(page), folder);
    }

    // Reports of longer runs, whose folder the variable SAGITTA_PAGES names.
    [Fact]
    [Trait("pages", "made")]
    public async Task Reports_that_were_made_show_all_and_save_all()
    {
        string[] pages = Directory.GetFiles(Environment.GetEnvironmentVariable("SAGITTA_PAGES") is { Length: > 0 } made ? made
            : throw new InvalidOperationException("Set SAGITTA_PAGES to a folder with runs."), "report.html", SearchOption.AllDirectories);
        Assert.NotEmpty(pages);
        using TemporaryFolder folder = new();
        foreach (string page in pages)
        {
            await CheckBoth(page, folder);
            string text = await File.ReadAllTextAsync(page);

            // What a reader meets, in this order: what it is about, a figure, what came of it.
            int[] order = [.. ((string[])["<dt>Version</dt>", "<dt>Date</dt>", "<dt>Wall time</dt>", "class=\"abstract\"", "<figure",
                "class=\"verdict", "<h2"]).Select(part => text.IndexOf(part, StringComparison.Ordinal))];
            Assert.DoesNotContain(-1, order);
            Assert.Equal(order.Order(), order);
            Assert.Contains("class=\"terms\"", text, StringComparison.Ordinal);
        }
    }

    private static async Task CheckBoth(string page, TemporaryFolder folder)
    {
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(_options);
        await Check(browser, page, 1280, ColorScheme.Light, folder);
        await Check(browser, page, 390, ColorScheme.Dark, folder);
    }

    private static async Task Check(IBrowser browser, string page, int width, ColorScheme scheme, TemporaryFolder folder)
    {
        await using IBrowserContext context = await browser.NewContextAsync(
            new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme, AcceptDownloads = true });
        IPage tab = await context.NewPageAsync();
        List<string> errors = [], requests = [];
        tab.Console += (_, message) => errors.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        tab.PageError += (_, message) => errors.Add(message);
        tab.Request += (_, request) => requests.Add(request.Url);
        string address = new Uri(page).AbsoluteUri;
        await tab.GotoAsync(address);

        byte[] picture = await tab.ScreenshotAsync(new() { FullPage = true });
        if (Environment.GetEnvironmentVariable("SAGITTA_SCREENSHOTS") is { Length: > 0 } kept)
        {
            string name = $"{Path.GetFileName(Path.GetDirectoryName(page))}-{Path.GetFileNameWithoutExtension(page)}-{width}-{scheme}.png";
            await File.WriteAllBytesAsync(Path.Combine(kept, name), picture);
        }

        // Nothing runs out of the page, and the smallest text of what is shown is legible.
        Assert.Equal(0, await tab.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        Assert.True(await tab.EvaluateAsync<double>("""
            Math.min(...Array.from(document.querySelectorAll("svg.figure text")).filter(t => t.getClientRects().length > 0).map(t =>
              parseFloat(getComputedStyle(t).fontSize) * t.closest("svg").getBoundingClientRect().width
                / t.closest("svg").viewBox.baseVal.width))
            """) >= 10);

        // Each figure and table has colours of its own, not one.
        foreach (ILocator shown in await tab.Locator("figure:visible").AllAsync())
        {
            Assert.True(Colours(await shown.ScreenshotAsync()) > 8, await shown.GetAttributeAsync("id"));
        }

        // Each can be reached and saved, by keyboard too.
        foreach (ILocator button in await tab.Locator(".save button:visible").AllAsync())
        {
            IDownload download;
            try
            {
                download = await tab.RunAndWaitForDownloadAsync(() => button.PressAsync("Enter"));
            }
            catch (TimeoutException)
            {
                Assert.Fail($"{await button.GetAttributeAsync("aria-label")} saves nothing. {string.Join(' ', errors)}");
                throw;
            }

            string file = folder.File($"{width}-{scheme}-{download.SuggestedFilename}");
            await download.SaveAsAsync(file);
            string text = file.EndsWith(".png", StringComparison.Ordinal) ? "" : await File.ReadAllTextAsync(file);
            switch (Path.GetExtension(file))
            {
                case ".svg":
                    System.Xml.Linq.XElement.Parse(text);
                    Assert.DoesNotContain("var(", text, StringComparison.Ordinal);
                    Assert.True(Colours(Rendered(file, folder.File("rendered.png"))) > 8, file);
                    break;
                case ".png": Assert.True(Colours(await File.ReadAllBytesAsync(file)) > 8, file); break;
                default:
                    string[] lines = text.TrimEnd().Split('\n');
                    Assert.True(lines.Length > 1, file);
                    Assert.Contains(',', lines[0]);
                    break;
            }
        }

        Assert.Equal(3 * await tab.Locator("figure").CountAsync(), await tab.Locator(".save button").CountAsync());
        Assert.Equal(0, await tab.Locator("svg[role=img]:not([aria-label])").CountAsync());
        Assert.Empty(errors);
        Assert.Equal([address], requests.Where(r => !r.StartsWith("blob:", StringComparison.Ordinal)));
    }

    [Fact]
    public void Figure_file_has_its_colours_outside_browsers()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("figure.svg"), FigureWriter.WriteFile(EightCurves().Figure));
        Assert.True(Colours(Rendered(folder.File("figure.svg"), folder.File("figure.png"))) > 50);
        if (Environment.GetEnvironmentVariable("SAGITTA_SCREENSHOTS") is { Length: > 0 } kept)
        {
            File.Copy(folder.File("figure.png"), Path.Combine(kept, "figure.png"), overwrite: true);
        }
    }

    private static Report Example() => new("An example",
    [
        new Verdict(VerdictOutcome.Fails, "One of two comparisons holds.")
        {
            Claims = [new("a is wider than b", "1.2", "above 1", VerdictOutcome.Holds), new("c", "0.2", "above 1", VerdictOutcome.Fails)],
        },
        new Heading("Setup"), new Paragraph("What was done."), new Heading("Detail"),
        new Table(["Method", new("Core width", "limits"), "Events"],
            [["one", new Metric(0.9, 0.1), 1000.0], ["two", new Metric(0.8, 0.1), 2000.0]])
        {
            Caption = "A table.",
        },
        new Illustration(new(new Panel(new("x"), new("y"), [new HeatMap(
            new([0, 1, 2], [0, 1], [1, 2, 3, 4, 5, 6]), new("loss"))])), "Six cells."),
        SegmentDisplay.Of([new(0, 0, 0, 1, "a"), new(1, 1, 10, 1, "b"), new(2, 1, 20, 1, "c")], [[0, 1, 2]], [[0, 1]], "An event."),
        new Heading("End"),
    ])
    {
        Abstract = "This page is an example: it holds each kind of thing that a page can hold.",
        Lead = EightCurves(),
        Terms = [("Core width", "half of the span of the middle 68 %.")],
        IsQuick = true,
        Facts = [("Version", "1"), ("Data", "made up")],
    };

    private static Illustration EightCurves() => new(new(new Panel(new("pT", "GeV"), new("Resolution", "%"),
        [.. Enumerable.Range(0, 8).Select(series => new Points([1, 2, 3, 4], [series + 1, series + 1.3, series + 1.1, series + 2])
        {
            YErrorLow = [0.2, 0.2, 0.3, 0.4],
            Joined = true,
            Series = series,
            Label = $"curve {series}",
        })]))
    { Description = "Eight curves that rise." }, "Eight curves.");

    private static byte[] Rendered(string svg, string png)
    {
        using Process convert = Process.Start(new ProcessStartInfo("rsvg-convert", [svg, "-o", png])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        string told = convert.StandardError.ReadToEnd();
        convert.WaitForExit();
        Assert.True(convert.ExitCode == 0, told);
        return File.ReadAllBytes(png);
    }

    // Different colours of a PNG: 8 bits, RGB or RGBA, filters as the format has them.
    private static int Colours(byte[] png)
    {
        int width = 0, channels = 3;
        using MemoryStream data = new();
        for (int at = 8; at < png.Length;)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            string kind = System.Text.Encoding.ASCII.GetString(png, at + 4, 4);
            if (kind == "IHDR")
            {
                width = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at + 8));
                channels = png[at + 17] == 6 ? 4 : 3;
            }

            if (kind == "IDAT")
            {
                data.Write(png, at + 8, length);
            }

            at += 12 + length;
        }

        data.Position = 0;
        using System.IO.Compression.ZLibStream raw = new(data, System.IO.Compression.CompressionMode.Decompress);
        HashSet<int> colours = [];
        byte[] above = new byte[width * channels], row = new byte[width * channels];
        while (raw.ReadByte() is var filter and >= 0)
        {
            raw.ReadExactly(row);
            for (int i = 0; i < row.Length; i++)
            {
                int a = i < channels ? 0 : row[i - channels], b = above[i], c = i < channels ? 0 : above[i - channels];
                int p = a + b - c, pa = Math.Abs(p - a), pb = Math.Abs(p - b), pc = Math.Abs(p - c);
                row[i] += (byte)(filter switch
                {
                    1 => a,
                    2 => b,
                    3 => (a + b) / 2,
                    4 => pa <= pb && pa <= pc ? a : pb <= pc ? b
                    : c,
                    _ => 0
                });
            }

            for (int i = 0; i < row.Length; i += channels)
            {
                colours.Add(row[i] | row[i + 1] << 8 | row[i + 2] << 16);
            }

            (above, row) = (row, above);
        }

        return colours.Count;
    }
}
