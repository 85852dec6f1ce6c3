using FsCheck;
using FsCheck.Fluent;

namespace Sagitta.Tests.Cli;

/// <summary>Lines of results on a narrow terminal.</summary>
public sealed class TerminalWriterTests
{
    [Fact]
    public void Long_lines_go_on_below_at_a_blank() => Assert.Equal(
        "a line of some\n    words\n  and one\n      further in\nshort\n\n",
        Written("a line of some words\n  and one further in\nshort\n\n", 16));

    [Theory]
    [InlineData("{\"key\": \"a text that is longer than the terminal\"}")]
    [InlineData("| a | table in Markdown |")]
    [InlineData("# of YAML, a comment")]
    [InlineData("event,plane,y,charge,time,road")]
    public void What_machines_read_stays(string line) => Assert.Equal(line + "\n", Written(line + "\n", 16));

    [Fact]
    public void What_is_left_without_an_end_of_line_is_written() =>
        Assert.Equal("a prompt of many words", Written("a prompt of many words", 16));

    [Fact]
    public void No_word_is_lost_or_cut_and_no_line_is_longer_than_it_must_be() => Prop.ForAll(
        Gen.Choose(1, 14).Select(length => new string('x', length)).ListOf().ToArbitrary(),
        Gen.Choose(20, 80).ToArbitrary(), (words, width) =>
        {
            string text = Written(string.Join(' ', words) + "\n", width);
            Assert.Equal(words, text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
            Assert.All(text.Split('\n'), line => Assert.True(line.Length <= width));
        }).QuickCheckThrowOnFailure();

    private static string Written(string text, int width)
    {
        using StringWriter inner = new() { NewLine = "\n" };
        using (TerminalWriter writer = new(inner, width))
        {
            writer.Write(text);
        }

        return inner.ToString();
    }
}
