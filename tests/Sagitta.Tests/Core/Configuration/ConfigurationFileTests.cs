using System.Collections.Immutable;

namespace Sagitta.Tests.Core.Configuration;

public sealed class ConfigurationFileTests
{
    private const string Yaml = """
        # An experiment.
        name: first light
        seed: 18446744073709551615
        method: end-to-end
        limits: [1, 2.5, -3e-1]
        training:
          epochs: 3
          rates:
            fast: 1
            slow: 0.1
        samples:
          - { count: 10, label: a }
          - count: 20
        """;

    public enum Method
    {
        Factorised,
        EndToEnd,
    }

    [Fact]
    public void Fields_are_set_and_the_rest_keeps_its_defaults()
    {
        Example example = ConfigurationFile.Parse<Example>(Yaml, "a.yaml");
        Assert.Equal("first light", example.Name);
        Assert.Equal(ulong.MaxValue, example.Seed);
        Assert.Equal(Method.EndToEnd, example.Method);
        Assert.Equal([1, 2.5, -0.3], example.Limits);
        Assert.Equal(3, example.Training.Epochs);
        Assert.Equal(0.25, example.Training.Momentum);
        Assert.Equal(0.1, example.Training.Rates["slow"]);
        Assert.Equal([10, 20], example.Samples.Select(s => s.Count));
        Assert.Equal(["a", "none"], example.Samples.Select(s => s.Label));
        Assert.True(example.Shuffle);
        Assert.Null(example.Cap);
    }

    [Fact]
    public void Empty_file_is_all_defaults()
    {
        Example example = ConfigurationFile.Parse<Example>("# nothing\n", "a.yaml");
        Assert.Equal("unnamed", example.Name);
        Assert.Equal(ConfigurationFile.Write(new Example()), ConfigurationFile.Write(example));
    }

    [Fact]
    public void Reading_leaves_the_defaults_of_the_type_alone()
    {
        Training before = Example.Shared;
        Example example = ConfigurationFile.Parse<Example>("training: { epochs: 99 }", "a.yaml");
        Assert.Equal(99, example.Training.Epochs);
        Assert.Equal(7, before.Epochs);
    }

    [Fact]
    public void Overrides_go_before_the_file_and_later_before_earlier_ones()
    {
        Example example = ConfigurationFile.Parse<Example>(Yaml, "a.yaml",
            ["training.epochs=5", "training.epochs=6", "limits=[4]", "cap=12", "name=a b", "method=factorised"]);
        Assert.Equal(6, example.Training.Epochs);
        Assert.Equal(0.1, example.Training.Rates["slow"]);
        Assert.Equal([4], example.Limits);
        Assert.Equal(12, example.Cap);
        Assert.Equal("a b", example.Name);
        Assert.Equal(Method.Factorised, example.Method);
        Assert.Equal(8, ConfigurationFile.Defaults<Example>(["training.epochs=8"]).Training.Epochs);
    }

