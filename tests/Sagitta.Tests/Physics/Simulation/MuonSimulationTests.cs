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
    public void Muons_that_radiate_begin_showers_and_lose_what_they_radiate()
    {
        // Forty times as much board in each plane, so that a few thousand muons are enough.
        Detector thick = _toy16 with
        {
            Planes = [.. _toy16.Planes.Select((plane, p) =>
                plane with { Z = plane.Z + (40 * p), After = [new(_toy16.Materials["FR4"], 20)] })],
        };
        VertexOptions options = new() { Momentum = [new() { Low = 1000, High = 1000 }] };
        DepositSet without = SimulatedDeposits.Generate(thick, options, 4, 0, 2000);
        DepositSet with = SimulatedDeposits.Generate(thick with { HardRadiation = true }, options, 4, 0, 2000);

        // Electrons that are struck fall as 1/T^2 whatever the muon's momentum: at a TeV most that cross three planes are of showers.
        int Crossing(DepositSet set) => Enumerable.Range(0, set.Count).Sum(i => Enumerable.Range(set.Offset(i), set.Offset(i + 1)
            - set.Offset(i)).Where(d => set.Deposits.Source[d] == (byte)DepositSource.Electron)
            .GroupBy(d => set.Deposits.Particle[d]).Count(g => g.Select(d => set.Deposits.Plane[d]).Distinct().Count() >= 3));
        Assert.InRange(Crossing(with), 1.5 * Crossing(without), 15.0 * Crossing(without));

        // What is drawn in all steps is the mean number of pairs and photons.
        MuonRadiation board = new(_toy16.Materials["FR4"]);
        (double pairs, double photons) = board.PerLength(100);
        List<Radiated> radiated = [];
        RadiationPlan plan = TransportPlan.Of(thick with { HardRadiation = true }).Radiation!;
        DrawBuffer draws = new();
        draws.Restart(new(8));
        double lost = Enumerable.Range(0, 40_000).Sum(_ => plan.Radiate(3, 100, 1, draws, radiated));
        double expected = 40_000 * 20.5 * (pairs + photons);
        Assert.InRange(radiated.Count, 0.85 * expected, 1.25 * expected);
        Assert.Equal(radiated.Sum(r => r.Energy), lost, 1e-6);
        Assert.InRange(radiated.Count(r => r.Pair) / (double)radiated.Count, 0.9, 1);
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
