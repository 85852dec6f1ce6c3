namespace Sagitta.Tests.Experiments.Landscapes.Curvature;

/// <summary>The cross-entropy of a frame of the published code with its own stored encodings, running averages held fixed.</summary>
internal sealed class GoldenLoss : ILoss, IDisposable
{
    private readonly SegmentNetwork _network = new(new());
    private readonly SegmentGraph _graph = new();
    private readonly Adjacency _links;
    private readonly double[] _features;
    private readonly double[] _encoding;
    private readonly ParameterVector<double> _parameters;
    private readonly ParameterVector<double> _gradient;
    private readonly Tape<double> _tape = new();

    public GoldenLoss(NpzReader frame)
    {
        _graph.Build(GoldenFrame.Read(frame, 0), new());
        _links = GoldenNetwork.Links(frame, _graph.Count, out float[] encoding);
        _encoding = [.. encoding.Select(x => (double)x)];
        _features = [.. frame.Read<float>("lg_x").Select(x => (double)x)];
        _parameters = new(Layout);
        _gradient = new(Layout);
    }

    public ParameterLayout Layout => _network.Layout;

    public double Gradient(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        parameters.CopyTo(_parameters.Values);
        _gradient.Values.Clear();
        _tape.Reset();
        _tape.Bind(_parameters, _gradient);
        Tensor<double> features = _tape.Constant(_features, _graph.Count, SegmentNetwork.Features);
        Tensor<double> encoding = _tape.Constant(_encoding, _links.Edges, AngleEncoding.Width);
        Tensor<double> loss = SegmentLoss.CrossEntropy(
            _network.Forward(_tape, features, encoding, _links), _graph.Label, SegmentLoss.Weights(_tape, _graph.TrackerSide));
        _tape.Backward(loss);
        _gradient.Values.CopyTo(gradient);
        return loss.Values[0];
    }

    public void Dispose()
    {
        _tape.Dispose();
        _parameters.Dispose();
        _gradient.Dispose();
    }
}
