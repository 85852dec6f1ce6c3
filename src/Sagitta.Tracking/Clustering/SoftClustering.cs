namespace Sagitta.Tracking.Clustering;

/// <summary>
/// Differentiable clustering: per event and plane, the weighted centroid C = sum w a y / sum w a of the hits, its error (see
/// <see cref="ClusterResolution"/>) and the plane's presence W / (W + w0), W = sum w. No threshold and no branch on weights: a plane
/// whose weights vanish leaves the fit smoothly through its presence. Gradients reach the weights through all outputs.
/// </summary>
internal sealed class SoftClustering : Operation<double>
{
    // Below this sum of weights the shares w / sum w lose their digits; presence is zero to every digit long before.
    private const double VanishingWeight = 1e-200;

    private SoftClustering()
    {
    }

    /// <summary>The operation.</summary>
    public static SoftClustering Instance { get; } = new();
    public override string Name => "soft clustering";

    /// <summary>Clusters hits by their weights, hits x 1, from 0 to 1.</summary>
    /// <param name="weights">Weights, one a hit.</param>
    /// <param name="y">Strip centres, mm, one a hit.</param>
    /// <param name="amplitude">Charges, positive, or all 1.</param>
    /// <param name="planes">Groups of hits: event after event, within it plane after plane; empty groups included. Must stay as it is until
    /// the backward pass is over.</param>
    /// <param name="pitch">Strip pitch of each plane, mm; its length is the number of planes of an event.</param>
    /// <param name="options">Presence and error model.</param>
    public static Clusters Apply(
        Tensor<double> weights,
        ReadOnlySpan<double> y,
        ReadOnlySpan<double> amplitude,
        Segments planes,
        ReadOnlySpan<double> pitch,
        ClusterOptions options) => Cluster(weights, y, amplitude, planes, pitch, options, logits: false);

    /// <summary>The same from logits: w = sigmoid(logit), whose complement keeps its digits for large logits.</summary>
    public static Clusters ApplyToLogits(
        Tensor<double> logits,
        ReadOnlySpan<double> y,
        ReadOnlySpan<double> amplitude,
        Segments planes,
        ReadOnlySpan<double> pitch,
        ClusterOptions options) => Cluster(logits, y, amplitude, planes, pitch, options, logits: true);

