using System.CommandLine;

namespace Sagitta.Tests.Cli;

public sealed class SagittaCommandTests
{
    private static readonly string _archive = TestData.InRepository("data", "numpy", "structured.npz");

    [Fact]
    public async Task Every_verb_has_help_with_examples_that_parse()
    {
        RootCommand root = SagittaCommand.Create();
        Assert.NotEmpty(root.Subcommands);
        VerbCommand[] verbs = [.. Verbs(root).Where(v => v.Action is not null)];
        foreach (VerbCommand verb in verbs)
        {
            Assert.NotEmpty(verb.Examples);
            foreach (string example in verb.Examples)
            {
                Assert.StartsWith("sagitta ", example, StringComparison.Ordinal);
                Assert.Empty(root.Parse(example["sagitta ".Length..]).Errors);
            }

            string path = verb.Examples[0].Split(' ')[1];
            (int code, string output, string error) = await Run(path, "--help");
            Assert.Equal((0, string.Empty), (code, error));
            Assert.Contains("Examples:", output, StringComparison.Ordinal);
            Assert.Contains(verb.Examples[0], output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_arguments_show_the_verbs()
    {
        (int code, string output, string _) = await Run();
        Assert.Equal(0, code);
        Assert.Contains("inspect", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspekt")]
    [InlineData("--nonsense")]
    [InlineData("inspect")]
    [InlineData("inspect", "a", "b")]
    [InlineData("inspect", "none.npz")]
    [InlineData("inspect", "README.md")]
    [InlineData("inspect", "no-such-detector")]
    [InlineData("inspect", "toy16", "--pt", "-3")]
    [InlineData("landscape")]
    [InlineData("landscape", "elephant", "--out", "nowhere")]
    [InlineData("landscape", "--quick", "--full", "--out", "nowhere")]
    [InlineData("landscape", "--out", "Sagitta.Tests.dll")]
    [InlineData("simulate", "nothing.npz", "--threads", "1000000000")]
    [InlineData("simulate", "")]
    [InlineData("display", "muon", "-", "--deposits", "none", "--truth", "none")]
    public async Task Mistake_of_the_user_is_one_line_and_exit_code_2(params string[] arguments)
    {
        (int code, string output, string error) = await Run(arguments);
        Assert.Equal((2, string.Empty), (code, output));
        Assert.StartsWith("sagitta: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Inspect_lists_what_a_file_holds()
    {
        (int code, string output, string error) = await Run("inspect", _archive);
        Assert.Equal((0, string.Empty), (code, error));
        Assert.Contains("hit_posX <f4 (172,)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_states_what_a_detector_can_measure_with_and_without_a_vertex()
    {
        (int code, string output, string error) = await Run(
            "inspect", "toy16", "--pt", "10", "--pt", "100", "--pt", "0.5", "--vertex", "0.5");
        Assert.Equal((0, string.Empty), (code, error));
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal(6, lines.Length);
        Assert.StartsWith("toy16: 16 planes in 2 stations, z from 2000 to 5080 mm, 1 T", lines[0], StringComparison.Ordinal);
        Assert.Matches(@"^ +10 GeV +0\.73\d % +0\.\d+ %", lines[3]);
        Assert.Matches(@"^ +100 GeV +6\.5\d\d % +[1-4]\.\d+ %", lines[4]);

        // A circle that ends before the planes.
        Assert.Matches(@"^ +0\.5 GeV +- +-", lines[5]);
    }

    [Theory]
    [InlineData("--threads", "0", "too small")]
    [InlineData("--threads", "two", "'two' is no whole number")]
    [InlineData("--seed", "-1", "no whole number")]
    [InlineData("--level", "nan", "no number")]
    public void Number_out_of_place_is_told_in_words(string option, string value, string message)
    {
        VerbCommand verb = new("work", new SystemVerb(
            "work", "Works", [SharedOptions.Threads, SharedOptions.Seed, VerbOption.Number("--level", "X", "a level", 0.5, 0, 1)], _ => 0)
        {
            Examples = [],
        });
        Assert.Contains(
            message, Assert.Single(new RootCommand { verb }.Parse(["work", option, value]).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exceptions_of_verbs_become_exit_codes()
    {
        Assert.Equal(2, await Code(_ => throw new UsageException("odd")));
        Assert.Equal(1, await Code(_ => throw new WriteFailedException("a.csv", new IOException("full", 28))));
        Assert.Equal(0, await Code(_ => throw new WriteFailedException("a pipe", new IOException("closed", 32))));
        Assert.Equal(0, await Code(_ => 0));
        Assert.Equal(1, await Code(_ => 1));
        Assert.Equal(1, await Code(run =>
        {
            run.Stop.ThrowIfCancellationRequested();
            return 0;
        }, stopped: true));

        static async Task<int> Code(Func<VerbRun, int> body, bool stopped = false)
        {
            VerbCommand verb = new("work", new SystemVerb("work", "Works", [], body) { Examples = [] });
            using CancellationTokenSource stop = new();
            if (stopped)
            {
                await stop.CancelAsync();
            }

            using StringWriter error = new();
            int code = await SagittaCommand.InvokeAsync(new RootCommand { verb }.Parse("work"), TextWriter.Null, error, stop);
            Assert.Equal(code == 0 || error.ToString().Length == 0 ? 0 : 1, error.ToString().Count(c => c == '\n'));
            return code;
        }
    }

    [Fact]
    public async Task What_was_not_foreseen_is_one_plain_line_that_names_a_file_with_the_trace()
    {
        foreach (Exception thrown in new Exception[] { new InvalidOperationException("broken"), new NullReferenceException(),
            new AggregateException(new KeyNotFoundException("The given key 'x' was not present in the dictionary.")),
            new System.Reflection.TargetInvocationException(new ArgumentException("no", "count")), new FormatException() })
        {
            VerbCommand verb = new("work", new SystemVerb("work", "Works", [], _ => throw thrown) { Examples = [] });
            using StringWriter error = new();
            using CancellationTokenSource stop = new();
            Assert.Equal(1, await SagittaCommand.InvokeAsync(new RootCommand { verb }.Parse("work"), TextWriter.Null, error, stop));
            string told = error.ToString().TrimEnd();
            Assert.StartsWith("sagitta: 'sagitta work' failed in a way that was not foreseen; the trace is in '", told,
                StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", told, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', told);
            string file = told.Split('\'')[3];
            Assert.Contains((thrown.InnerException ?? thrown).GetType().Name, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
            File.Delete(file);
        }
    }

    private static IEnumerable<VerbCommand> Verbs(Command command) =>
        command.Subcommands.SelectMany(sub => Verbs(sub).Concat(new[] { sub }.OfType<VerbCommand>()));

    private static async Task<(int Code, string Output, string Error)> Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = await SagittaCommand.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
