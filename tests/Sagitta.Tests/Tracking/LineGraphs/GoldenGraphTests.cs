namespace Sagitta.Tests.Tracking.LineGraphs;

public sealed class GoldenGraphTests
{
    [Fact]
    public void Small_frame_has_the_published_hits_segments_links_and_encodings() => Compare("frame_010", 10);

    [Theory]
    [Trait("data", "full")]
    [InlineData("frame_030", 30)]
    [InlineData("frame_100", 100)]
    public void Frame_has_the_published_hits_segments_links_and_encodings(string name, int events) => Compare(name, events);

    [Fact]
    public void Small_frame_gives_the_published_tracks_and_metrics() => CompareTracks("frame_010", "out_010_trained", 10);

    [Theory]
    [Trait("data", "full")]
    [InlineData("frame_030", "out_030_trained", 30)]
    [InlineData("frame_100", "out_100_trained", 100)]
    public void Frame_gives_the_published_tracks_and_metrics(string frame, string output, int events) =>
        CompareTracks(frame, output, events);

    [Theory]
    [Trait("data", "full")]
    [InlineData("frame_030", "out_030_init", 30)]
    [InlineData("frame_100", "out_100_init", 100)]
    public void Assignment_of_nearly_equal_scores_is_as_cheap_as_the_published_one(string frameName, string outputName, int events)
    {
        // An untrained network scores segments within a few float steps of each other, so several assignments share the optimum.
        using NpzReader file = GoldenFile.Open(frameName);
        using NpzReader output = GoldenFile.Open(outputName);
        SegmentGraph graph = new();
        CalorimeterFrame frame = GoldenFrame.Read(file, events);
        graph.Build(frame, new());
        float[] costs = [.. output.Read<float>("eval_probs").Select(p => 1 - p)];
        byte[] published = output.Read<byte>("eval_lsa");
        AssignmentOutcome outcome = new SparseAssignment().Solve<float>(
            graph.Offsets, graph.Shallower, frame.Count, costs, new int[frame.Count]);
        Assert.Equal(published.Count(v => v != 0), outcome.Cardinality);
        double expected = costs.Where((_, e) => published[e] != 0).Sum(c => (double)c);
        Assert.InRange(outcome.Cost, expected - 5e-6, expected + 1e-9);
    }

    [Fact]
    [Trait("data", "full")]
    public void Assignments_are_optimal_on_all_published_matrices()
    {
        using NpzReader file = new(GoldenFile.Full("calorimeter-golden/lsa_cases.npz"));
        double[] meta = file.ReadConverted<double>("meta");
        using DenseAssignment solver = new();
        int cases = meta.Length / 9;
        Assert.Equal(200, cases);
        for (int i = 0; i < cases; i++)
        {
            ReadOnlySpan<double> row = meta.AsSpan(9 * i, 9);
            int rows = (int)row[0];
            int columns = (int)row[1];
            float[] costs = file.Read<float>($"cost_{i:D3}");
            AssignmentOutcome outcome = solver.Solve<float>(costs, rows, columns, new int[rows]);
            Assert.Equal((int)row[7], outcome.Cardinality);
            Assert.Equal(row[8], outcome.Cost, 1e-9 * Math.Max(1, row[8]));
        }
    }

    private static void Compare(string name, int events)
    {
        using NpzReader file = GoldenFile.Open(name);
        CalorimeterFrame golden = GoldenFrame.Read(file, events);
        CalorimeterDeposits deposits = CalorimeterDepositReader.Read(GoldenPath(name), array: "raw");
        CalorimeterFrame own = Assert.Single(HitPreparation.Events(deposits, HitPreparationOptions.Published).Frames(events));
        Assert.Equal(Sorted(golden), Sorted(own));

        SegmentGraph graph = new();
        graph.Build(golden, new());
        int[] ends = file.ReadConverted<int>("m_edge_index");
        int count = ends.Length / 2;
        Assert.Equal(ends.AsSpan(0, count), graph.Deeper);
        Assert.Equal(ends.AsSpan(count), graph.Shallower);
        Assert.Equal(file.Read<byte>("m_edge_labels").Select(v => v != 0), graph.Label.ToArray());
        Assert.Equal(file.Read<bool>("m_nit"), graph.TrackerSide.ToArray());
        float[] features = new float[8 * count];
        graph.Features<float>(golden, (0, 0), features);
        Assert.Equal(file.Read<float>("lg_x"), features);

        int[] links = file.ReadConverted<int>("lgd_edge_index");
        float[] angles = file.Read<float>("lgd_theta");
        Assert.Equal(angles.Length, graph.Links);
        for (int e = 0; e < graph.Count; e++)
        {
            int first = graph.Offsets[graph.Shallower[e]];
            for (int link = graph.LinkOffsets[e]; link < graph.LinkOffsets[e + 1]; link++)
            {
                Assert.Equal(e, links[link]);
                Assert.Equal(first + link - graph.LinkOffsets[e], links[graph.Links + link]);

                // The published angles are arc cosines of float cosines, which carry a few units in the last place.
                float root = graph.RootAngles[link];
                Assert.Equal(Math.Cos(angles[link]), Math.Cos(root * root), 5e-7);
            }
        }

        SegmentGraph fromCosines = new();
        fromCosines.Build(golden, new() { AnglesFromCosines = true });
        for (int link = 0; link < angles.Length; link++)
        {
            float root = fromCosines.RootAngles[link];
            Assert.Equal(angles[link], root * root, 3e-7);
        }

        float[] stored = file.Read<float>("lg_edge_attr");
        int[] rows = file.ReadConverted<int>("lg_edge_attr_rows");
        float[] theta = file.Read<float>("lg_theta");
        float[] encoding = new float[AngleEncoding.Width];
        for (int row = 0; row < rows.Length; row++)
        {
            AngleEncoding.Encode<float>(MathF.Sqrt(theta[rows[row]]), encoding);
            for (int c = 0; c < encoding.Length; c++)
            {
                Assert.Equal(stored[(row * AngleEncoding.Width) + c], encoding[c], 1e-4);
            }
        }
    }

