namespace Sagitta.Tests.Tracking.LineGraphs;

/// <summary>
/// From hits to tracks with our own encodings, against what the published code made of the same frames. With angles from cosines in float,
/// as it takes them, every score agrees; our own angles lack the grain of those, which moves some scores of the largest frame by 0.002 and
/// decides a few nearly equal assignments there.
/// </summary>
public sealed class GoldenReconstructionTests
{
    private const double LargestDifference = 1e-3;

    [Fact]
    public void Small_frame_has_the_published_scores_tracks_and_metrics() => Compare("frame_010", "net_trained", "out_010_trained", 10);

    [Fact]
    public void Small_frame_has_the_published_tracks_with_exact_angles_too() =>
        CompareExact("frame_010", "net_trained", "out_010_trained", 10);

    [Theory]
    [Trait("data", "full")]
    [InlineData("frame_030", "net_trained", "out_030_trained", 30)]
    [InlineData("frame_100", "net_trained", "out_100_trained", 100)]
    public void Frame_has_the_published_scores_tracks_and_metrics(string frame, string network, string output, int events) =>
        Compare(frame, network, output, events);

    [Fact]
    [Trait("data", "full")]
    public void Middle_frame_has_the_published_tracks_with_exact_angles_too() =>
        CompareExact("frame_030", "net_trained", "out_030_trained", 30);

    private static void Compare(string frameName, string networkName, string outputName, int events)
    {
        GateOptions asPublished = new() { AnglesFromCosines = true, PlacesFromAxis = true };
        using Reconstructed own = new(frameName, networkName, outputName, events, asPublished);
        float[] published = own.Output.Read<float>("eval_probs");
        AssertScores(published, own.Scores());
        AssertScores(published, own.ScoresOfAngles(own.File.Read<float>("lg_theta")));
        own.CompareTracks();
    }

    private static void CompareExact(string frameName, string networkName, string outputName, int events)
    {
        using Reconstructed own = new(frameName, networkName, outputName, events, new() { PlacesFromAxis = true });
        own.CompareTracks();
    }

    private static void AssertScores(float[] published, float[] own)
    {
        Assert.Equal(published.Length, own.Length);
        for (int e = 0; e < published.Length; e++)
        {
            Assert.Equal(published[e], own[e], LargestDifference);
        }
    }

    private sealed class Reconstructed : IDisposable
    {
        private readonly CalorimeterFrame _frame;
        private readonly SegmentInput _input = new();
        private readonly SegmentNetwork _network;
        private readonly ParameterVector<float> _parameters;
        private readonly Tape<float> _tape = new(recording: false);

        public Reconstructed(string frame, string network, string output, int events, GateOptions gates)
        {
            File = GoldenFile.Open(frame);
            Output = GoldenFile.Open(output);
            _frame = GoldenFrame.Read(File, events);
            _input.Set(_frame, gates, withMoments: false);
            ParameterLayout layout = new();
            _network = new(layout);
            _parameters = new(layout);
            using NpzReader weights = GoldenFile.Open(network);
            GoldenNetwork.Read(weights, string.Empty, _parameters);
        }

        public NpzReader File { get; }

        public NpzReader Output { get; }

        // The fused network, from hits.
        public float[] Scores()
        {
            _tape.Reset();
            _tape.Bind(_parameters);
            return Scores(_network.Forward(_tape, _input));
        }

        // The network as plain operations on encodings of given angles, one for each directed link.
        public float[] ScoresOfAngles(float[] angles)
        {
            _tape.Reset();
            _tape.Bind(_parameters);
            Adjacency links = GoldenNetwork.Links(File, _input.Graph.Count, out float[] _);
            Tensor<float> encoding = _tape.Allocate(links.Edges, AngleEncoding.Width);
            for (int link = 0; link < angles.Length; link++)
            {
                AngleEncoding.Encode(MathF.Sqrt(angles[link]), encoding.Values.Slice(link * AngleEncoding.Width, AngleEncoding.Width));
            }

            return Scores(_network.Forward(_tape, _tape.Constant(_input.Features, _input.Graph.Count, SegmentNetwork.Features), encoding,
                links));
        }

        public void CompareTracks()
        {
            SegmentGraph graph = _input.Graph;
            float[] costs = [.. Scores().Select(p => 1 - p)];
            int[] chosen = new int[_frame.Count];
            int[] shallowerOf = new int[_frame.Count];
            new SparseAssignment().Solve<float>(graph.Offsets, graph.Shallower, _frame.Count, costs, chosen);
            TrackFinding.Join(graph, chosen, shallowerOf);
            IReadOnlyList<SegmentTrack> tracks = TrackFinding.Follow(_frame, shallowerOf, new());
            int[] flat = Output.ReadConverted<int>("tracks_flat");
            List<string> published = [];
            int at = 0;
            foreach (int length in Output.ReadConverted<int>("tracks_len"))
            {
                published.Add(string.Join(' ', flat.Skip(at).Take(length)));
                at += length;
            }

            Assert.Equal(published.Order(StringComparer.Ordinal), tracks.Select(t => string.Join(' ', t.Hits))
                .Order(StringComparer.Ordinal));
            TrackScore score = TrackScore.Of(_frame, tracks);
            Assert.Equal(Output.ReadConverted<double>("purity")[0], score.Purity, 1e-6);
            Assert.Equal(Output.ReadConverted<double>("efficiency")[0], score.EfficiencyReference, 1e-6);
        }

        public void Dispose()
        {
            _tape.Dispose();
            _parameters.Dispose();
            Output.Dispose();
            File.Dispose();
        }

        private static float[] Scores(Tensor<float> logits) => [.. logits.Values.ToArray().Select(l => 1 / (1 + MathF.Exp(-l)))];
    }
}
