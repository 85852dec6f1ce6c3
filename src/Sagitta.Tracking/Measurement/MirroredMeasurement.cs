namespace Sagitta.Tracking.Measurement;

/// <summary>
/// From what a network says of every plane and of its mirror image to position and error: half the difference of the first column shifts
/// the centroid, half the sum of the second is the logarithm of what its error is multiplied by. The mirrored event hence has minus the
/// shift and the same error, whatever the network.
/// </summary>
internal sealed class MirroredMeasurement : Operation<double>
{
    // A first network's shifts are small against a strip.
    public const double ShiftUnit = 0.25;
    public const double LargestLogarithm = 3;

    private MirroredMeasurement()
    {
    }

    /// <summary>The operation.</summary>
    public static MirroredMeasurement Instance { get; } = new();

    public override string Name => "mirrored measurement";

    /// <summary>Clusters with other centroids and errors.</summary>
    /// <param name="output">2 (events x planes) x 2.</param>
    /// <param name="clusters">Events x planes.</param>
    /// <param name="pitch">Strip pitch of each plane, mm.</param>
    public static Clusters Apply(Tensor<double> output, in Clusters clusters, double[] pitch)
    {
        Tape<double> tape = output.Tape;
        int groups = clusters.Centroid.Length;
        bool requires = Tape<double>.AnyRequiresGradient([output, clusters.Centroid, clusters.Sigma]);
        Tensor<double> centroid = tape.Allocate(clusters.Centroid.Rows, clusters.Centroid.Columns, requires);
        Tensor<double> sigma = tape.Allocate(centroid.Rows, centroid.Columns, requires);
        ReadOnlySpan<double> values = output.Values;
        for (int g = 0; g < groups; g++)
        {
            int mirrored = groups + g;
            double shift = ShiftUnit * pitch[g % pitch.Length] * 0.5 * (values[2 * g] - values[2 * mirrored]);
            centroid.Values[g] = clusters.Centroid.Values[g] + shift;
            sigma.Values[g] = clusters.Sigma.Values[g] * Math.Exp(Limited(values, g, mirrored));
        }

        tape.Record(Instance, [output, clusters.Centroid, clusters.Sigma], [centroid, sigma], context: pitch);
        return clusters with { Centroid = centroid, Sigma = sigma };
    }

    public override void Backward(in RecordedStep<double> step)
    {
        double[] pitch = step.Context<double[]>();
        ReadOnlySpan<double> values = step.Input(0).Values;
        ReadOnlySpan<double> sigma = step.Output(1).Values;
        ReadOnlySpan<double> onCentroid = step.Output(0).Gradient;
        ReadOnlySpan<double> onSigma = step.Output(1).Gradient;
        Span<double> toOutput = step.Input(0).Gradient;
        Span<double> toCentroid = step.Input(1).Gradient;
        Span<double> toSigma = step.Input(2).Gradient;
        for (int g = 0; g < sigma.Length; g++)
        {
            int mirrored = sigma.Length + g;
            double limited = Limited(values, g, mirrored) / LargestLogarithm;
            if (!toOutput.IsEmpty)
            {
                double shift = 0.5 * ShiftUnit * pitch[g % pitch.Length] * onCentroid[g];
                double logarithm = 0.5 * (1 - (limited * limited)) * sigma[g] * onSigma[g];
                toOutput[2 * g] += shift;
                toOutput[2 * mirrored] -= shift;
                toOutput[(2 * g) + 1] += logarithm;
                toOutput[(2 * mirrored) + 1] += logarithm;
            }

            if (!toCentroid.IsEmpty)
            {
                toCentroid[g] += onCentroid[g];
            }

            if (!toSigma.IsEmpty)
            {
                toSigma[g] += onSigma[g] * Math.Exp(LargestLogarithm * limited);
            }
        }
    }

    private static double Limited(ReadOnlySpan<double> values, int g, int mirrored) =>
        LargestLogarithm * Math.Tanh(0.5 * (values[(2 * g) + 1] + values[(2 * mirrored) + 1]) / LargestLogarithm);
}
