namespace Sagitta.Tests.Physics.Digitisation;

public sealed class DigitiserTests
{
    private static readonly Detector _toy16 = DetectorFile.Load("toy16");
    private static readonly Detector _ideal = _toy16 with
    {
        Planes = [.. _toy16.Planes.Select(plane => plane with { Efficiency = 1 })],
        Readout = _toy16.Readout with { DeadStrips = 0 },
    };

    private static readonly DigitisationOptions _quiet = new() { Background = new() { KHzPerCm2 = [0] } };

    [Fact]
    public void The_same_seed_gives_the_same_hits_whatever_else_is_digitised()
    {
        DepositSet all = Geant4DepositsTests.Slice();
        EventSet first = DepositDigitisation.Digitise(_toy16, all, new(), 7);
        EventSet again = DepositDigitisation.Digitise(_toy16, all, new(), 7);
        EventSet other = DepositDigitisation.Digitise(_toy16, all, new(), 8);
        Assert.Equal(first.HitY, again.HitY);
        Assert.Equal(first.HitCharge, again.HitCharge);
        Assert.NotEqual(first.HitY, other.HitY);

        DepositSet some = Geant4Deposits.Read(_toy16, TestData.InRepository("data", "geant4-toy16", "slice_hits.csv.gz"),
            TestData.InRepository("data", "geant4-toy16", "slice_truth.csv.gz"), 10_500, 10_502);
        EventSet few = DepositDigitisation.Digitise(_toy16, some, new(), 7);
        int begin = first.HitOffsets[500];
        Assert.Equal(first.HitY[begin..first.HitOffsets[502]], few.HitY);
        EventSet part = DepositDigitisation.Digitise(_toy16, all, new(), 7, part: 500..502);
        Assert.Equal(few.HitY, part.HitY);
        Assert.Equal(few.EventNumber, part.EventNumber);
    }

    [Fact]
    public void Hits_do_not_depend_on_the_truth()
    {
        DepositSet deposits = Geant4DepositsTests.Slice();
        var lie = new DepositSet(deposits.PlaneCount);
        for (int i = 0; i < 100; i++)
        {
            for (int d = deposits.Offset(i); d < deposits.Offset(i + 1); d++)
            {
                DepositList from = deposits.Deposits;
                lie.Deposits.Add(from.Plane[d], (DepositSource)from.Source[d], from.Particle[d], from.YIn[d], from.YOut[d], from.DepthIn[d],
                    from.DepthOut[d], from.Energy[d], from.Time[d]);
            }

            lie.EndEvent(deposits.Number(i), new(true, -deposits.Truth(i).QOverPt * 3, 17, 0.04), deposits.Crossings(i));
        }

        EventSet honest = DepositDigitisation.Digitise(_toy16, deposits, new(), 5);
        EventSet lied = DepositDigitisation.Digitise(_toy16, lie, new(), 5);
        Assert.Equal(honest.HitY[..lied.HitCount], lied.HitY);
        Assert.Equal(honest.RoadCentre[..lied.RoadCentre.Length], lied.RoadCentre);
        Assert.NotEqual(honest.TruthQOverPt[..100], lied.TruthQOverPt);
    }

    [Fact]
    public void The_whole_event_moves_by_one_shift_within_its_bounds()
    {
        DepositSet deposits = Geant4DepositsTests.Slice();
        EventSet events = DepositDigitisation.Digitise(_toy16, deposits, _quiet, 3);
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        for (int e = 0; e < events.Count; e++)
        {
            double shift = events.TruthY0[e];
            low = Math.Min(low, shift);
            high = Math.Max(high, shift);
            for (int p = 0; p < events.PlaneCount; p++)
            {
                float crossing = deposits.Crossings(e)[p];
                if (!float.IsNaN(crossing))
                {
                    Assert.Equal(crossing + shift, events.TruthCrossing[(e * events.PlaneCount) + p], 1e-3);
                }
            }
        }

        Assert.InRange(low, -100, -95);
        Assert.InRange(high, 95, 100);
    }

