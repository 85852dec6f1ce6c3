namespace Sagitta.Tests.Physics.Protons;

public sealed class CalorimeterSimulationTests
{
    private static readonly ProtonPlan _plan = new(TrackingCalorimeterFile.Load(TrackingCalorimeterFile.Shipped), 150);

    [Fact]
    public void Passages_depend_on_seed_and_number_alone()
    {
        CalorimeterDeposits whole = CalorimeterSimulation.Generate(_plan, 5, 0, 700);
        using WorkerThreads workers = new(3);
        Same(whole, CalorimeterSimulation.Generate(_plan, 5, 0, 700, workers), 0);
        CalorimeterDeposits tail = CalorimeterSimulation.Generate(_plan, 5, 300, 400);
        Same(whole, tail, whole.Count - tail.Count);
        Assert.NotEqual(whole.Energy[0], CalorimeterSimulation.Generate(_plan, 6, 0, 1).Energy[0]);
    }

    [Fact]
    public void Passages_are_ordered_and_physical()
    {
        CalorimeterDeposits deposits = CalorimeterSimulation.Generate(_plan, 1, 0, 500);
        for (int i = 0; i < deposits.Count; i++)
        {
            Assert.InRange(deposits.Energy[i], 0, 15);
            Assert.True(deposits.Energy[i] > 0);
            Assert.Equal(deposits.Track[i] == 1, deposits.Parent[i] == 0);
            if (i > 0)
            {
                (long, int, long) before = (deposits.EventNumber[i - 1], deposits.Layer[i - 1], deposits.Track[i - 1]);
                Assert.True(before.CompareTo((deposits.EventNumber[i], deposits.Layer[i], deposits.Track[i])) < 0);
            }
        }

        Assert.Contains(deposits.Parent, parent => parent > 0);
        Assert.Equal(5, HitPreparation.Events(deposits).Frames(80).Count);
    }

    [Fact]
    public void None_makes_none() => Assert.Equal(0, CalorimeterSimulation.Generate(_plan, 1, 0, 0).Count);

    [Theory]
    [InlineData("hits.csv")]
    [InlineData("hits.csv.gz")]
    public void Files_read_back(string name)
    {
        using TemporaryFolder folder = new();
        string path = folder.File(name);
        CalorimeterDeposits written = CalorimeterSimulation.Generate(_plan, 2, 0, 50);
        CalorimeterDepositWriter.Write(path, written);
        CalorimeterDeposits read = CalorimeterDepositReader.Read(path);
        Assert.Equal(written.EventNumber, read.EventNumber);
        Assert.Equal(written.Track, read.Track);
        Assert.Equal(written.Parent, read.Parent);
        Assert.Equal(written.Particle, read.Particle);
        Assert.Equal(written.Layer, read.Layer);
        for (int i = 0; i < written.Count; i++)
        {
            Assert.Equal(written.X[i], read.X[i], 5.1e-5);
            Assert.Equal(written.Y[i], read.Y[i], 5.1e-5);
            Assert.Equal(written.Z[i], read.Z[i], 5.1e-5);
            Assert.Equal(1, read.Energy[i] / written.Energy[i], 5.1e-5);
        }
    }

    [Fact]
    public void Events_that_follow_are_numbered_on()
    {
        CalorimeterDeposits first = CalorimeterSimulation.Generate(_plan, 1, 0, 30);
        CalorimeterDeposits second = CalorimeterSimulation.Generate(_plan, 2, 0, 20);
        CalorimeterDeposits both = first.Followed(second);
        Assert.Equal(first.Count + second.Count, both.Count);
        long border = first.EventNumber[^1] + 1;
        Assert.Equal(second.EventNumber.Select(number => border + number), both.EventNumber[first.Count..]);
        Assert.Equal(second.Energy, both.Energy[first.Count..]);
        Assert.Equal(first.Layer, both.Layer[..first.Count]);
    }

    private static void Same(CalorimeterDeposits whole, CalorimeterDeposits part, int from)
    {
        Assert.Equal(whole.EventNumber[from..], part.EventNumber);
        Assert.Equal(whole.Track[from..], part.Track);
        Assert.Equal(whole.Layer[from..], part.Layer);
        Assert.Equal(whole.X[from..], part.X);
        Assert.Equal(whole.Y[from..], part.Y);
        Assert.Equal(whole.Energy[from..], part.Energy);
    }
}