    [Fact]
    public void Written_text_reads_back_to_the_same_text_and_values()
    {
        Example example = ConfigurationFile.Parse<Example>(Yaml, "a.yaml", ["limits=[0.1, 1e-300]", "name='true'"]);
        string text = ConfigurationFile.Write(example);
        Example again = ConfigurationFile.Parse<Example>(text, "b.yaml");
        Assert.Equal(text, ConfigurationFile.Write(again));
        Assert.Equal([0.1, 1e-300], again.Limits);
        Assert.Equal("true", again.Name);
        Assert.Equal(example.Training.Rates, again.Training.Rates);
        Assert.Contains("method: end-to-end\n", text, StringComparison.Ordinal);
        Assert.Contains("warmUpStart: 0.15\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: x\ntrainin:\n  epochs: 3", "'a.yaml', line 2, field 'trainin': this field is unknown; did you mean 'training'?")]
    [InlineData(
        "training:\n  epoch: 3", "'a.yaml', line 2, field 'training.epoch': this field is unknown; did you mean 'training.epochs'?")]
    [InlineData(
        "training:\n  epochs: three",
        "'a.yaml', line 2, field 'training.epochs': 'three' is not what is expected; give a whole number such as 3")]
    [InlineData(
        "training:\n  epochs: 2.5",
        "'a.yaml', line 2, field 'training.epochs': '2.5' is not what is expected; give a whole number such as 3")]
    [InlineData("training:\n  epochs: 99999999999", "field 'training.epochs'")]
    [InlineData("training:\n  epochs: 0", "'a.yaml', line 2, field 'training.epochs': 0 passes train nothing; give 1 or more")]
    [InlineData("training: 3", "'a.yaml', line 1, field 'training': '3' is not what is expected; give fields, one a line below it")]
    [InlineData("training: [3]", "a list is not what is expected")]
    [InlineData("method: endtoend", "give one of factorised, end-to-end")]
    [InlineData("method: 1", "give one of factorised, end-to-end")]
    [InlineData("shuffle: yes", "give true or false")]
    [InlineData("limits: 3", "give a list [..] of numbers")]
    [InlineData("limits: [1, .nan]", "'a.yaml', line 1, field 'limits[1]'")]
    [InlineData("samples:\n  - count: 1\n  - cuont: 2", "'a.yaml', line 3, field 'samples[1].cuont'")]
    [InlineData("name: [1]", "give a text")]
    [InlineData("seed: -1", "give a whole number from 0")]
    [InlineData("name: x\n  bad: [", "this is no YAML")]
    [InlineData("name: x\nname: y", "'a.yaml', line 2")]
    [InlineData("training: &a\n  epochs: 1\nrates: *a", "'a.yaml', line 3: '*a' stands for another place")]
    [InlineData("training: &a\n  more: *a", "'*a' stands for another place")]
    [InlineData("training:\n  rates: { fast: 1, fast: 2 }", "'a.yaml', line 2")]
    [InlineData("samples:\n  - { count: 1, count: 2 }", "'a.yaml', line 2")]
    [InlineData("training:\n  momentum: 1.5", "'a.yaml', line 2, field 'training.momentum': 1.5 is out of range; give a value from 0 to 1")]
    [InlineData("samples:\n  - label: a", "'a.yaml', line 2, field 'samples[0].count': the field is missing; add it")]
    [InlineData("training:\n  momentum: 0,5", "give a number such as 0.5")]
    [InlineData("--- {}\n--- {}", "several documents")]
    [InlineData("- 1", "not one mapping")]
    [InlineData("[1]: 2", "this field is unknown")]
    [InlineData("training:\n  rates:\n    ? [a, b]\n    : 1", "'a.yaml', line 3: this field is unknown: a list or mapping stands where")]
    [InlineData("training:\n  rates: { ? { a: 1 } : 1 }", "a list or mapping stands where its name should be")]
    [InlineData("name: x\ntraining: {}\nname: y", "'a.yaml', line 3: the field 'name' is given twice, before in line 1")]
    [InlineData("name: x\n!!str name: y", "given twice, before in line 1")]
    public void Mistake_is_told_with_line_and_field(string yaml, string message) =>
        Assert.Contains(message, Assert.Throws<BadInputException>(() => ConfigurationFile.Parse<Example>(yaml, "a.yaml")).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("training.epochs", "--set training.epochs: there is no '='")]
    [InlineData(
        "training.epoch=3", "--set training.epoch=3, field 'training.epoch': this field is unknown; did you mean 'training.epochs'?")]
    [InlineData("traning.epochs=3", "--set traning.epochs=3, field 'traning': this field is unknown")]
    [InlineData("training.epochs=x", "--set training.epochs=x, field 'training.epochs': 'x' is not what is expected")]
    [InlineData("training.epochs=", "--set training.epochs=, field 'training.epochs'")]
    [InlineData("limits=[1, x]", "--set limits=[1, x], field 'limits[1]'")]
    [InlineData("name.first=x", "'name' holds a value, not fields")]
    [InlineData("limits=[", "no YAML")]
    public void Mistake_in_an_override_names_the_override(string setting, string message) =>
        Assert.Contains(message, Assert.Throws<BadInputException>(
            () => ConfigurationFile.Parse<Example>("name: x", "a.yaml", [setting])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public void Deep_nesting_is_refused_in_files_and_overrides(int depth)
    {
        string Message(string yaml, params string[] settings) =>
            Assert.Throws<BadInputException>(() => ConfigurationFile.Parse<Example>(yaml, "a.yaml", settings)).Message;
        string nested = new string('[', depth) + new string(']', depth);
        Assert.Contains("'a.yaml', line 1: lists and mappings are nested", Message("limits: " + nested), StringComparison.Ordinal);
        Assert.Contains("nested more than", Message("", "limits=" + nested), StringComparison.Ordinal);
        Assert.Contains("none of a field", Message("", string.Join('.', Enumerable.Repeat("a", depth)) + "=1"), StringComparison.Ordinal);
    }

    [Fact]
    public void Template_has_every_field_with_its_summary_and_reads_back()
    {
        Example example = ConfigurationFile.Parse<Example>(Yaml, "a.yaml");
        string text = ExperimentTemplate.Write(example);
        Assert.Equal(ConfigurationFile.Write(example), ConfigurationFile.Write(ConfigurationFile.Parse<Example>(text, "b.yaml")));
        Assert.Contains("# What it is called; see seed.\nname: \"first light\"\n", text, StringComparison.Ordinal);
        Assert.Contains("# cap:\n", text, StringComparison.Ordinal);
        Assert.Contains("training:\n  epochs: 3\n  # Between 0 and 1. From 0 to 1.\n  momentum: 0.25\n", text, StringComparison.Ordinal);
        Assert.Contains("# - count: Number of things.\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_file_is_bad_input() =>
        Assert.Contains("does not exist", Assert.Throws<BadInputException>(() => ConfigurationFile.Load<Example>("none.yaml")).Message,
            StringComparison.Ordinal);

    internal sealed record Example
    {
        public static Training Shared { get; } = new();

        /// <summary>What it is called; see <see cref="Seed"/>.</summary>
        public string Name { get; init; } = "unnamed";

        public ulong Seed { get; init; } = 1;

        public bool Shuffle { get; init; } = true;

        public int? Cap { get; init; }

        public Method Method { get; init; }

        public IReadOnlyList<double> Limits { get; init; } = [];

        public Training Training { get; init; } = Shared;

        public ImmutableArray<Sample> Samples { get; init; } = [];
    }

    internal sealed record Training : ICheckedOptions
    {
        public int Epochs { get; init; } = 7;

        /// <summary>
        /// Between 0
        /// and 1.
        /// </summary>
        [System.ComponentModel.DataAnnotations.Range(0, 1)]
        public double Momentum { get; init; } = 0.25;

        public float WarmUpStart { get; init; } = 0.15f;

        public IReadOnlyDictionary<string, double> Rates { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

        public double Double => 2 * Momentum;

        public IEnumerable<OptionProblem> Check()
        {
            if (Epochs < 1)
            {
                yield return new(nameof(Epochs), $"{Epochs} passes train nothing", "give 1 or more");
            }
        }
    }

    public sealed record Sample
    {
        /// <summary>Number of things.</summary>
        public required long Count { get; init; }

        public string Label { get; init; } = "none";
    }
}
