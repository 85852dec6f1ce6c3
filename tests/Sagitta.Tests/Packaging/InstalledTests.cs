using System.IO.Compression;
using System.Reflection;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Sagitta.Tests.Packaging;

/// <summary>
/// Sagitta as its users get it: packages with all that belongs to them, an installed tool, a library in a project elsewhere.
/// </summary>
[Trait("speed", "slow")]
[Trait("install", "local")]
public sealed class InstalledTests(LocalFeed feed) : IClassFixture<LocalFeed>
{
    private const string Libraries = "lib/net10.0/";
    private const string Tool = "tools/net10.0/";

    public static TheoryData<string, string> Packages => new()
    {
        { "Sagitta.Core", Libraries + "Sagitta.Core" },
        { "Sagitta.Autodiff", Libraries + "Sagitta.Autodiff" },
        { "Sagitta.Learning", Libraries + "Sagitta.Learning" },
        { "Sagitta.Physics", Libraries + "Sagitta.Physics" },
        { "Sagitta.Tracking", Libraries + "Sagitta.Tracking" },
        { "Sagitta.Reports", Libraries + "Sagitta.Reports" },
        { "Sagitta.Experiments", Libraries + "Sagitta.Experiments" },
        { "Sagitta.Mpi", Libraries + "Sagitta.Mpi" },
        { "Sagitta.Tool.any", Tool + "any/sagitta" },
        { "Sagitta.Tool.linux-x64", Tool + "linux-x64/sagitta" },
    };

    [Theory]
    [MemberData(nameof(Packages))]
    public void Package_holds_readme_icon_licence_documentation_and_symbols(string package, string assembly)
    {
        using ZipArchive archive = feed.Open(package);
        string[] expected = [assembly + ".dll", assembly + ".xml", "README.md", "icon.png", "NOTICE"];
        Assert.Empty(expected.Except(archive.Entries.Select(e => e.FullName)));
        using Stream stream = archive.GetEntry(package + ".nuspec")!.Open();
        XElement metadata = XDocument.Load(stream).Root!.Elements().First();
        string Field(string name) => metadata.Elements().First(e => e.Name.LocalName == name).Value;
        Assert.Equal(
            [package, LocalFeed.Version, "Apache-2.0", "README.md", "icon.png"],
            new[] { "id", "version", "license", "readme", "icon" }.Select(Field));
        Assert.All(["description", "tags", "authors"], field => Assert.NotEqual("", Field(field)));

        using ZipArchive symbols = feed.Open(package, "snupkg");
        Assert.Contains(symbols.Entries, e => e.FullName == assembly + ".pdb");
    }

    [Fact]
    public void Nothing_but_these_is_packed() => Assert.Equal(
        Packages.Select(row => row[0]).Append("Sagitta.Tool").Select(name => $"{name}.{LocalFeed.Version}.nupkg")
            .Order(StringComparer.Ordinal),
        Directory.GetFiles(feed.Feed, "*.nupkg").Select(Path.GetFileName).Order(StringComparer.Ordinal));

    public static TheoryData<string> Machines => [.. LocalFeed.Machines];

    [Theory]
    [MemberData(nameof(Machines))]
    public void Tool_holds_the_detectors_experiments_models_and_slices_of_the_checkout(string machine)
    {
        using ZipArchive archive = feed.Open("Sagitta.Tool." + machine);
        IEnumerable<string> packed = archive.Entries.Select(e => e.FullName);
        string[] shipped = [
            .. Files("detectors", "*.yaml"), .. Files("experiments", "*.yaml"), .. Files("models", "*"),
            .. Files("data/geant4-toy16", "*.csv.gz"), .. Files("data/geant4-dtc", "*.csv.gz")];
        Assert.True(shipped.Length > 40);
        Assert.Empty(shipped.Select(name => $"{Tool}{machine}/{name}").Except(packed));
    }

