using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sagitta.Mutation;

/// <summary>The projects of the core, compiled with mutants in them into a copy of the folder of the tests.</summary>
/// <param name="root">Folder of the repository, in which the tests have been built with <c>EmitCompilerGeneratedFiles</c>.</param>
/// <param name="name">Names the folder of the copy.</param>
internal sealed partial class MutatedBuild(string root, string name)
{
    private const string SwitchSource = """
        using System.Runtime.CompilerServices;
        namespace Sagitta.Mutation;
        public static class MutantSwitch
        {
            public static int Active = -1;
            public static bool[]? Seen;
            public static bool Reached;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static bool Is(int mutant)
            {
                bool[]? seen = Seen;
                if (seen != null) { seen[mutant] = true; }
                if (mutant != Active) { return false; }
                Reached = true;
                return true;
            }
        }
        """;

    private static readonly CSharpParseOptions _language = new(LanguageVersion.CSharp14, DocumentationMode.None);

    private static readonly CSharpCompilationOptions _options = new(OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);

    private static readonly HashSet<int> _none = [];

    private readonly string _root = root;

    /// <summary>The tests as they were built.</summary>
    public string Built { get; } = Path.Combine(root, "artifacts", "bin", "Sagitta.Tests", "release");

    /// <summary>The tests over the changed core.</summary>
    public string Folder { get; } = Path.Combine(root, "artifacts", "mutation", name);

    /// <summary>Every place of the areas that could be changed.</summary>
    public IReadOnlyList<Mutant> Places(IReadOnlyList<CoreArea> areas)
    {
        MutantCatalogue catalogue = new(_none);
        foreach (string project in CoreArea.ProjectsOf(areas))
        {
            Mutated(project, areas, catalogue, References(project, []));
        }

        return catalogue.Mutants;
    }

    /// <summary>Compiles the core with the chosen mutants, without those with which it does not compile; returns the numbers that are
    /// in.</summary>
    public HashSet<int> Compile(IReadOnlyList<CoreArea> areas, IReadOnlyCollection<int> chosen)
    {
        Copy();
        HashSet<int> left = [.. chosen];
        using MemoryStream switchBytes = new();
        CSharpCompilation.Create(SourceMutator.Assembly, [CSharpSyntaxTree.ParseText(SwitchSource, _language)], References("", []),
            _options)
            .Emit(switchBytes);
        while (true)
        {
            MutantCatalogue catalogue = new(left);
            Dictionary<string, byte[]> compiled = new(StringComparer.Ordinal) { [SourceMutator.Assembly] = switchBytes.ToArray() };
            HashSet<int> refused = [];
            foreach (string project in CoreArea.ProjectsOf(areas))
            {
                CSharpCompilation compilation = Mutated(project, areas, catalogue, References(project, compiled));
                using MemoryStream bytes = new();
                foreach (Diagnostic error in compilation.Emit(bytes).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error))
                {
                    refused.UnionWith(AtFault(error));
                }

                compiled[project] = bytes.ToArray();
                if (refused.Count > 0)
                {
                    break;
                }
            }

            if (refused.Count == 0)
            {
                foreach ((string project, byte[] bytes) in compiled)
                {
                    File.WriteAllBytes(Path.Combine(Folder, $"{project}.dll"), bytes);
                }

                return left;
            }

            left.ExceptWith(refused);
        }
    }

    // The innermost mutant around the error; else the statements of its member that may be left out.
    private static HashSet<int> AtFault(Diagnostic error)
    {
        SyntaxNode at = error.Location.SourceTree!.GetRoot().FindNode(error.Location.SourceSpan);
        foreach (SyntaxNode node in at.AncestorsAndSelf())
        {
            ExpressionSyntax? condition = node switch
            {
                ConditionalExpressionSyntax choice => choice.Condition,
                IfStatementSyntax choice => choice.Condition,
                BinaryExpressionSyntax comparison => comparison.Left,
                _ => null,
            };
            if (condition is not null && SwitchNumber().Match(condition.ToString()) is { Success: true } match)
            {
                return [int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture)];
            }

            if (node is MemberDeclarationSyntax and not BaseTypeDeclarationSyntax)
            {
                HashSet<int> removed = [.. RemovedStatement().Matches(node.ToString())
                    .Select(found => int.Parse(found.Groups["number"].ValueSpan, CultureInfo.InvariantCulture))];
                return removed.Count > 0 ? removed : throw new InvalidOperationException(error.ToString());
            }
        }

        throw new InvalidOperationException(error.ToString());
    }

    private CSharpCompilation Mutated(
        string project, IReadOnlyList<CoreArea> areas, MutantCatalogue catalogue, IEnumerable<MetadataReference> references)
    {
        CSharpCompilation sound = Sound(project, references);
        CSharpCompilation mutated = sound;
        foreach (SyntaxTree tree in sound.SyntaxTrees)
        {
            string file = Path.GetRelativePath(_root, tree.FilePath).Replace('\\', '/');
            if (areas.FirstOrDefault(area => area.Holds(file)) is { } area)
            {
                SyntaxNode changed = new SourceMutator(sound.GetSemanticModel(tree), area.Name, file, catalogue).Visit(tree.GetRoot())!;
                mutated = mutated.ReplaceSyntaxTree(tree,
                    CSharpSyntaxTree.ParseText(changed.ToFullString(), _language, tree.FilePath));
            }
        }

        return mutated;
    }

    private CSharpCompilation Sound(string project, IEnumerable<MetadataReference> references)
    {
        string[] folders = [Path.Combine(_root, "src", project), Path.Combine(_root, "artifacts", "obj", project, "release")];
        List<SyntaxTree> trees = [.. folders
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), _language, path))];
        return CSharpCompilation.Create(project, trees, references, _options);
    }

    private IEnumerable<MetadataReference> References(string project, Dictionary<string, byte[]> compiled)
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        foreach (string path in platform.Where(path => Path.GetDirectoryName(path) == framework)
            .Concat(Directory.EnumerateFiles(Built, "*.dll")
                .Where(path => !platform.Contains(Path.Combine(framework, Path.GetFileName(path))))))
        {
            string assembly = Path.GetFileNameWithoutExtension(path);
            if (assembly != project && !compiled.ContainsKey(assembly))
            {
                yield return MetadataReference.CreateFromFile(path);
            }
        }

        foreach ((_, byte[] bytes) in compiled)
        {
            yield return MetadataReference.CreateFromImage(bytes);
        }
    }

    // The program itself goes beside the tests, so that they find what they look for beside themselves.
    private void Copy()
    {
        Directory.CreateDirectory(Folder);
        foreach (string path in Directory.EnumerateFiles(Built, "*", SearchOption.TopDirectoryOnly)
            .Append(typeof(MutatedBuild).Assembly.Location))
        {
            File.Copy(path, Path.Combine(Folder, Path.GetFileName(path)), overwrite: true);
        }

        // Libraries that are no assemblies.
        string native = Path.Combine(Folder, "runtimes");
        if (!Directory.Exists(native))
        {
            Directory.CreateSymbolicLink(native, Path.Combine(Built, "runtimes"));
        }
    }

    [GeneratedRegex(@"^!?global::Sagitta\.Mutation\.MutantSwitch\.Is\((?<number>\d+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SwitchNumber();

    [GeneratedRegex(@"if \(!global::Sagitta\.Mutation\.MutantSwitch\.Is\((?<number>\d+)\)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RemovedStatement();
}