    [Fact]
    public void Strips_lie_on_a_grid_whose_phase_differs_by_plane_and_event()
    {
        EventSet events = DepositDigitisation.Digitise(_toy16, Geant4DepositsTests.Slice(), new(), 3);
        var phases = new HashSet<double>();
        for (int e = 0; e < 20; e++)
        {
            int h = events.HitOffsets[e];
            while (h < events.HitOffsets[e + 1])
            {
                int begin = h;
                for (; h < events.HitOffsets[e + 1] && events.HitPlane[h] == events.HitPlane[begin]; h++)
                {
                    double steps = (events.HitY[h] - events.HitY[begin]) / 0.4;
                    Assert.Equal(Math.Round(steps), steps, 1e-3);
                    Assert.True(h == begin || events.HitY[h] > events.HitY[h - 1]);
                }

                phases.Add(Math.Round((events.HitY[begin] / 0.4) - Math.Floor(events.HitY[begin] / 0.4), 2));
            }
        }

        Assert.InRange(phases.Count, 60, 101);
    }

    [Fact]
    public void Only_strips_within_the_road_are_read_out_and_the_road_scatters_about_the_muon()
    {
        EventSet events = DepositDigitisation.Digitise(_toy16, Geant4DepositsTests.Slice(), new(), 3);
        double sum = 0;
        for (int e = 0; e < events.Count; e++)
        {
            for (int h = events.HitOffsets[e]; h < events.HitOffsets[e + 1]; h++)
            {
                int station = _toy16.Planes[events.HitPlane[h]].Station;
                Assert.InRange(Math.Abs(events.HitY[h] - events.RoadCentre[(e * 2) + station]), 0, 150.0001);
            }

            for (int station = 0; station < 2; station++)
            {
                double offset = events.RoadCentre[(e * 2) + station] - events.TruthCrossing[(e * 16) + _toy16.MiddlePlane(station)];
                sum += double.IsNaN(offset) ? 0 : offset * offset;
            }
        }

        Assert.InRange(Math.Sqrt(sum / events.Count / 2), 38, 42);
    }

    [Theory]
    [InlineData(0.3, 1)]
    [InlineData(0.7, 0)]
    public void Electrons_count_as_signal_within_half_a_millimetre_of_the_crossing(double distance, byte label)
    {
        // A dense, short deposit of 20 keV where nothing else is: its strips carry its label.
        EventSet events = DigitiseOne(_ideal with { Materials = WithoutDiffusion() }, set =>
            set.Deposits.Add(4, DepositSource.Electron, 1, distance, distance, 2.4, 2.4, 20, 0));
        Assert.NotEmpty(events.LabelHit);
        Assert.All(events.LabelHit, l => Assert.Equal(label, l));
    }

    [Fact]
    public void A_strip_is_signal_where_the_muon_left_over_half_of_its_charge()
    {
        foreach ((double muon, double electron, byte label) in new[] { (30.0, 10.0, (byte)1), (10.0, 30.0, (byte)0) })
        {
            EventSet events = DigitiseOne(_ideal with { Materials = WithoutDiffusion() }, set =>
            {
                set.Deposits.Add(4, DepositSource.Muon, 0, 2, 2, 2.4, 2.4, muon, 0);
                set.Deposits.Add(4, DepositSource.Electron, 1, 2, 2, 2.4, 2.4, electron, 0);
            });
            Assert.All(events.LabelHit, l => Assert.Equal(label, l));
        }
    }

    [Fact]
    public void Charge_is_the_deposit_over_the_energy_of_an_ion_pair()
    {
        EventSet events = DigitiseOne(_ideal with { Readout = _ideal.Readout with { Threshold = 0.01 } }, set =>
            set.Deposits.Add(4, DepositSource.Muon, 0, -1, 1, -2.5, 2.5, 26.7, 0));
        Assert.Equal(1000, events.HitCharge.Sum(), 100.0);
        double centre = 0;
        for (int h = 0; h < events.HitCount; h++)
        {
            centre += events.HitY[h] * events.HitCharge[h] / events.HitCharge.Sum();
        }

        Assert.Equal(events.TruthY0[0], centre, 0.15);
    }

