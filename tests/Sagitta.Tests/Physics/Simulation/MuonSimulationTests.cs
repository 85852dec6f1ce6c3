namespace Sagitta.Tests.Physics.Simulation;

public sealed class MuonSimulationTests
{
    private static readonly Detector _toy16 = DetectorFile.Load("toy16");

    [Fact]
    public void Events_depend_on_seed_and_number_alone()
    {
        EventSet all = MuonSimulation.Generate(_toy16, new(), 5, 0, 300);
        EventSet part = MuonSimulation.Generate(_toy16, new(), 5, 130, 100);
        Assert.Equal(all.HitY[all.HitOffsets[130]..all.HitOffsets[230]], part.HitY);
        Assert.Equal(all.TruthQOverPt[130..230], part.TruthQOverPt);
        Assert.Equal(all.EventNumber[130..230], part.EventNumber);
        using var workers = new WorkerThreads(3);
        EventSet threaded = MuonSimulation.Generate(_toy16, new(), 5, 0, 300, workers);
        Assert.Equal(all.HitOffsets, threaded.HitOffsets);
        Assert.Equal(all.HitCharge, threaded.HitCharge);
    }

    [Fact]
    public void Training_events_at_five_kilohertz_hold_at_least_170_hits()
    {
        EventSet events = MuonSimulation.Generate(_toy16, new(), 1, 0, 1000);
        Assert.InRange((double)events.HitCount / events.Count, 170, 220);
    }

    [Fact]
    public void Vertices_follow_their_options()
    {
        var options = new VertexOptions
        {
            Momentum = [new() { Low = 10, High = 10, Weight = 3 }, new() { Low = 20, High = 40, Exponent = 2 }],
            Angle = 0.02,
            WithoutMuon = 0.25,
        };
        DepositSet set = SimulatedDeposits.Generate(_toy16, options, 9, 0, 4000);
        int present = 0;
        int fixedMomentum = 0;
        int positive = 0;
        for (int i = 0; i < set.Count; i++)
        {
            MuonTruth truth = set.Truth(i);
            double pt = Math.Abs(1 / truth.QOverPt);
            present += truth.Present ? 1 : 0;
            fixedMomentum += Math.Abs(pt - 10) < 1e-9 ? 1 : 0;
            positive += truth.QOverPt > 0 ? 1 : 0;
            Assert.True(Math.Abs(pt - 10) < 1e-9 || (pt >= 20 && pt <= 40));
            Assert.InRange(truth.Sine, -0.02, 0.02);
            Assert.Equal(truth.Present, set.Offset(i + 1) > set.Offset(i));
        }

        Assert.Equal(0.75, present / 4000.0, 0.03);
        Assert.Equal(0.75, fixedMomentum / 4000.0, 0.03);
        Assert.Equal(0.5, positive / 4000.0, 0.03);
    }

    [Fact]
    public void Roads_say_nothing_of_the_muons_presence()
    {
        double Width(double withoutMuon)
        {
            EventSet events = MuonSimulation.Generate(_toy16, new() { Vertex = new() { WithoutMuon = withoutMuon } }, 4, 0, 3000);
            Assert.All(events.TruthMuon, muon => Assert.Equal(withoutMuon > 0 ? 0 : 1, muon));
            return Math.Sqrt(events.RoadCentre.Sum(centre => (double)centre * centre) / events.RoadCentre.Length);
        }

        Assert.Equal(1, Width(1) / Width(0), 0.05);
    }
}
