namespace Sagitta.Tests.Physics.Simulation;

public sealed class ElectronTrackerTests
{
    private static readonly Detector _toy16 = DetectorFile.Load("toy16");
    private static readonly ElectronTracker _tracker = new(_toy16);
    private static readonly int _gap = IndexOfGap(3);

    [Fact]
    public void A_soft_electron_leaves_its_energy_near_its_birth()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            DepositList deposits = Follow(5, (0, 0, 1), seed);
            double sum = 0;
            for (int d = 0; d < deposits.Count; d++)
            {
                Assert.Equal(3, deposits.Plane[d]);
                sum += deposits.Energy[d];

                // 5 keV reach 0.6 mm along the path in this gas.
                Assert.InRange(Math.Abs(deposits.YOut[d] - 10), 0, 0.8);
            }

            Assert.Equal(5, sum, 1e-4);
        }
    }

    [Fact]
    public void Electrons_curl_within_twice_their_radius()
    {
        // 1 MeV in 1 T: p = 1.42 MeV, radius 4.74 mm.
        double reach = 0;
        for (ulong seed = 0; seed < 100; seed++)
        {
            DepositList deposits = Follow(1000, (0, 0, 1), seed);
            for (int d = 0; d < deposits.Count; d++)
            {
                if (deposits.Plane[d] == 3)
                {
                    reach = Math.Max(reach, Math.Abs(deposits.YOut[d] - 10));
                }
            }
        }

        Assert.InRange(reach, 1, 12);
    }

    [Fact]
    public void An_electron_flying_forward_turns_towards_negative_y()
    {
        double sum = 0;
        for (ulong seed = 0; seed < 50; seed++)
        {
            DepositList deposits = Follow(5000, (0, 0, 1), seed);
            sum += deposits.YOut[0] - deposits.YIn[0];
        }

        // Sagitta of 2.5 mm at a radius of 18 mm.
        Assert.Equal(-0.17, sum / 50, 0.06);
    }

    [Fact]
    public void Sources_need_more_energy_further_from_a_gap()
    {
        int wall = IndexOfGap(3) + 1;
        double start = _toy16.TraversedMaterial()[wall].Start;
        double near = _tracker.LowestToReachGap(wall, start + 0.01);
        double far = _tracker.LowestToReachGap(wall, start + 0.4);
        Assert.Equal(45, near, 1.0);
        Assert.InRange(far, 150, 400);
        Assert.InRange(new ElectronSource(_toy16, _tracker).MeanNumber, 2, 20);
    }

    private static DepositList Follow(double energy, (double X, double Y, double Z) direction, ulong seed)
    {
        var draws = new DrawBuffer();
        draws.Restart(RandomKey.FromSeed(seed));
        var deposits = new DepositList();
        _tracker.Follow(_gap, 10, _toy16.Planes[3].Z, direction, energy, 0, 1, draws, deposits);
        return deposits;
    }

    private static int IndexOfGap(int plane)
    {
        IReadOnlyList<TraversedSlab> slabs = _toy16.TraversedMaterial();
        for (int s = 0; s < slabs.Count; s++)
        {
            if (slabs[s].GapOfPlane == plane)
            {
                return s;
            }
        }

        return -1;
    }
}
