namespace Sagitta.Tests.Core.Files;

public sealed class PythonLiteralTests
{
    [Fact]
    public void Dictionaries_hold_texts_numbers_and_lists_in_lists()
    {
        object? read = new PythonLiteral(" { 'descr' :[('x', '<f4') , ( \"y\",'<i8',) ],'shape':(3L,12 ,), 'order': False, 'none':None, } ")
            .Read();
        Dictionary<string, object?> entries = Assert.IsType<Dictionary<string, object?>>(read);
        Assert.Equal(["descr", "shape", "order", "none"], entries.Keys);
        Assert.Equal([["x", "<f4"], ["y", "<i8"]], ((List<object?>)entries["descr"]!).Cast<List<object?>>());
        Assert.Equal([3L, 12L], (List<object?>)entries["shape"]!);
        Assert.Equal(false, entries["order"]);
        Assert.Null(entries["none"]);
        Assert.Equal(true, new PythonLiteral("True").Read());
        Assert.Empty((List<object?>)new PythonLiteral("( )").Read()!);
        Assert.Empty((Dictionary<string, object?>)new PythonLiteral("{}").Read()!);
        Assert.Equal(9223372036854775807, new PythonLiteral("9223372036854775807").Read());
    }

    [Theory]
    [InlineData("'a\\'b\\\\'", "a'b\\")]
    [InlineData("\"it's\"", "it's")]
    [InlineData("''", "")]
    public void Text_ends_with_its_quote_and_not_with_one_behind_a_stroke(string text, string expected) =>
        Assert.Equal(expected, new PythonLiteral(text).Read());

    [Theory]
    [InlineData("", "it ends too early")]
    [InlineData("{'a' 1}", "unexpected '1' at 5")]
    [InlineData("{1: 2}", "unexpected '1' at 1")]
    [InlineData("{'a': 1", "it ends too early")]
    [InlineData("{'a'", "it ends too early")]
    [InlineData("{'a': 1, 'a': 2}", "'a' is given twice")]
    [InlineData("(1 2)", "unexpected '2' at 3")]
    [InlineData("(1, 2", "it ends too early")]
    [InlineData("(1, 2]", "unexpected ']' at 5")]
    [InlineData("(,)", "unexpected ',' at 1")]
    [InlineData("1 2", "unexpected '2' at 2")]
    [InlineData("1LL", "unexpected 'L' at 2")]
    [InlineData("-1", "unexpected '-' at 0")]
    [InlineData("Nine", "unexpected 'N' at 0")]
    [InlineData("9223372036854775808", "9223372036854775808 is too large")]
    [InlineData("'a", "it ends too early")]
    [InlineData("'a\\", "it ends too early")]
    public void Mistake_is_told_with_its_place(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => new PythonLiteral(text).Read()).Message);

    [Fact]
    public void Sixteen_lists_may_hold_each_other_and_any_number_stand_side_by_side()
    {
        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
        Assert.NotNull(new PythonLiteral(Nested(16)).Read());
        Assert.Equal("too deeply nested", Assert.Throws<FormatException>(() => new PythonLiteral(Nested(17)).Read()).Message);
        Assert.Equal(40, ((List<object?>)new PythonLiteral($"[{string.Join(',', Enumerable.Repeat("[1]", 40))}]").Read()!).Count);
    }
}
