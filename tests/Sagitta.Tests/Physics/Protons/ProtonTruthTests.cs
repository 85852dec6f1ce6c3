namespace Sagitta.Tests.Physics.Protons;

public sealed class ProtonTruthTests
{
    [Fact]
    public void Protons_that_did_not_arrive_are_left_out_and_an_event_stands_once()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("t.csv"), "eventID,entE,entCSDA\n0,,\n1,186.761,231.626\n");
        KeyValuePair<long, ProtonTruth> only = Assert.Single(ProtonTruth.Read(folder.File("t.csv")));
        Assert.Equal((1, new(186.761, 231.626)), (only.Key, only.Value));

        File.WriteAllText(folder.File("t.csv"), "eventID,entE,entCSDA\n1,186.7,231.6\n2,,\n1,186.8,231.7\n");
        string message = Assert.Throws<BadInputException>(() => ProtonTruth.Read(folder.File("t.csv"))).Message;
        Assert.Contains("line 4", message, StringComparison.Ordinal);
        Assert.Contains("event 1 stands here twice", message, StringComparison.Ordinal);
    }
}
