namespace Sagitta.Tests.Physics.Endcap;

public sealed class EndcapSimulationTests
{
    private static readonly EndcapDetector _endcap = EndcapDetector.Load("endcap");

    [Fact]
    public void An_event_depends_on_its_number_alone()
    {
        DepositSet once = new(24);
        DepositSet again = new(24);
        EndcapSimulation simulation = new(_endcap, new());
        RandomKey root = RandomKey.FromSeed(5);
        for (long number = 0; number < 20; number++)
        {
            simulation.Simulate(number, root, once);
        }

        int before = again.Count;
        SimulatedMuon[] muons = simulation.Simulate(19, root, again);
        Assert.Equal(once.Count - muons.Length, Enumerable.Range(0, once.Count).First(i => once.Number(i) == 19));
        Assert.Equal(once.Deposits.YIn[once.Offset(once.Count - muons.Length)..].ToArray(), again.Deposits.YIn[before..].ToArray());
    }

    [Fact]
    public void Counts_and_pairs_are_those_of_the_generator()
    {
        EndcapGenerator generator = new();
        RandomKey root = RandomKey.FromSeed(5);
        int[] counts = new int[5];
        int pairs = 0;
        for (ulong number = 0; number < 20_000; number++)
        {
            EndcapMuon[] muons = generator.Draw(root.Split(number).Draws());
            counts[muons.Length]++;
            pairs += muons.Any(muon => muon.Pair) ? 1 : 0;
            Assert.All(muons, muon => Assert.InRange(muon.Vertex.Ty, 0.2, 0.38));
        }

        Assert.Equal(0.05, counts[0] / 20_000.0, 0.006);
        Assert.Equal(0.35, counts[2] / 20_000.0, 0.014);
        Assert.Equal(0.3, (double)pairs / (counts[2] + counts[3] + counts[4]), 0.02);
    }

    [Theory]
    [InlineData(10, 8.35, 8.83, 20.1, 21.9)]
    [InlineData(100, 0.835, 0.873, 2.02, 2.16)]
    public void Scattering_is_that_of_the_geant4_sample(double momentum, double x8, double y8, double x16, double y16)
    {
        // Central 98 % widths of the sample's README, of 2,000 muons: 1.6 % statistical error there and here.
        EndcapMuonTransport transport = new(_endcap);
        TrackState[] states = new TrackState[24];
        TrackState[][] straight = [.. new[] { -1, 1 }.Select(charge => WithoutMatter(charge / momentum))];
        List<double>[] misses = [[], [], [], []];
        List<double> losses = [];
        DepositList deposits = new();
        for (int i = 0; i < 2000; i++)
        {
            int charge = (i % 2 * 2) - 1;
            EndcapMuon muon = new(new(0, 0, 0, 0.28, charge / momentum), 0, false);
            Assert.Equal(24, transport.Carry(muon, RandomKey.FromSeed(3).Split((ulong)i), states, deposits));
            TrackState[] expected = straight[i % 2];
            misses[0].Add(states[8].X - expected[8].X);
            misses[1].Add(states[8].Y - expected[8].Y);
            misses[2].Add(states[16].X - expected[16].X);
            misses[3].Add(states[16].Y - expected[16].Y);
            losses.Add(momentum - Math.Abs(1 / states[16].QOverP));
        }

        Assert.Equal(1, Width(misses[0]) / x8, 0.07);
        Assert.Equal(1, Width(misses[1]) / y8, 0.07);
        Assert.Equal(1, Width(misses[2]) / x16, 0.07);
        Assert.Equal(1, Width(misses[3]) / y16, 0.07);
        losses.Sort();
        Assert.InRange(losses[1000], 0.064, 0.084);
        double perPlane = deposits.Energy.ToArray().Where((_, k) => deposits.Particle[k] == 0).Average(value => value);
        Assert.InRange(perPlane, 1.1, 1.32);
    }

    [Fact]
    public void A_muon_that_turns_back_crosses_few_planes()
    {
        TrackState[] states = new TrackState[24];
        int planes = new EndcapMuonTransport(_endcap).Carry(
            new(new(0, 0, 0, 0.28, 1 / 0.6), 0, false), RandomKey.FromSeed(3), states, new());
        Assert.InRange(planes, 8, 15);
        Assert.True(double.IsNaN(states[23].X));
    }

    private static TrackState[] WithoutMatter(double qOverP)
    {
        TrackState[] states = new TrackState[24];
        TrackState state = new(0, 0, 0, 0.28, qOverP);
        double z = 0;
        for (int p = 0; p < 24; p++)
        {
            new FieldTransport(_endcap.Field).Carry(ref state, z, _endcap.Planes[p].Z);
            z = _endcap.Planes[p].Z;
            states[p] = state;
        }

        return states;
    }

    // Root of the mean square of the central 98 %, over that of a normal law's.
    private static double Width(List<double> values)
    {
        double[] central = [.. values.Order().Skip(values.Count / 100).SkipLast(values.Count / 100)];
        double mean = central.Average();
        return Math.Sqrt(central.Average(value => (value - mean) * (value - mean))) / 0.9346;
    }
}
