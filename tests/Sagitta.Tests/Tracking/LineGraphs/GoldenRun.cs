using System.Numerics;

namespace Sagitta.Tests.Tracking.LineGraphs;

/// <summary>The published network on a golden frame, as plain operations on its stored encodings.</summary>
internal sealed class GoldenRun<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NpzReader _file;
    private readonly T[] _features;
    private readonly T[] _encoding;
    private readonly Adjacency _links;

    public GoldenRun(string frame, string network, string output)
    {
        _file = GoldenFile.Open(frame);
        Output = GoldenFile.Open(output);
        Graph = new();
        Graph.Build(GoldenFrame.Read(_file, 0), new());
        _links = GoldenNetwork.Links(_file, Graph.Count, out float[] encoding);
        _encoding = [.. encoding.Select(T.CreateTruncating)];
        _features = [.. _file.Read<float>("lg_x").Select(T.CreateTruncating)];
        ParameterLayout layout = new();
        Network = new(layout);
        Assert.Equal(4961, layout.Count);
        Parameters = new(layout);
        Gradients = new(layout);
        using NpzReader weights = GoldenFile.Open(network);
        GoldenNetwork.Read(weights, string.Empty, Parameters);
        Tape = new();
    }

    public NpzReader Output { get; }

    public SegmentGraph Graph { get; }

    public SegmentNetwork Network { get; }

    public ParameterVector<T> Parameters { get; }

    public ParameterVector<T> Gradients { get; }

    public Tape<T> Tape { get; }

    public ReadOnlySpan<bool> Labels => Graph.Label;

    public ReadOnlySpan<bool> TrackerSide => Graph.TrackerSide;

    public Tensor<T> Forward(SegmentMoments? moments)
    {
        Tape.Reset();
        Gradients.Values.Clear();
        Tape.Bind(Parameters, Gradients);
        Tensor<T> features = Tape.Constant(_features, Graph.Count, SegmentNetwork.Features);
        Tensor<T> encoding = Tape.Constant(_encoding, _links.Edges, AngleEncoding.Width);
        return Network.Forward(Tape, features, encoding, _links, moments);
    }

    public ParameterVector<T> Copy()
    {
        ParameterVector<T> copy = new(Parameters.Layout);
        Parameters.Values.CopyTo(copy.Values);
        return copy;
    }

    public void AssertGradients(string prefix, double tolerance)
    {
        using ParameterVector<T> expected = new(Parameters.Layout);
        GoldenNetwork.Read(Output, prefix, expected);
        foreach (Parameter buffer in expected.Layout.Parameters.Where(p => !p.Trainable))
        {
            Gradients.Slice(buffer).Clear();
            expected.Slice(buffer).Clear();
        }

        GoldenNetwork.AssertClose<T>(expected.Values, Gradients.Values, tolerance, prefix);
    }

    public void Dispose()
    {
        Tape.Dispose();
        Parameters.Dispose();
        Gradients.Dispose();
        Output.Dispose();
        _file.Dispose();
    }
}
