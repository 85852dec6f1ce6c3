namespace Sagitta.Tests.Physics.Calorimeter;

public sealed class HitPreparationTests
{
    private const int Proton = 2212;
    private const int Electron = 11;

    [Fact]
    public void Layers_behind_a_gap_are_cut_and_the_one_before_it_only_as_published()
    {
        CalorimeterDeposits deposits = Event([0, 1, 2, 3, 5, 6]);
        Assert.Equal([3, 2, 1, 0], Frame(deposits, new()).Layer);
        Assert.Equal([2, 1, 0], Frame(deposits, new() { DropLayerBeforeGap = true }).Layer);
        Assert.Equal([3, 2, 1, 0], Frame(Event([0, 1, 2, 3]), new() { DropLayerBeforeGap = true }).Layer);
    }

    [Fact]
    public void Rows_of_one_track_in_one_layer_merge()
    {
        CalorimeterDepositList list = new();
        list.Add(new(0, 1, 0, Proton, 0, 1, 3, 10, 0.02));
        list.Add(new(0, 1, 0, Proton, 0, 2, 5, 10, 0.03));
        CalorimeterFrame frame = Frame(list.ToDeposits(), new());
        Assert.Equal([1.5f], frame.X);
        Assert.Equal([4f], frame.Y);
        Assert.Equal([0.05f], frame.Energy);
    }

    [Fact]
    public void Electrons_and_small_clusters_are_dropped_unless_asked_for()
    {
        CalorimeterDepositList list = new();
        list.Add(new(0, 1, 0, Proton, 0, 0, 0, 10, 0.02));
        list.Add(new(0, 2, 1, Electron, 0, 1, 0, 10, 0.01));
        list.Add(new(0, 3, 1, Proton, 0, 2, 0, 10, 0.001));
        CalorimeterDeposits deposits = list.ToDeposits();
        Assert.Equal([1], Frame(deposits, new()).TruthTrack);
        Assert.Equal([1, 2], Frame(deposits, new() { KeepElectronsAndPhotons = true }).TruthTrack);
        Assert.Equal([1, 3], Frame(deposits, new() { SmallestCluster = 0 }).TruthTrack);
    }

    [Theory]
    [InlineData(0.0051, 2)]
    [InlineData(0.0049, 1)]
    [InlineData(0.025, 4)]
    public void Clusters_have_the_published_size(double energy, int pixels) => Assert.Equal(pixels, HitPreparation.ClusterSize(energy));

    private static CalorimeterDeposits Event(int[] layers)
    {
        CalorimeterDepositList list = new();
        foreach (int layer in layers)
        {
            list.Add(new(0, 1, 0, Proton, layer, 0, 0, 10 * layer, 0.02));
        }

        return list.ToDeposits();
    }

    private static CalorimeterFrame Frame(CalorimeterDeposits deposits, HitPreparationOptions options) =>
        Assert.Single(HitPreparation.Events(deposits, options).Frames(1));
}
