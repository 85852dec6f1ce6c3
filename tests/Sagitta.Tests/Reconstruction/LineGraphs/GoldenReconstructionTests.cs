using Sagitta.Autodiff.Solvers;
using Sagitta.Autodiff.Storage;
using Sagitta.Autodiff.Tensors;
using Sagitta.Physics.Calorimeter;
using Sagitta.Reconstruction.LineGraphs;

namespace Sagitta.Tests.Reconstruction.LineGraphs;

/// <summary>
/// From hits to tracks with our own encodings, against what the published code made of the same frames: of its angles, and of our own, which lack
/// the grain of a float arc cosine. On the largest frame that grain decides a few nearly equal assignments, so only its angles are compared there.
/// </summary>
public sealed class GoldenReconstructionTests
{
    [Fact]
    public void Small_frame_has_the_published_scores_tracks_and_metrics() => Compare("frame_010", "net_trained", "out_010_trained", 10, ownAngles: true);

    [Theory]
    [Trait("data", "full")]
    [InlineData("frame_030", "net_trained", "out_030_trained", 30, true)]
    [InlineData("frame_100", "net_trained", "out_100_trained", 100, false)]
    public void Frame_has_the_published_scores_tracks_and_metrics(string frame, string network, string output, int events, bool ownAngles) => Compare(frame, network, output, events, ownAngles);

    private static void Compare(string frameName, string networkName, string outputName, int events, bool ownAngles)
    {
        using NpzReader file = GoldenFile.Open(frameName);
        using NpzReader output = GoldenFile.Open(outputName);
        using NpzReader weights = GoldenFile.Open(networkName);
        CalorimeterFrame frame = GoldenFrame.Read(file, events);
        SegmentInput input = new();
        input.Set(frame, new(), withMoments: false);
        ParameterLayout layout = new();
        SegmentNetwork network = new(layout);
        using ParameterVector<float> parameters = new(layout);
        GoldenNetwork.Read(weights, string.Empty, parameters);
        using Tape<float> tape = new(recording: false);
        tape.Bind(parameters);
        float[] expected = output.Read<float>("eval_probs");
        float[] scores = Scores(StoredAngles(network, tape, file, input));
        for (int e = 0; e < expected.Length; e++)
        {
            Assert.Equal(expected[e], scores[e], 1e-3);
        }

        CompareTracks(frame, input.Graph, scores, output);
        if (ownAngles)
        {
            CompareTracks(frame, input.Graph, Scores(network.Forward(tape, input)), output);
        }
    }

    private static Tensor<float> StoredAngles(SegmentNetwork network, Tape<float> tape, NpzReader file, SegmentInput input)
    {
        Adjacency links = GoldenNetwork.Links(file, input.Graph.Count, out float[] _);
        float[] theta = file.Read<float>("lg_theta");
        Tensor<float> encoding = tape.Allocate(links.Edges, AngleEncoding.Width);
        for (int link = 0; link < theta.Length; link++)
        {
            AngleEncoding.Encode(MathF.Sqrt(theta[link]), encoding.Values.Slice(link * AngleEncoding.Width, AngleEncoding.Width));
        }

        return network.Forward(tape, tape.Constant(input.Features, input.Graph.Count, SegmentNetwork.Features), encoding, links);
    }

    private static float[] Scores(Tensor<float> logits) => [.. logits.Values.ToArray().Select(l => 1 / (1 + MathF.Exp(-l)))];

    private static void CompareTracks(CalorimeterFrame frame, SegmentGraph graph, float[] scores, NpzReader output)
    {
        float[] costs = [.. scores.Select(p => 1 - p)];
        int[] chosen = new int[frame.Count];
        int[] shallowerOf = new int[frame.Count];
        new SparseAssignment().Solve<float>(graph.Offsets, graph.Shallower, frame.Count, costs, chosen);
        TrackFinding.Join(graph, chosen, shallowerOf);
        IReadOnlyList<SegmentTrack> tracks = TrackFinding.Follow(frame, shallowerOf, new());
        int[] flat = output.ReadConverted<int>("tracks_flat");
        List<string> published = [];
        int at = 0;
        foreach (int length in output.ReadConverted<int>("tracks_len"))
        {
            published.Add(string.Join(' ', flat.Skip(at).Take(length)));
            at += length;
        }

        Assert.Equal(published.Order(StringComparer.Ordinal), tracks.Select(t => string.Join(' ', t.Hits)).Order(StringComparer.Ordinal));
        TrackScore score = TrackScore.Of(frame, tracks);
        Assert.Equal(output.ReadConverted<double>("purity")[0], score.Purity, 1e-6);
        Assert.Equal(output.ReadConverted<double>("efficiency")[0], score.EfficiencyReference, 1e-6);
    }
}
