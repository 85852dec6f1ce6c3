using System.Reflection;
using System.Xml.Linq;

namespace Sagitta.Tests.Architecture;

/// <summary>Projects refer to each other in one direction; Learning and Physics never meet, the command line sees Experiments
/// only.</summary>
public sealed class ReferenceDirectionTests
{
    public static TheoryData<string, string[]> Allowed => new()
    {
        { "Sagitta.Core", [] },
        { "Sagitta.Autodiff", ["Sagitta.Core"] },
        { "Sagitta.Learning", ["Sagitta.Core", "Sagitta.Autodiff"] },
        { "Sagitta.Physics", ["Sagitta.Core", "Sagitta.Autodiff"] },
        { "Sagitta.Tracking", ["Sagitta.Core", "Sagitta.Autodiff", "Sagitta.Learning", "Sagitta.Physics"] },
        { "Sagitta.Reports", ["Sagitta.Core"] },
        {
            "Sagitta.Experiments",
            ["Sagitta.Core", "Sagitta.Autodiff", "Sagitta.Learning", "Sagitta.Physics", "Sagitta.Tracking", "Sagitta.Reports"]
        },
        { "Sagitta.Mpi", ["Sagitta.Core"] },
        { "Sagitta.Cli", ["Sagitta.Core", "Sagitta.Experiments", "Sagitta.Mpi"] },
    };

    internal static readonly Dictionary<string, Assembly> Assemblies = new(StringComparer.Ordinal)
    {
        ["Sagitta.Core"] = typeof(BadInputException).Assembly,
        ["Sagitta.Reports"] = typeof(Report).Assembly,
        ["Sagitta.Autodiff"] = typeof(ParameterLayout).Assembly,
        ["Sagitta.Learning"] = typeof(LearningRateSchedule).Assembly,
        ["Sagitta.Physics"] = typeof(Detector).Assembly,
        ["Sagitta.Tracking"] = typeof(HitGraphBuilder).Assembly,
        ["Sagitta.Experiments"] = typeof(RunSummary).Assembly,
        ["Sagitta.Mpi"] = typeof(MpiRanks).Assembly,
        ["Sagitta.Cli"] = typeof(VerbCommand).Assembly,
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Assembly_refers_only_to_those_before_it(string project, string[] allowed) =>
        Assert.Empty(Assemblies[project].GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => name.StartsWith("Sagitta.", StringComparison.Ordinal)).Except(allowed));

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Project_file_refers_only_to_those_before_it(string project, string[] allowed)
    {
        var file = XDocument.Load(TestData.InRepository("src", project, project + ".csproj"));
        IEnumerable<string> references = file.Descendants("ProjectReference").Select(
            r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void Every_project_is_held_to_the_direction() =>
        Assert.Equal(Allowed.Select(row => (string)row[0])
            .Order(StringComparer.Ordinal), Directory.GetDirectories(TestData.InRepository("src")).Select(d => Path.GetFileName(d)).Order(
            StringComparer.Ordinal));

    [Fact]
    public void Types_are_sealed_abstract_or_static()
    {
        IEnumerable<string> open = Assemblies.Values.SelectMany(a => a.GetTypes())
            .Where(t => t is { IsClass: true, IsSealed: false, IsAbstract: false } && !t.FullName!.Contains('<', StringComparison.Ordinal)
                && t.Namespace?.StartsWith("Sagitta", StringComparison.Ordinal) == true)
            .Select(t => t.FullName!);
        Assert.Empty(open);
    }
}
