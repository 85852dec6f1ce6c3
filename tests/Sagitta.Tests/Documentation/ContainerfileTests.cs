using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sagitta.Tests.Documentation;

/// <summary>The file of the container, which is built nowhere here: what it promises, and what two linters say of it. The variable
/// SAGITTA_NODE_MODULES names the folder that holds these.</summary>
public sealed class ContainerfileTests
{
    private static readonly string _file = TestData.InRepository("Containerfile");

    [Fact]
    public void It_builds_the_program_of_the_checkout_on_a_known_base_and_runs_it_without_privileges()
    {
        string[] lines = File.ReadAllText(_file).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n');
        string[][] Instructions(string name) => [.. lines.Where(line => line.StartsWith(name + " ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..])];

        // A base that is named without its version is another one tomorrow.
        Assert.All(Instructions("FROM"), from => Assert.Matches(":[0-9]+[.][0-9]+$", from[0]));
        Assert.Equal(2, Instructions("FROM").Length);
        Assert.Equal(["ubuntu"], Assert.Single(Instructions("USER")));
        string[] publish = Assert.Single(Instructions("RUN"), run => run[0] == "dotnet");
        Assert.Equal("publish", publish[1]);
        Assert.True(Directory.Exists(TestData.InRepository(publish[2])));
        string output = publish[^1];
        Assert.Equal(["--from=build", output, output], Instructions("COPY")[^1]);
        string entry = string.Join(' ', Assert.Single(Instructions("ENTRYPOINT")));
        Assert.Equal($"[\"dotnet\", \"{output}/sagitta.dll\"]", entry);
        foreach (string source in Instructions("COPY").Where(c => !c[0].StartsWith("--from", StringComparison.Ordinal))
            .SelectMany(c => c[..^1]))
        {
            Assert.True(Path.Exists(Path.Combine(TestData.Root, source)), source);
        }
    }

    [Theory]
    [Trait("tool", "npm")]
    [Trait("speed", "slow")]
    [InlineData(false)]
    [InlineData(true)]
    public void Linters_find_nothing_in_it_but_in_a_worse_one(bool worse)
    {
        string modules = Environment.GetEnvironmentVariable("SAGITTA_NODE_MODULES")
            ?? throw new InvalidOperationException(
                "Set SAGITTA_NODE_MODULES to the folder that holds dockerfilelint and dockerfile-utils.");
        using TemporaryFolder folder = new();
        string text = File.ReadAllText(_file);
        text = worse ? text.Replace("ubuntu:24.04 AS", "ubuntu:latest AS", StringComparison.Ordinal)
            .Replace("WORKDIR /work", "WORKDIR work", StringComparison.Ordinal) : text;
        File.WriteAllText(folder.File("Containerfile"), text);
        using Process node = Process.Start(new ProcessStartInfo("node", ["-e", $$"""
            const path = require("path"), modules = {{JsonValue.Create(modules).ToJsonString()}};
            const text = require("fs").readFileSync("Containerfile", "utf8");
            const practice = require(path.join(modules, "dockerfilelint")).run(".", text);
            const grammar = require(path.join(modules, "dockerfile-utils")).validate(text);
            console.log(JSON.stringify([practice.map(p => p.title), grammar.map(g => g.message)]));
            """])
        {
            WorkingDirectory = folder.Name,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        string output = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        string[][] found = [.. JsonNode.Parse(output)!.AsArray()
            .Select(list => list!.AsArray().Select(t => t!.GetValue<string>()).ToArray())];
        Assert.Equal(2, found.Length);
        Assert.All(found, list => Assert.Equal(worse, list.Length > 0));
    }
}
