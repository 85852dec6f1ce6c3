namespace Sagitta.Tests.Experiments.Landscapes;

public sealed class AnalysisStoreTests
{
    [Fact]
    public void A_stored_result_is_read_until_its_origin_changes()
    {
        using TemporaryFolder folder = new();
        int computed = 0;
        Outcome Compute() => new(++computed, double.NaN);
        Assert.Equal(new(1, double.NaN), new AnalysisStore(folder.Name).Get("one", "origin", Compute));
        AnalysisStore again = new(folder.Name);
        Assert.Equal(new(1, double.NaN), again.Get("one", "origin", Compute));
        Assert.Equal(1, again.Reused);
        Assert.Equal(2, again.Get("one", "another origin", Compute).Number);
        File.WriteAllText(folder.File("one.json"), "{ damaged");
        Assert.Equal(3, again.Get("one", "another origin", Compute).Number);
    }

    private sealed record Outcome(int Number, double Value);
}
