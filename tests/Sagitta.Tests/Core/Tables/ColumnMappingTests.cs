namespace Sagitta.Tests.Core.Tables;

public sealed class ColumnMappingTests
{
    [Theory]
    [InlineData("y=y_cm*10", "y_cm", 2, 20)]
    [InlineData("y = y_um / 1e3", "y_um", 2, 0.002)]
    [InlineData("y=y_um*1e-3", "y_um", 2, 0.002)]
    [InlineData("y=y0+5.5", "y0", 2, 7.5)]
    [InlineData("y=y0-1", "y0", 2, 1)]
    [InlineData("y=a*-2-0.5", "a", 2, -4.5)]
    [InlineData("y=volumeID[2]", "volumeID[2]", 2, 2)]
    [InlineData("y=\"y*2, in mm\"*10", "y*2, in mm", 2, 20)]
    [InlineData("y='y/mm'", "y/mm", 2, 2)]
    [InlineData("y=the y of a hit", "the y of a hit", 2, 2)]
    [InlineData("y=y-cm*10", "y-cm", 2, 20)]
    public void Piece_is_a_column_with_a_factor_and_an_offset(string text, string source, double given, double expected)
    {
        MappedColumn column = ColumnMapping.Parse(text).Columns["y"];
        Assert.Equal(source, column.Source);
        Assert.Equal(expected, column.Of(given));
    }

    [Fact]
    public void Pieces_stand_between_commas()
    {
        ColumnMapping mapping = ColumnMapping.Parse("y=y_cm*10,plane=chamber, event=\"run, event\"");
        Assert.Equal(["y", "plane", "event"], mapping.Columns.Keys);
        Assert.Equal("run, event", mapping.Columns["event"].Source);
        Assert.True(mapping.Columns["plane"].IsPlain);
    }

    [Theory]
    [InlineData("", "''")]
    [InlineData("y", "'y'")]
    [InlineData("y=", "'y='")]
    [InlineData("=y", "'=y'")]
    [InlineData("y=a,", "''")]
    [InlineData("y=a,plane", "'plane'")]
    [InlineData("y=a*2*3", "'y=a*2*3'")]
    [InlineData("y=a+1+2", "'y=a+1+2'")]
    [InlineData("y=a+1*2", "'y=a+1*2'")]
    [InlineData("y=a*b", "'y=a*b'")]
    [InlineData("y=a=b", "'y=a=b'")]
    [InlineData("y=a/0", "zero")]
    [InlineData("y=a*0", "zeros of all numbers")]
    [InlineData("y=a*1e999", "too large")]
    [InlineData("y=a,y=b", "'y' is given twice")]
    [InlineData("y=\"a", "'y=\"a'")]
    public void Mistake_names_the_piece(string text, string message)
    {
        BadInputException problem = Assert.Throws<BadInputException>(() => ColumnMapping.Parse(text));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.StartsWith("--columns", problem.Where, StringComparison.Ordinal);
    }
}
