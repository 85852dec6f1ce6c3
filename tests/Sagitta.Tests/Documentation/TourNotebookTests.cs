using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sagitta.Tests.Documentation;

/// <summary>docs/tour.ipynb, read and run by dotnet-interactive, which "dotnet tool restore" brings, as Polyglot Notebooks does: cell
/// after cell in a folder that holds the notebook and the packages.</summary>
[Trait("tool", "notebook")]
[Trait("speed", "slow")]
public sealed class TourNotebookTests(LocalFeed feed) : IClassFixture<LocalFeed>
{
    [Fact]
    public void Its_cells_lead_from_packages_to_measured_tracks()
    {
        string folder = feed.NewFolder("tour");
        CopyOfFeed(Path.Combine(folder, "packages"));
        using NotebookKernel kernel = new(folder, Path.Combine(folder, "..", "notebook cache"));
        List<string> outputs = [];
        foreach ((string language, string text) in NotebookKernel.Cells(TestData.InRepository("docs", "tour.ipynb")))
        {
            outputs.Add(kernel.Run(language, text));
        }

        string all = string.Join('\n', outputs);
        Assert.Contains("Sagitta.Tracking, " + LocalFeed.Version, all, StringComparison.Ordinal);
        Assert.Matches("hits of 200 events, (19[0-9]|200) tracks", all);
        Assert.Contains("<iframe", all, StringComparison.Ordinal);
        Assert.Matches("half of (19[0-9]|200) tracks are within [0-3][.][0-9] % of the true q/pT", all);
        Assert.Matches("\n(19[0-9]|200) have the right charge", all);
        Assert.Matches("\nlocal +calibrated", outputs[^1]);
        Assert.Contains("</html>", File.ReadAllText(Path.Combine(folder, "event.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_that_fails_is_told()
    {
        using TemporaryFolder folder = new();
        using NotebookKernel kernel = new(folder.Name, folder.File("cache"));
        Assert.Contains("3", kernel.Run("csharp", "1 + 2"), StringComparison.Ordinal);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => kernel.Run("csharp", "nothing"));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => kernel.Run("pwsh", "dotnet nothing"));
    }

    private void CopyOfFeed(string target)
    {
        Directory.CreateDirectory(target);
        foreach (string package in Directory.GetFiles(feed.Feed, "*.nupkg"))
        {
            File.Copy(package, Path.Combine(target, Path.GetFileName(package)));
        }
    }

    // Lines of JSON go in and come out.
    private sealed class NotebookKernel : IDisposable
    {
        private readonly Process _process;
        private int _cell;

        /// <summary>A kernel in a folder, with a package cache of its own and that of the build behind it.</summary>
        public NotebookKernel(string folder, string cache)
        {
            string build = LocalFeed.FilledCache();
            _process = Started(["stdio", "--default-kernel", "csharp", "--working-dir", folder], start =>
            {
                start.Environment["NUGET_PACKAGES"] = cache;
                start.Environment["NUGET_FALLBACK_PACKAGES"] = build;
            });

            // What a program tells by its exit code is a failure, as it is in a shell of this repository.
            // A kernel without a reader never ends by itself.
            try
            {
                Run("pwsh", "$ErrorActionPreference = 'Stop'; $PSNativeCommandUseErrorActionPreference = $true");
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        /// <summary>The cells of a notebook that are run, by the tool's own reader; none holds an output.</summary>
        public static IEnumerable<(string Language, string Text)> Cells(string notebook)
        {
            using Process reader = Started(["notebook-parser"], _ => { });
            reader.StandardInput.WriteLine(new JsonObject
            {
                ["type"] = "parse",
                ["id"] = "1",
                ["serializationType"] = "ipynb",
                ["defaultLanguage"] = "csharp",
                ["rawData"] = Convert.ToBase64String(File.ReadAllBytes(notebook)),
            }.ToJsonString());
            reader.StandardInput.Flush();
            JsonNode? answer = Message(reader);
            reader.Kill(entireProcessTree: true);
            JsonNode document = answer!["document"]!;
            JsonNode[] cells = [.. document["elements"]!.AsArray().Where(e => e!["kernelName"]!.GetValue<string>() != "markdown")!];
            Assert.True(cells.Length > 5);
            Assert.All(cells, cell => Assert.Empty(cell["outputs"]!.AsArray()));
            return cells.Select(cell => (cell["kernelName"]!.GetValue<string>(), cell["contents"]!.GetValue<string>()));
        }

        /// <summary>Runs a cell; all that it shows. Fails where the cell does.</summary>
        public string Run(string language, string text)
        {
            string token = $"cell{_cell++}";
            _process.StandardInput.WriteLine(new JsonObject
            {
                ["token"] = token,
                ["commandType"] = "SubmitCode",
                ["command"] = new JsonObject { ["code"] = text, ["targetKernelName"] = language },
            }.ToJsonString());
            _process.StandardInput.Flush();
            List<string> shown = [];
            while (Message(_process) is { } message)
            {
                JsonNode values = message["event"]!;
                string type = message["eventType"]!.GetValue<string>();
                shown.AddRange(values["formattedValues"]?.AsArray().Select(v => v!["value"]!.GetValue<string>()) ?? []);
                if (message["command"]?["token"]?.GetValue<string>() == token && type is "CommandSucceeded" or "CommandFailed")
                {
                    string all = string.Concat(shown);
                    Assert.True(type == "CommandSucceeded", $"{text}: {values["message"]}\n{all}");
                    return all;
                }
            }

            throw new InvalidOperationException("The kernel ended.");
        }

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.Dispose();
        }

        // The next message; before the first one the tool may print lines of other text, when it starts for the first time.
        private static JsonNode? Message(Process process)
        {
            string? line;
            do
            {
                line = process.StandardOutput.ReadLine();
            }
            while (line is not (null or ['{', ..]));

            return line is null ? null : JsonNode.Parse(line);
        }

        private static Process Started(string[] arguments, Action<ProcessStartInfo> adjust)
        {
            ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
                ?? "dotnet", ["dotnet-interactive", .. arguments])
            {
                WorkingDirectory = TestData.Root,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            LocalFeed.ForgetTheBuild(start);
            adjust(start);
            return Process.Start(start)!;
        }
    }
}
