namespace Sagitta.Tests.Tracking.Graphs;

public sealed class TrackletSearchTests
{
    private const int PerStation = 8;
    private static readonly Detector Toy = DetectorOf(PerStation);

    [Theory]
    [InlineData(-0.11)]
    [InlineData(0.0)]
    [InlineData(0.07)]
    public void Hits_of_a_straight_line_find_it(double slope)
    {
        int[] planeStart = [.. Enumerable.Range(0, (2 * PerStation) + 1)];
        double[] offset = new double[2 * PerStation];
        for (int plane = 0; plane < offset.Length; plane++)
        {
            offset[plane] = 5 + (slope * Toy.Planes[plane].Z);
        }

        Tracklet[] tracklets = Find(Toy, planeStart, offset);

        Assert.All(tracklets, tracklet => Assert.Equal(1, tracklet.Share));

        // A cell is 2 x 0.2 / 64 wide at most.
        Assert.All(tracklets, tracklet => Assert.Equal(slope, tracklet.Slope, 0.007));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 2)]
    [InlineData(3, 5)]
    [InlineData(4, 20)]
    public void Votes_are_those_of_counting_every_slope_on_its_own(ulong seed, int hitsPerPlane)
    {
        RandomDraws draws = RandomKey.FromSeed(seed).Draws();
        List<double> offset = [];
        List<int> planeStart = [0];
        for (int plane = 0; plane < Toy.Planes.Count; plane++)
        {
            double[] own = new double[hitsPerPlane];
            for (int i = 0; i < hitsPerPlane; i++)
            {
                own[i] = draws.NextUniform(-50, 50);
            }

            offset.AddRange(own.Order());
            planeStart.Add(offset.Count);
        }

        Tracklet[] tracklets = Find(Toy, [.. planeStart], [.. offset]);

        HitGraphGates gates = new(Toy, new());
        for (int plane = 0; plane < Toy.Planes.Count; plane++)
        {
            int station = Toy.Planes[plane].Station;
            double window = gates.SlopeWindow(station);
            for (int hit = planeStart[plane]; hit < planeStart[plane + 1]; hit++)
            {
                int[] votes = new int[64];
                for (int other = station * PerStation; other < (station + 1) * PerStation; other++)
                {
                    double deltaZ = Toy.Planes[other].Z - Toy.Planes[plane].Z;
                    for (int cell = 0; cell < 64 && other != plane; cell++)
                    {
                        // A slope of the cell passes within the tolerance of a hit.
                        double low = window * ((cell / 32.0) - 1);
                        double high = window * (((cell + 1) / 32.0) - 1);
                        double tolerance = 1.5 * 0.4 / Math.Abs(deltaZ);
                        bool voted = Enumerable.Range(planeStart[other], planeStart[other + 1] - planeStart[other]).Any(j =>
                        {
                            double slope = (offset[j] - offset[hit]) / deltaZ;
                            return slope + tolerance >= low && slope - tolerance < high;
                        });
                        votes[cell] += voted ? 1 : 0;
                    }
                }

                int most = votes.Max();
                Assert.Equal(most / (float)(PerStation - 1), tracklets[hit].Share);
                if (most > 0)
                {
                    double[] cells = [.. Enumerable.Range(0, 64).Where(c => votes[c] == most).Select(c => (double)c)];
                    Assert.Equal(cells.Length / 64f, tracklets[hit].Ambiguity);
                    Assert.Equal(window * (((cells.Average() + 0.5) / 32) - 1), tracklets[hit].Slope, 1e-6);
                }
            }
        }
    }

    [Fact]
    public void A_lonely_hit_has_no_votes()
    {
        int[] planeStart = [0, .. Enumerable.Repeat(1, 2 * PerStation)];

        Tracklet[] tracklets = Find(Toy, planeStart, [3.0]);

        Assert.Equal(default, tracklets[0]);
    }

    [Fact]
    public void More_planes_than_votes_can_be_counted_are_refused()
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new TrackletSearch(new(DetectorOf(33), new())));

        Assert.Contains("33 planes", refusal.Message, StringComparison.Ordinal);
    }

    private static Tracklet[] Find(Detector detector, int[] planeStart, double[] offset)
    {
        Tracklet[] tracklets = new Tracklet[offset.Length];
        new TrackletSearch(new(detector, new())).Find(planeStart, Padded(planeStart, offset), tracklets);
        return tracklets;
    }

    private static double[] Padded(int[] planeStart, double[] offset) =>
    [
        .. Enumerable.Range(0, planeStart.Length - 1).SelectMany(
            plane => offset[planeStart[plane]..planeStart[plane + 1]].Concat(
                Enumerable.Repeat(double.PositiveInfinity, TrackletSearch.Padding))),
    ];

    private static Detector DetectorOf(int perStation) => new()
    {
        Name = "toy",
        FieldTesla = 1,
        Planes =
        [
            .. Enumerable.Range(0, perStation).Select(i =>
                new Plane { Z = 2000 + (40 * i), Station = 0, StripPitch = 0.4, GapThickness = 5, Gas = "g", RadiationLengths = 0.01 }),
            .. Enumerable.Range(0, perStation).Select(i =>
                new Plane { Z = 4800 + (40 * i), Station = 1, StripPitch = 0.4, GapThickness = 5, Gas = "g", RadiationLengths = 0.01 }),
        ],
    };
}