    public override void Backward(in RecordedStep<double> step)
    {
        Tensor<double> scores = step.Input(0);
        if (!scores.RequiresGradient)
        {
            return;
        }

        Settings settings = step.Context<Settings>();
        Span<double> gradient = scores.Gradient;
        ReadOnlySpan<double> scoreValues = scores.Values;
        ReadOnlySpan<double> centroids = step.Output(0).Values;
        ReadOnlySpan<double> sigmas = step.Output(1).Values;
        ReadOnlySpan<double> onCentroid = step.Output(0).Gradient;
        ReadOnlySpan<double> onSigma = step.Output(1).Gradient;
        ReadOnlySpan<double> onPresence = step.Output(2).Gradient;
        ReadOnlySpan<double> onIntrinsic = step.Output(3).Gradient;
        ReadOnlySpan<double> onWidth = step.Output(4).Gradient;
        ReadOnlySpan<double> weights = step.Saved(0).Values;
        ReadOnlySpan<double> y = step.Saved(1).Values;
        ReadOnlySpan<double> amplitude = step.Saved(2).Values;
        ReadOnlySpan<double> pitch = step.Saved(3).Values;
        ReadOnlySpan<int> offsets = settings.Planes.Offsets;
        ClusterResolution model = settings.Options.Resolution;
        double half = settings.Options.HalfPresence;
        for (int g = 0; g < settings.Planes.Count; g++)
        {
            int first = offsets[g];
            int end = offsets[g + 1];
            double total = 0;
            double mass = 0;
            for (int j = first; j < end; j++)
            {
                total += weights[j];
                mass += weights[j] * amplitude[j];
            }

            double toTotal = onPresence[g] * half / ((total + half) * (total + half));
            bool vanished = !(mass > VanishingWeight);
            Moments moments = default;
            double toWidth = 0;
            double toConcentration = 0;
            double toForeign = 0;
            if (!vanished)
            {
                moments = new(weights[first..end], y[first..end], amplitude[first..end], mass, centroids[g]);

                // sigma = sqrt(sigma^2), so d sigma = d(sigma^2) / (2 sigma).
                double stripPitch = pitch[g % pitch.Length];
                double toSquare = onSigma[g] / (2 * sigmas[g]);
                double toIntrinsic = toSquare + onIntrinsic[g];
                model.WithoutTrack(stripPitch, moments.Width, out double byWidth);
                toWidth = onWidth[g] + (toSquare * byWidth);
                toConcentration = toIntrinsic * model.SingleStrip * stripPitch * stripPitch * 4 * moments.Concentration
                    * moments.Concentration * moments.Concentration;
                toForeign = toIntrinsic * model.Foreign;
            }

            for (int j = first; j < end; j++)
            {
                double toWeight = toTotal;
                if (!vanished)
                {
                    double unit = amplitude[j] / mass;
                    double distance = y[j] - centroids[g];
                    toWeight += unit * (
                        (onCentroid[g] * distance)
                        + (toWidth * ((distance * distance) - moments.Width))
                        + (toConcentration * 2 * ((weights[j] * unit) - moments.Concentration))
                        + (toForeign * (((1 - (2 * weights[j])) * unit * distance * distance) - (
                            2 * (moments.Foreign + (moments.ForeignMoment * distance))))));
                }

                gradient[j] += settings.Logits ? toWeight * weights[j] * Sigmoid(-scoreValues[j]) : toWeight;
            }
        }
    }

