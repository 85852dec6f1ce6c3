namespace Sagitta.Tests.Core.Files;

[Collection(nameof(NumberTextTests))]
[CollectionDefinition(nameof(NumberTextTests), DisableParallelization = true)]
public sealed class NumberTextTests
{
    [Theory]
    [InlineData("20.5", 20.5)]
    [InlineData("-1e3", -1000.0)]
    [InlineData("+.5", 0.5)]
    [InlineData("20,0", null)]
    [InlineData("1,234.5", null)]
    [InlineData("1 000", null)]
    [InlineData("1.000.000", null)]
    [InlineData("1'000", null)]
    [InlineData("(5)", null)]
    [InlineData("0x10", null)]
    [InlineData("", null)]
    public void A_number_has_a_point_and_no_thousands(string text, double? expected)
    {
        Assert.Equal(expected is not null, NumberText.TryRead(text, out double value));
        Assert.Equal(expected ?? 0, value);
        Assert.Equal(expected is not null, NumberText.TryRead(System.Text.Encoding.UTF8.GetBytes(text), out value));
        Assert.Equal(expected ?? 0, value);
    }

    [Theory]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("1,000", null)]
    [InlineData("1.0", null)]
    [InlineData(" 1", null)]
    public void A_whole_number_has_digits_and_perhaps_a_sign(string text, long? expected)
    {
        Assert.Equal(expected is not null, NumberText.TryRead(text, out long value));
        Assert.Equal(expected ?? 0, value);
    }

    [Fact]
    public void The_culture_of_the_process_changes_nothing()
    {
        string before = Everything();
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "~";
        CultureInfo own = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal("0,5", $"{0.5}");
            Assert.Equal(before, Everything());
        }
        finally
        {
            CultureInfo.CurrentCulture = own;
        }
    }

    /// <summary>What is written and read of numbers with a fraction or a sign, as one text.</summary>
    private static string Everything()
    {
        using TemporaryFolder folder = new();
        Detector detector = DetectorFile.Load("toy16");
        SimulationOptions options = ConfigurationFile.Defaults<SimulationOptions>(
            ["digitisation.background.kHzPerCm2=[0.5, 1.5]", "vertex.momentum=[{low: 5.5, high: 7.5, exponent: -0.5}]"]);
        EventSet events = MuonSimulation.Generate(detector, options, 1, 0, 3);
        using MemoryStream hits = new(), truth = new();
        TableFile.WriteCsv(hits, [EventTables.Hits(events)]);
        TableFile.WriteCsv(truth, [EventTables.Events(events)]);
        ColumnTable read = TableFile.Read(new MemoryStream(hits.ToArray()), "hits.csv", [new("y", ColumnKind.Number)],
            ColumnMapping.Parse("y=y*-2.5+0.5"));
        BadInputException[] problems =
        [
            Assert.Throws<BadInputException>(() => ConfigurationFile.Defaults<SimulationOptions>(["digitisation.smear=-0.5"])),
            Assert.Throws<BadInputException>(() => ConfigurationFile.Defaults<SimulationOptions>(["digitisation.smear=0,5"])),
            Assert.Throws<BadInputException>(() => TableFile.Read(new MemoryStream("y\n-0.5\n"u8.ToArray()), "hits.csv",
                [new("y", ColumnKind.Number) { Low = -0.25 }])),
        ];
        return string.Join('\n', [ConfigurationFile.Write(options), ExperimentTemplate.Write(options), DetectorFile.Write(detector),
            Convert.ToHexString(hits.ToArray()), Convert.ToHexString(truth.ToArray()),
            NumberText.Of(read.Numbers("y").Sum()), .. problems.Select(problem => problem.Message),
            VerbOption.Number("--level", "X", "a level", 0.5, -1.5, 1.5).DefaultText,
            VerbOption.Number("--level", "X", "a level", 0.5, -1.5, 1.5).Problem(["-2.5"]),
            NumberText.Of(VerbOption.Number("--level", "X", "a level", 0.5, -1.5, 1.5).Parse(["-1.5"]))]);
    }
}
