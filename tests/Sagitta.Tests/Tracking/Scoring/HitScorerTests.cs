namespace Sagitta.Tests.Tracking.Scoring;

public sealed class HitScorerTests
{
    [Fact]
    public void A_network_without_options_has_the_shape_of_the_shipped_one()
    {
        MuonModel shipped = MuonModelFile.Read(TestData.InRepository("models", "muon", "end-to-end.safetensors"));
        Assert.Equal(shipped.Experiment.Network, new HitScorerOptions());
        Assert.Equal(new HitScorerOptions { Heads = 2 }, new HitScorer(new() { Heads = 2 }).Options);
    }
}