    /// <summary>1 / (1 + exp(-x)) without overflow and with full relative precision at both ends.</summary>
    public static double Sigmoid(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    private static Clusters Cluster(
        Tensor<double> scores,
        ReadOnlySpan<double> y,
        ReadOnlySpan<double> amplitude,
        Segments planes,
        ReadOnlySpan<double> pitch,
        ClusterOptions options,
        bool logits)
    {
        int hits = scores.Rows;
        if (scores.Columns != 1 || y.Length != hits || amplitude.Length != hits || planes.Rows != hits)
        {
            throw new ArgumentException(
                $"{scores.Rows} x {scores.Columns} scores, {y.Length} positions, {amplitude.Length} amplitudes and {planes.Rows} grouped "
                + $"hits: all must agree, scores in one column.", nameof(scores));
        }

        if (pitch.IsEmpty || planes.Count % pitch.Length != 0)
        {
            throw new ArgumentException($"{planes.Count} groups are not a whole number of events of {pitch.Length} planes.",
                nameof(planes));
        }

        Tape<double> tape = scores.Tape;
        int events = planes.Count / pitch.Length;
        bool requires = scores.RequiresGradient;
        Tensor<double> centroid = tape.Allocate(events, pitch.Length, requires);
        Tensor<double> sigma = tape.Allocate(events, pitch.Length, requires);
        Tensor<double> presence = tape.Allocate(events, pitch.Length, requires);
        Tensor<double> intrinsic = tape.Allocate(events, pitch.Length, requires);
        Tensor<double> width = tape.Allocate(events, pitch.Length, requires);
        Tensor<double> keptWeights = tape.Allocate(hits, 1);
        Span<double> weights = keptWeights.Values;
        scores.Values.CopyTo(weights);
        if (logits)
        {
            foreach (ref double weight in weights)
            {
                weight = Sigmoid(weight);
            }
        }

        Span<double> centroids = centroid.Values;
        Span<double> sigmas = sigma.Values;
        Span<double> presences = presence.Values;
        Span<double> intrinsics = intrinsic.Values;
        Span<double> widths = width.Values;
        ReadOnlySpan<int> offsets = planes.Offsets;
        for (int g = 0; g < planes.Count; g++)
        {
            int first = offsets[g];
            int end = offsets[g + 1];
            double total = 0;
            double mass = 0;
            double moment = 0;
            double plain = 0;

            // Relative to the first strip, so that the sums keep the digits of small distances.
            double origin = first < end ? y[first] : 0;
            for (int j = first; j < end; j++)
            {
                double weight = weights[j] * amplitude[j];
                total += weights[j];
                mass += weight;
                moment += weight * (y[j] - origin);
                plain += y[j] - origin;
            }

            bool vanished = !(mass > VanishingWeight);
            double mean = vanished ? plain / Math.Max(end - first, 1) : moment / mass;
            centroids[g] = origin + mean;
            Moments moments = vanished ? Moments.Vanished
                : new(weights[first..end], y[first..end], amplitude[first..end], mass, centroids[g]);
            double stripPitch = pitch[g % pitch.Length];
            widths[g] = moments.Width;
            intrinsics[g] = options.Resolution.Intrinsic(stripPitch, moments.Concentration, moments.Foreign);
            sigmas[g] = Math.Sqrt(intrinsics[g] + options.Resolution.WithoutTrack(stripPitch, moments.Width, out _));
            presences[g] = total / (total + options.HalfPresence);
        }

        if (requires)
        {
            Tensor<double> keptY = tape.Constant(y, hits, 1);
            Tensor<double> keptAmplitude = tape.Constant(amplitude, hits, 1);
            Tensor<double> keptPitch = tape.Constant(pitch, 1, pitch.Length);
            tape.Record(Instance, [scores], [centroid, sigma, presence, intrinsic, width], [keptWeights, keptY, keptAmplitude, keptPitch],
                Settings.Of(planes, options, logits));
        }

        return new(centroid, sigma, presence, intrinsic, width);
    }

    private sealed record Settings(Segments Planes, ClusterOptions Options, bool Logits)
    {
        [ThreadStatic]
        private static Settings? _last;

        // A thread clusters the same way step after step: what a step remembers is made once.
        public static Settings Of(Segments planes, ClusterOptions options, bool logits) =>
            _last is { } last && ReferenceEquals(last.Planes, planes) && ReferenceEquals(last.Options, options) && last.Logits == logits
                ? last
                : _last = new(planes, options, logits);
    }

    // What the error model takes of a plane's strips, the foreign variance with its first moment, which its derivative needs.
    private readonly struct Moments
    {
        public Moments(ReadOnlySpan<double> weights, ReadOnlySpan<double> y, ReadOnlySpan<double> amplitude, double mass, double centroid)
        {
            for (int j = 0; j < weights.Length; j++)
            {
                double unit = amplitude[j] / mass;
                double share = weights[j] * unit;
                double distance = y[j] - centroid;
                double uncertain = share * (1 - weights[j]) * unit * distance;
                Concentration += share * share;
                Width += share * distance * distance;
                ForeignMoment += uncertain;
                Foreign += uncertain * distance;
            }
        }

        private Moments(double concentration) => Concentration = concentration;

        public static Moments Vanished { get; } = new(1.0);
        public double Concentration { get; }
        public double Width { get; }
        public double Foreign { get; }
        public double ForeignMoment { get; }
    }
}

/// <summary>What soft clustering makes of the hits: tensors of events x planes.</summary>
/// <param name="Centroid">Weighted mean y, mm; the unweighted mean (0 without hits) where all weights vanish.</param>
/// <param name="Sigma">Its standard deviation, mm; positive everywhere.</param>
/// <param name="Presence">How much the plane counts, from 0 without weight to almost 1.</param>
/// <param name="Intrinsic">The part of its variance that does not depend on the track, mm^2.</param>
/// <param name="Width">Weighted variance of the strips about the centroid, mm^2.</param>
internal readonly record struct Clusters(Tensor<double> Centroid, Tensor<double> Sigma, Tensor<double> Presence, Tensor<double> Intrinsic,
    Tensor<double> Width);