    [Fact]
    public void Installed_tool_explains_itself_and_reconstructs_in_any_folder()
    {
        string folder = feed.NewFolder("measurement");
        Assert.Contains("reconstruct", LocalFeed.Run(feed.Tool, folder, "--help"), StringComparison.Ordinal);
        LocalFeed.Run(feed.Tool, folder, "simulate", "events.npz", "--events", "40", "--background", "5");
        LocalFeed.Run(feed.Tool, folder, "reconstruct", "muon", "tracks.csv", "--events", "events.npz");
        string[] tracks = File.ReadAllLines(Path.Combine(folder, "tracks.csv"));
        Assert.Equal(41, tracks.Length);
        Assert.InRange(tracks.Count(line => line.Contains("converged", StringComparison.Ordinal)), 38, 40);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Code_is_compiled_ahead_for_the_machine_that_is_named(string machine)
    {
        using ZipArchive archive = feed.Open("Sagitta.Tool." + machine);
        foreach (string name in (string[])["sagitta", "Sagitta.Core", "Sagitta.Experiments", "YamlDotNet"])
        {
            using Stream stream = archive.GetEntry($"{Tool}{machine}/{name}.dll")!.Open();
            using MemoryStream bytes = new();
            stream.CopyTo(bytes);
            bytes.Position = 0;
            using PEReader assembly = new(bytes);
            Assert.Equal(machine != "any", assembly.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0);
        }
    }

    [Theory]
    [InlineData("reconstruct", "muon", "OUT", "--deposits", "data/geant4-toy16/slice_hits.csv.gz", "--truth",
        "data/geant4-toy16/slice_truth.csv.gz", "--background", "20")]
    [InlineData("reconstruct", "calorimeter", "OUT", "--hits", "data/geant4-dtc/water150_test_hits.csv.gz", "--protons-per-frame", "50")]
    [InlineData("simulate", "calorimeter", "OUT", "--water", "150", "--protons", "100")]
    public void Code_compiled_ahead_and_when_run_give_the_same_bits(params string[] arguments)
    {
        string folder = feed.NewFolder("bits");
        byte[] Bits(string precompiled)
        {
            string written = Path.Combine(folder, precompiled + ".csv");
            LocalFeed.Run("env", TestData.Root, ["DOTNET_ReadyToRun=" + precompiled, feed.Tool, "--force",
                .. arguments.Select(word => word == "OUT" ? written : word)]);
            return File.ReadAllBytes(written);
        }

        Assert.Equal(Bits("0"), Bits("1"));
    }

    [Theory]
    [InlineData("reconstruct-muons", "muon-hits.csv", 5, "event ")]
    [InlineData("reconstruct-protons", "proton-hits.csv", 20, "frame ")]
    public void Project_that_references_the_package_runs_the_sample(string sample, string hits, int particles, string begin)
    {
        string folder = feed.NewFolder(sample);
        IEnumerable<string> lines = File.ReadLines(TestData.InRepository("samples", sample + ".cs"));
        File.WriteAllLines(Path.Combine(folder, "Program.cs"), lines.Where(line => !line.StartsWith("#:", StringComparison.Ordinal)));
        File.Copy(TestData.InRepository("samples", hits), Path.Combine(folder, hits));
        WriteProject(folder, sample, "Exe");
        LocalFeed.Dotnet(folder, "build", "-o", "program");
        string output = LocalFeed.Dotnet(folder, Path.Combine("program", sample + ".dll"), hits);

        // A track on a line of its own for most particles; some protons are absorbed before they stop.
        int tracks = output.Split('\n').Count(line => line.StartsWith(begin, StringComparison.Ordinal));
        Assert.InRange(tracks, particles / 2, particles);
        Assert.True(File.Exists(Path.Combine(folder, "program", "detectors", "toy16.yaml")));
    }

    [Fact]
    public void Every_entry_point_has_an_example_and_each_compiles()
    {
        string[] packages = ["Sagitta.Core", "Sagitta.Autodiff", "Sagitta.Learning", "Sagitta.Physics", "Sagitta.Tracking"];
        XElement[] members = [.. packages.SelectMany(package =>
        {
            using ZipArchive archive = feed.Open(package);
            using Stream stream = archive.GetEntry($"{Libraries}{package}.xml")!.Open();
            return XDocument.Load(stream).Descendants("member").Where(member => member.Element("example") is not null).ToArray();
        })];
        string[] documented = [.. members.Select(member => member.Attribute("name")!.Value[2..])];
        Type[] types = [.. new[] { typeof(HitSet), typeof(MuonReconstructor) }.SelectMany(type => type.Assembly.GetExportedTypes())];
        string[] entries = [.. types.Where(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Any(method => !method.IsSpecialName)).Select(type => type.FullName!)];
        Assert.True(entries.Length > 3);
        Assert.All(entries, entry => Assert.Contains(
            documented, name => name == entry || name.StartsWith(entry + ".", StringComparison.Ordinal)));

        string folder = feed.NewFolder("examples");
        File.WriteAllText(Path.Combine(folder, "Examples.cs"), string.Concat(types.Select(type => type.Namespace).Distinct()
            .Select(space => $"using {space};\n")) + "internal static class Examples\n{\n" + string.Concat(members.Select((member, i) =>
            $"internal static void Of{i}()\n{{\n{member.Element("example")!.Element("code")!.Value}\n}}\n")) + "}\n");
        WriteProject(folder, "examples", "Library");
        LocalFeed.Dotnet(folder, "build", "-o", "library");
    }

    private static void WriteProject(string folder, string name, string kind) =>
        File.WriteAllText(Path.Combine(folder, name + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>{kind}</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Sagitta.Tracking" Version="{LocalFeed.Version}" />
              </ItemGroup>
            </Project>
            """);

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(TestData.InRepository(folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(TestData.Root, file).Replace('\\', '/'));
}
