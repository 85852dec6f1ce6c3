namespace Sagitta.Tracking.Measurement;

/// <summary>
/// Per event, sum_i p_i (d_i^2 / sigma_i^2 + ln sigma_i^2) over its planes, d being what the measured position misses the true crossing by:
/// events x 1. It asks of each plane by itself what a fit asks of all, and needs none. Planes without a crossing do not count. Far from the
/// crossing, where a plane holds background alone, the square gives way to the logarithm of Student's tails, (n + 1) ln(1 + d^2 / (n
/// sigma^2)): a few such planes would else outvote all others.
/// </summary>
internal sealed class LocalLikelihood : Operation<double>
{
    // n: beyond some five errors the tails take over, so that the errors stay those of a Gaussian core.
    private const double Freedom = 30;

    private LocalLikelihood()
    {
    }

    /// <summary>The operation.</summary>
    public static LocalLikelihood Instance { get; } = new();

    public override string Name => "local likelihood";

    /// <summary>The term of every event of <paramref name="selection"/>.</summary>
    public static Tensor<double> Apply(in Clusters clusters, EventSet events, ReadOnlySpan<int> selection) =>
        Apply(clusters, events.TruthCrossing, selection);

    /// <summary>The same of the rows of <paramref name="selection"/> among true crossings, rows x planes; NaN for none.</summary>
    public static Tensor<double> Apply(in Clusters clusters, ReadOnlySpan<float> crossings, ReadOnlySpan<int> selection)
    {
        Tape<double> tape = clusters.Centroid.Tape;
        int planes = clusters.Centroid.Columns;
        Tensor<double> value = tape.Allocate(selection.Length, 1,
            Tape<double>.AnyRequiresGradient([clusters.Centroid, clusters.Sigma, clusters.Presence]));
        Tensor<double> miss = tape.Allocate(selection.Length, planes);
        for (int e = 0; e < selection.Length; e++)
        {
            double sum = 0;
            for (int i = 0; i < planes; i++)
            {
                int k = (e * planes) + i;
                double d = clusters.Centroid.Values[k] - crossings[(selection[e] * planes) + i];
                miss.Values[k] = d;
                sum += double.IsNaN(d) ? 0 : clusters.Presence.Values[k] * Term(d, clusters.Sigma.Values[k]);
            }

            value.Values[e] = sum;
        }

        tape.Record(Instance, [clusters.Centroid, clusters.Sigma, clusters.Presence], [value], [miss]);
        return value;
    }

    public override void Backward(in RecordedStep<double> step)
    {
        ReadOnlySpan<double> sigma = step.Input(1).Values;
        ReadOnlySpan<double> presence = step.Input(2).Values;
        ReadOnlySpan<double> miss = step.Saved(0).Values;
        ReadOnlySpan<double> upstream = step.Output().Gradient;
        Span<double> toCentroid = step.Input(0).Gradient;
        Span<double> toSigma = step.Input(1).Gradient;
        Span<double> toPresence = step.Input(2).Gradient;
        int planes = miss.Length / upstream.Length;
        for (int k = 0; k < miss.Length; k++)
        {
            double d = miss[k];
            if (double.IsNaN(d))
            {
                continue;
            }

            double pull = d / sigma[k];
            double slope = (Freedom + 1) / (Freedom + (pull * pull));
            double scale = 2 * upstream[k / planes] * presence[k] / sigma[k];
            if (!toCentroid.IsEmpty)
            {
                toCentroid[k] += scale * pull * slope;
            }

            if (!toSigma.IsEmpty)
            {
                toSigma[k] += scale * (1 - (pull * pull * slope));
            }

            if (!toPresence.IsEmpty)
            {
                toPresence[k] += upstream[k / planes] * Term(d, sigma[k]);
            }
        }
    }

    private static double Term(double d, double sigma) =>
        ((Freedom + 1) * double.LogP1(d * d / (Freedom * sigma * sigma))) + Math.Log(sigma * sigma);
}
