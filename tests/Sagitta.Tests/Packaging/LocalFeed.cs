using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Sagitta.Tests.Packaging;

/// <summary>
/// All packages of the build that is being tested, in a folder outside the checkout, and a user's machine around them: the tool installed,
/// a package cache of its own. Packages of others come from the cache that the build filled, so no network is asked.
/// </summary>
public sealed class LocalFeed : IDisposable
{
    private const int MostMinutes = 10;

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _feed;
    private readonly Lazy<string> _tool;

    public LocalFeed()
    {
        _feed = new(Pack);
        _tool = new(InstallTool);
    }

    /// <summary>The version of all packages.</summary>
    public static string Version { get; } = typeof(BadInputException).Assembly.GetName().Version!.ToString(3);

    /// <summary>The kinds of machine that the tool has a package for: one with code compiled ahead, and all others.</summary>
    public static IReadOnlyList<string> Machines { get; } = ["linux-x64", "any"];

    /// <summary>Folder of the packages.</summary>
    public string Feed => _feed.Value;

    /// <summary>The program that the installed tool is.</summary>
    public string Tool => _tool.Value;

    /// <summary>A new folder, as a user's, that sees the packages.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(Feed, "..", name)).FullName;

    /// <summary>A package, or with the ending snupkg its symbols.</summary>
    public ZipArchive Open(string package, string ending = "nupkg") =>
        ZipFile.OpenRead(Path.Combine(Feed, $"{package}.{Version}.{ending}"));

    /// <summary>Runs the SDK in a folder; its output. Fails with that output where the exit code is not 0.</summary>
    public static string Dotnet(string folder, params string[] arguments) =>
        Run(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", folder, arguments);

    /// <summary>Runs a program in a folder; its output. Fails with that output where the exit code is not 0.</summary>
    public static string Run(string program, string folder, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        ForgetTheBuild(start);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(TimeSpan.FromMinutes(MostMinutes));
        if (!ended)
        {
            process.Kill(entireProcessTree: true);
        }

        process.WaitForExit();
        string text = output.Result + errors.Result;
        Assert.True(ended && process.ExitCode == 0, $"{Path.GetFileName(program)} {string.Join(' ', arguments)}: {text}");
        return output.Result;
    }

    /// <summary>What the test run's own build left in the environment is no user's; no build server stays behind.</summary>
    public static void ForgetTheBuild(ProcessStartInfo start)
    {
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment.Remove("NUGET_PACKAGES");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1";
        // RUNTIME/../../../ is the root of the installation, three folders above Microsoft.NETCore.App/VERSION/.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();

    /// <summary>The package cache that the build filled.</summary>
    public static string FilledCache() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private string Pack()
    {
        // The output folder of the tests is named by their configuration: artifacts/bin/Sagitta.Tests/release.
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name.Split('_')[0];
        File.WriteAllText(_folder.File("nuget.config"), $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="cache" />
              </config>
              <packageSources>
                <clear />
                <add key="local" value="feed" />
              </packageSources>
              <fallbackPackageFolders>
                <clear />
                <add key="build" value="{FilledCache()}" />
              </fallbackPackageFolders>
            </configuration>
            """);
        string feed = _folder.File("feed");
        foreach (string machine in Machines)
        {
            Dotnet(TestData.Root, "build", "src/Sagitta.Cli", "-c", configuration, "--no-restore", "--no-dependencies",
                "-p:RuntimeIdentifier=" + machine);
        }

        Dotnet(TestData.Root, "pack", "Sagitta.slnx", "-c", configuration, "--no-build", "-o", feed);
        return feed;
    }

    private string InstallTool()
    {
        string folder = _folder.File("tool");
        Dotnet(NewFolder("install"), "tool", "install", "Sagitta.Tool", "--version", Version, "--tool-path", folder,
            "--configfile", _folder.File("nuget.config"));
        return Path.Combine(folder, OperatingSystem.IsWindows() ? "sagitta.exe" : "sagitta");
    }
}
