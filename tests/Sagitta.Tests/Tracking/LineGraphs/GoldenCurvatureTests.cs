namespace Sagitta.Tests.Tracking.LineGraphs;

/// <summary>
/// Products of the cross-entropy's Hessian with a stored direction, evaluation mode, double: differences of our gradients against the
/// published code's double back-propagation.
/// </summary>
public sealed class GoldenCurvatureTests
{
    private const double Tight = 1e-7;
    private const double Step = 3e-8;

    [Fact]
    public void Small_frame_has_the_published_product() => Compare("frame_010", "net_trained", "out_010_trained");

    [Theory]
    [Trait("data", "full")]
    [InlineData("frame_010", "net_init", "out_010_init")]
    [InlineData("frame_030", "net_init", "out_030_init")]
    [InlineData("frame_030", "net_trained", "out_030_trained")]
    public void Frame_has_the_published_product(string frame, string network, string output) => Compare(frame, network, output);

    private static void Compare(string frame, string network, string outputName)
    {
        using GoldenRun<double> golden = new(frame, network, outputName);
        NpzReader output = golden.Output;
        using ParameterVector<double> direction = new(golden.Parameters.Layout);
        using ParameterVector<double> expected = new(golden.Parameters.Layout);
        GoldenNetwork.Read(output, "hvp.v.", direction);
        GoldenNetwork.Read(output, "f64.hvp.Hv.", expected);
        using ParameterVector<double> found = Difference(golden, direction);
        GoldenNetwork.AssertClose<double>(expected.Values, found.Values, Tight, "Hessian-vector product");
    }

    // Small enough that no rectifier and no maximum changes sides between the two points: central differences then have no error but
    // rounding.
    private static ParameterVector<double> Difference(GoldenRun<double> golden, ParameterVector<double> direction)
    {
        using ParameterVector<double> centre = golden.Copy();
        ParameterVector<double> difference = new(centre.Layout);
        foreach (double sign in new[] { 1.0, -1.0 })
        {
            for (int i = 0; i < centre.Values.Length; i++)
            {
                golden.Parameters.Values[i] = centre.Values[i] + (sign * Step * direction.Values[i]);
            }

            Tensor<double> loss = SegmentLoss.CrossEntropy(
                golden.Forward(null), golden.Labels, SegmentLoss.Weights(golden.Tape, golden.TrackerSide));
            golden.Tape.Backward(loss);
            foreach (Parameter parameter in centre.Layout.Parameters.Where(p => p.Trainable))
            {
                for (int i = parameter.Offset; i < parameter.Offset + parameter.Length; i++)
                {
                    difference.Values[i] += sign * golden.Gradients.Values[i] / (2 * Step);
                }
            }
        }

        return difference;
    }
}
