namespace Sagitta.Tests.Physics.Deposits;

public sealed class PlaneOrderTests
{
    [Fact]
    public void Deposits_of_a_plane_keep_their_order()
    {
        DepositList deposits = new();
        foreach (int plane in new[] { 9, 2, 0, 2, 3, 0, 2, 9 })
        {
            deposits.Add(plane, DepositSource.Muon, 0, 0, 0, 0, 0, 1, 0);
        }

        PlaneOrder order = new(10);
        order.Sort(deposits, 1, 7);

        Assert.Equal([2, 5], order.In(0).ToArray());
        Assert.Equal([1, 3, 6], order.In(2).ToArray());
        Assert.Equal([4], order.In(3).ToArray());
        Assert.Empty(order.In(1).ToArray());
        Assert.Empty(order.In(9).ToArray());

        order.Sort(deposits, 7, 8);
        Assert.Equal([7], order.In(9).ToArray());
        Assert.Empty(order.In(2).ToArray());
        order.Sort(deposits, 3, 3);
        Assert.Empty(order.In(9).ToArray());
    }
}
