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
    public async Task Run_in_the_folder_of_another_is_refused_before_it_works()
    {
        using TemporaryFolder folder = new();
        using RunFolder held = RunFolder.Claim(folder.File("run"), "sagitta train muon --out run");
        int verbs = 0;
        foreach (VerbCommand verb in Verbs(SagittaCommand.Create()).Where(v => v.Action is not null))
        {
            string[] words = [.. System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(verb.Examples[^1]).Skip(1)];
            int place = Array.IndexOf(words, "--out") + 1;
            if (place > 0)
            {
                words[place] = folder.File("run");
                (int code, _, string error) = await Run(words);
                Assert.Equal(2, code);
                Assert.Contains($"another run works in this folder (process {Environment.ProcessId} on", error, StringComparison.Ordinal);
                verbs++;
            }
        }

        Assert.InRange(verbs, 15, 100);
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
            int code = SagittaCommand.Invoke(new RootCommand { verb }.Parse("work"), TextWriter.Null, error, stop);
            Assert.Equal(code == 0 || error.ToString().Length == 0 ? 0 : 1, error.ToString().Count(c => c == '\n'));
            return code;
        }
    }

    [Fact]
    public async Task What_was_not_foreseen_is_one_plain_line_that_names_a_file_with_the_trace()
    {
        foreach (Exception thrown in new Exception[] { new InvalidOperationException("broken"), new TimeoutException(),
            new AggregateException(new KeyNotFoundException("The given key 'x' was not present in the dictionary.")),
            new System.Reflection.TargetInvocationException(new ArgumentException("no", "count")), new FormatException() })
        {
            VerbCommand verb = new("work", new SystemVerb("work", "Works", [], _ => throw thrown) { Examples = [] });
            using StringWriter error = new();
            using CancellationTokenSource stop = new();
            Assert.Equal(1, SagittaCommand.Invoke(new RootCommand { verb }.Parse("work"), TextWriter.Null, error, stop));
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

    [Theory]
    [InlineData("did you mean 'train'?", "trian")]
    [InlineData("did you mean 'train'?", "help", "trian")]
    [InlineData("the verbs are", "elephant")]
    [InlineData("did you mean '--config'?", "train", "muon", "--confg", "a.yaml")]
    [InlineData("did you mean '--quiet'?", "bench", "--quite")]
    [InlineData("did you mean 'training.epochs'?", "train", "muon", "--config", "experiments/muon-quick.yaml", "--dry-run", "--out", "none",
        "--set", "training.epoch=3")]
    public async Task Misspelt_words_are_told_their_neighbours(string message, params string[] arguments)
    {
        (int code, string output, string error) = await Run(InRepository(arguments));
        Assert.Equal((2, string.Empty), (code, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_of_a_verb_is_what_its_option_says()
    {
        Assert.Equal(await Run("train", "--help"), await Run("help", "train"));
        Assert.Equal(await Run("export", "model", "--help"), await Run("help", "export", "model"));
    }

    [Fact]
    public async Task Page_of_the_commands_is_that_of_the_tree_of_commands()
    {
        (int code, string output, string _) = await Run("help", "--markdown");
        Assert.Equal(0, code);
        Assert.Equal(await File.ReadAllTextAsync(TestData.InRepository("docs", "cli.md")), output);
    }

    [Fact]
    public async Task Dry_run_tells_what_it_would_do_and_does_nothing()
    {
        using TemporaryFolder folder = new();
        string run = folder.File("run");
        (int code, string output, string error) = await Run(InRepository(
            ["train", "muon", "--config", "experiments/muon-quick.yaml", "--set", "training.epochs=4", "--out", run, "--dry-run"]));
        Assert.Equal((0, string.Empty), (code, error));
        Assert.Contains("experiments/muon-quick.yaml (--config)", output, StringComparison.Ordinal);
        Assert.Contains("trains end-to-end, seed 1: 4 epochs of 8000 events", output, StringComparison.Ordinal);
        Assert.Contains($"writes the folder {run}", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run));
        (code, _, error) = await Run("evaluate", "muon", "--events", "not-there.npz", "--dry-run");
        Assert.Equal(2, code);
        Assert.Contains("'not-there.npz' is not there", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train", "muon", "muon-quick.yaml", "seed 7: ")]
    [InlineData("train", "calorimeter", "calorimeter-quick.yaml", "trains ptt, seed 7, 60 steps")]
    [InlineData("reproduce", "muon", "muon-quick.yaml", "1 seed(s) each, from 7 on: ", "--quick")]
    [InlineData("reproduce", "calorimeter", "calorimeter-quick.yaml", "trains pat-25, 1 seed(s) from 7 on, ")]
    public async Task Seed_is_the_experiments_unless_one_is_given(string verb, string system, string file, string expected,
        params string[] others)
    {
        using TemporaryFolder folder = new();
        string[] command = [verb, system, "--config", TestData.InRepository("experiments", file), "--out", folder.File("run"), "--dry-run",
            .. others];
        (int code, string output, string error) = await Run([.. command, "--set", "seed=7"]);
        Assert.Equal((0, string.Empty), (code, error));
        Assert.Contains(expected, output, StringComparison.Ordinal);
        (_, output, _) = await Run([.. command, "--set", "seed=8", "--seed", "7"]);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    public static TheoryData<string> ExperimentFiles =>
        [.. Directory.GetFiles(TestData.InRepository("experiments")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(ExperimentFiles))]
    public async Task Every_experiment_file_that_ships_is_understood(string file)
    {
        using TemporaryFolder folder = new();
        string system = Path.GetFileNameWithoutExtension(file).Split('-')[0];
        (int code, string output, string error) = await Run(
            ["reproduce", system, "--config", TestData.InRepository("experiments", file), "--out", folder.File("run"), "--dry-run"]);
        Assert.Equal((0, string.Empty), (code, error));
        Assert.Contains(file, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_exists_is_replaced_with_force_alone()
    {
        using TemporaryFolder folder = new();
        string npz = folder.File("events.npz"), csv = folder.File("small.csv");
        string[] simulate = ["simulate", npz, "--events", "2"];
        Assert.Equal(0, (await Run(simulate)).Code);
        byte[] first = await File.ReadAllBytesAsync(npz);
        (int code, string _, string error) = await Run([.. simulate, "--seed", "2"]);
        Assert.Equal(2, code);
        Assert.Contains("--force", error, StringComparison.Ordinal);
        Assert.Equal(first, await File.ReadAllBytesAsync(npz));
        Assert.Equal(0, (await Run([.. simulate, "--seed", "2", "--force"])).Code);
        Assert.NotEqual(first, await File.ReadAllBytesAsync(npz));

        // A name that stands for two tables is guarded by them; an empty file holds nothing of anybody.
        await File.WriteAllTextAsync(folder.File("small_events.csv"), "mine");
        Assert.Contains("small_events.csv", (await Run("simulate", csv, "--events", "2")).Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.File("small_events.csv"), "");
        Assert.Equal(0, (await Run("simulate", csv, "--events", "2")).Code);
    }

    [Fact]
    public async Task Quiet_run_tells_nothing_and_a_detailed_one_its_time()
    {
        using TemporaryFolder folder = new();
        Assert.Equal((0, "", ""), await Run("simulate", folder.File("a.npz"), "--events", "2", "-q"));
        (_, _, string error) = await Run("simulate", folder.File("b.npz"), "--events", "2", "-v", "detailed");
        Assert.Contains("MiB at most: sagitta simulate", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("detectors", @"^toy16 +\w+: Two stations of 8")]
    [InlineData("models", @"^models/\w+/factorised\.safetensors$")]
    [InlineData("experiments", @"^experiments/[\w-]+-quick\.yaml +A few minutes")]
    public async Task List_shows_what_comes_with_the_program(string kind, string line)
    {
        (int code, string output, string _) = await Run("list", kind);
        Assert.Equal(0, code);
        Assert.Contains(output.Split('\n'), found => System.Text.RegularExpressions.Regex.IsMatch(found.TrimEnd(), line));
    }

    [Fact]
    public async Task Configuration_is_read_back_to_the_defaults_and_its_schema_knows_every_field()
    {
        foreach (TrackingSystem system in TrackingSystems.All.Where(s => s.Configuration is not null))
        {
            (int code, string yaml, string _) = await Run("config", system.Name);
            Assert.Equal(0, code);
            var schema = System.Text.Json.Nodes.JsonNode.Parse((await Run("config", system.Name, "--schema")).Output)!;
            int fields = 0;
            HoldsAll(schema, system.Configuration!.GetType());
            Assert.True(fields > 20);

            void HoldsAll(System.Text.Json.Nodes.JsonNode node, Type type)
            {
                Assert.False((bool)node["additionalProperties"]!);
                foreach (System.Reflection.PropertyInfo property in OptionNames.PropertiesOf(type))
                {
                    System.Text.Json.Nodes.JsonNode? field = node["properties"]![OptionNames.Of(property)];
                    Assert.True(field is not null, $"{type.Name}.{property.Name}");
                    Assert.Contains(OptionNames.Of(property) + ":", yaml, StringComparison.Ordinal);
                    fields++;
                    if (field["properties"] is not null)
                    {
                        HoldsAll(field, property.PropertyType);
                    }
                }
            }
        }

        (_, string muon, _) = await Run("config", "muon");
        Assert.Equal(ConfigurationFile.Write(new MuonExperiment()), ConfigurationFile.Write(
            ConfigurationFile.Parse<MuonExperiment>(muon, "config")));
        Assert.Contains("From 0.001 to 1000000.", muon, StringComparison.Ordinal);
    }

    // Tests run in the folder of their assembly.
    private static string[] InRepository(string[] arguments) =>
        [.. arguments.Select(a => a.StartsWith("experiments/", StringComparison.Ordinal) ? TestData.InRepository(a.Split('/')) : a)];

    private static IEnumerable<VerbCommand> Verbs(Command command) =>
        command.Subcommands.SelectMany(sub => Verbs(sub).Concat(new[] { sub }.OfType<VerbCommand>()));

    private static async Task<(int Code, string Output, string Error)> Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = await SagittaCommand.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