    [Fact]
    public void Smearing_gives_one_hit_per_crossing_with_that_error()
    {
        EventSet events = DepositDigitisation.Digitise(_toy16, Geant4DepositsTests.Slice(), new() { Smear = 0.1 }, 3);
        Assert.Equal(0.1, events.Hits.Smear);
        double sum = 0;
        for (int e = 0; e < events.Count; e++)
        {
            for (int h = events.HitOffsets[e]; h < events.HitOffsets[e + 1]; h++)
            {
                double error = events.HitY[h] - events.TruthCrossing[(e * 16) + events.HitPlane[h]];
                sum += error * error;
            }
        }

        Assert.InRange(events.HitCount, 15_900, 16_000);
        Assert.Equal(0.1, Math.Sqrt(sum / events.HitCount), 0.003);
    }

    [Theory]
    [InlineData(5, 3)]
    [InlineData(15, 9)]
    [InlineData(20, 12)]
    public void Background_clusters_per_plane_follow_from_flux_window_and_area(double flux, double clusters) =>
        Assert.Equal(clusters, Background.MeanClusters(_toy16.Readout, flux), 1e-9);

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void Background_has_its_mean_and_its_correlated_fraction(double correlated)
    {
        var background = new Background(_toy16, new() { CorrelatedFraction = correlated });
        var deposits = new DepositList();
        int total = 0;
        int sharing = 0;
        const int Events = 2000;
        for (int e = 0; e < Events; e++)
        {
            deposits.Clear();
            background.Generate(5, [0, 0], RandomKey.FromSeed(11).Split((ulong)e), deposits);
            total += deposits.Count;
            var planes = new Dictionary<int, int>();
            foreach (int particle in deposits.Particle)
            {
                planes[particle] = planes.GetValueOrDefault(particle) + 1;
            }

            sharing += planes.Values.Where(n => n > 1).Sum();
        }

        // Three per plane within the road, and 155/150 of that with the margin on either side.
        double mean = (double)total / Events / 16;
        Assert.Equal(3 * 155 / 150.0, mean, 0.05);
        Assert.Equal(correlated, (double)sharing / total, 0.02);
    }

    [Fact]
    public void Strips_lie_where_the_plane_says()
    {
        Detector fixedStrips = _toy16 with { Planes =
            [.. _toy16.Planes.Select((plane, i) => plane with { StripOffset = 0.1 * (i % 2) - 3 })] };
        EventSet events = MuonSimulation.Generate(fixedStrips, new(), 1, 0, 20);
        EventSet anywhere = MuonSimulation.Generate(_toy16, new(), 1, 0, 20);
        double Phase(EventSet of, int hit) => (of.HitY[hit] - fixedStrips.Planes[of.HitPlane[hit]].StripOffset!.Value) / 0.4;
        Assert.All(Enumerable.Range(0, events.HitCount), hit => Assert.Equal(Math.Round(Phase(events, hit)), Phase(events, hit), 1e-3));
        Assert.Contains(Enumerable.Range(0, anywhere.HitCount), hit =>
            Math.Abs(Math.Round(Phase(anywhere, hit)) - Phase(anywhere, hit)) > 0.1);
        Assert.InRange(events.HitCount, 0.9 * anywhere.HitCount, 1.1 * anywhere.HitCount);
    }

    private static Dictionary<string, Material> WithoutDiffusion() =>
        _ideal.Materials.ToDictionary(pair => pair.Key, pair => pair.Value with { TransverseDiffusion = 0 }, StringComparer.Ordinal);

    private static EventSet DigitiseOne(Detector detector, Action<DepositSet> fill)
    {
        var set = new DepositSet(detector.Planes.Count);
        fill(set);
        set.EndEvent(0, new(true, 0.1, 0, 0), new float[detector.Planes.Count]);
        return DepositDigitisation.Digitise(detector, set, _quiet, 1);
    }
}