    private static void CompareTracks(string frameName, string outputName, int events)
    {
        using NpzReader file = GoldenFile.Open(frameName);
        using NpzReader output = GoldenFile.Open(outputName);
        CalorimeterFrame frame = GoldenFrame.Read(file, events);
        SegmentGraph graph = new();
        graph.Build(frame, new());
        float[] probabilities = output.Read<float>("eval_probs");
        float[] costs = [.. probabilities.Select(p => 1 - p)];
        int[] chosen = new int[frame.Count];
        new SparseAssignment().Solve<float>(graph.Offsets, graph.Shallower, frame.Count, costs, chosen);
        byte[] selected = new byte[graph.Count];
        foreach (int segment in chosen.Where(s => s >= 0))
        {
            selected[segment] = 1;
        }

        Assert.Equal(output.Read<byte>("eval_lsa"), selected);
        Assert.Equal(chosen, DenseLayers(frame, graph, costs));
        int[] shallowerOf = new int[frame.Count];
        TrackFinding.Join(graph, chosen, shallowerOf);
        IReadOnlyList<SegmentTrack> tracks = TrackFinding.Follow(frame, shallowerOf, new());
        int[] flat = output.ReadConverted<int>("tracks_flat");
        int[] lengths = output.ReadConverted<int>("tracks_len");
        List<string> expected = [];
        int at = 0;
        foreach (int length in lengths)
        {
            expected.Add(string.Join(' ', flat.Skip(at).Take(length)));
            at += length;
        }

        IEnumerable<string> found = tracks.Select(t => string.Join(' ', t.Hits));
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        TrackScore score = TrackScore.Of(frame, tracks);
        Assert.Equal(output.ReadConverted<double>("purity")[0], score.Purity, 1e-6);
        Assert.Equal(output.ReadConverted<double>("efficiency")[0], score.EfficiencyReference, 1e-6);
    }

    // The same assignment from dense blocks, one for each pair of layers.
    private static int[] DenseLayers(CalorimeterFrame frame, SegmentGraph graph, float[] costs)
    {
        using DenseAssignment solver = new();
        int[] chosen = new int[frame.Count];
        Array.Fill(chosen, -1);
        int[] borders = [.. Enumerable.Range(0, frame.Count + 1)
            .Where(i => i == 0 || i == frame.Count || frame.Layer[i] != frame.Layer[i - 1])];
        for (int k = 0; k + 2 < borders.Length; k++)
        {
            int rows = borders[k + 1] - borders[k];
            int columns = borders[k + 2] - borders[k + 1];
            float[] block = new float[rows * columns];
            Array.Fill(block, float.PositiveInfinity);
            int[] segment = new int[rows * columns];
            for (int e = graph.Offsets[borders[k]]; e < graph.Offsets[borders[k + 1]]; e++)
            {
                int cell = ((graph.Deeper[e] - borders[k]) * columns) + graph.Shallower[e] - borders[k + 1];
                block[cell] = costs[e];
                segment[cell] = e;
            }

            int[] columnOfRow = new int[rows];
            solver.Solve<float>(block, rows, columns, columnOfRow);
            for (int row = 0; row < rows; row++)
            {
                chosen[borders[k] + row] = columnOfRow[row] < 0 ? -1 : segment[(row * columns) + columnOfRow[row]];
            }
        }

        return chosen;
    }

    private static string GoldenPath(string name) =>
        name == "frame_010" ? GoldenFile.Committed($"calorimeter-golden/{name}.npz") : GoldenFile.Full($"calorimeter-golden/{name}.npz");

    private static string[] Sorted(CalorimeterFrame frame) =>
        [.. Enumerable.Range(0, frame.Count)
            .Select(i =>
                string.Create(
                CultureInfo.InvariantCulture,
                $"{frame.TruthEvent[i]} {frame.TruthTrack[i]} {frame.Layer[i]} {frame.X[i]:R} {frame.Y[i]:R} {frame.Z[i]:R} "
                + $"{frame.Energy[i]:R} {frame.TruthPrimary[i]}"))
            .Order(StringComparer.Ordinal)];
}
