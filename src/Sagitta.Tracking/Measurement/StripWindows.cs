namespace Sagitta.Tracking.Measurement;

/// <summary>
/// What the measurement stage sees of every plane: a window of <see cref="Strips"/> places a pitch apart about the centroid, in each the
/// weighted charge, the foreign charge and the time of the strips there, then where the centroid lies between strips, the track's slope,
/// the present error and the charge. A row for each plane, then one for each in its mirror image. A strip between two places counts in both
/// by its distance, so that all is continuous; differentiable in weights, centroids, errors and tracks.
/// </summary>
/// <param name="detector">Its planes.</param>
/// <param name="geometry">Where the fit has them.</param>
/// <param name="withTime">Whether times are seen; else they are zeros.</param>
internal sealed class StripWindows(Detector detector, CircleGeometry geometry, bool withTime) : Operation<double>
{
    /// <summary>Places of a window.</summary>
    public const int Strips = 9;

    /// <summary>Numbers of a row.</summary>
    public const int FeatureCount = (3 * Strips) + 5;

    private const int Foreign = Strips;
    private const int Time = 2 * Strips;
    private const int PhaseSine = 3 * Strips;
    private const int PhaseCosine = PhaseSine + 1;
    private const int Slope = PhaseSine + 2;
    private const int Error = PhaseSine + 3;
    private const int Charge = PhaseSine + 4;

    // Places of little charge have no time: its share at which half of it is seen, and a unit of time, ns.
    public const double LittleCharge = 0.02;
    public const double PerTime = 1.0 / 50;

    // A unit of the trail's length, in pitches, and of charge, in primary electrons.
    public const double PerTrail = 0.5;
    public const double UnitCharge = 50;
    public const double Vanishing = 1e-200;

    // Electrons that drift at an angle leave the trail of a track that is less inclined by it.
    private readonly double[] _lorentz = [.. detector.Planes.Select(plane => Math.Tan(plane.LorentzAngle))];

    public override string Name => "strip windows";

    /// <summary>2 (events x planes) x <see cref="FeatureCount"/>.</summary>
    /// <param name="strips">The strips.</param>
    /// <param name="clusters">Their clusters.</param>
    /// <param name="track">Events x 3: tracks fitted to these.</param>
    /// <param name="statuses">How that fit ended; a track that failed has no slope.</param>
    public Tensor<double> Apply(in WeighedStrips strips, in Clusters clusters, Tensor<double> track, ReadOnlySpan<SolveStatus> statuses)
    {
        Tape<double> tape = track.Tape;
        int planes = geometry.PlaneCount;
        int groups = strips.Planes.Count;
        bool requires = Tape<double>.AnyRequiresGradient([strips.Scores, clusters.Centroid, clusters.Sigma, track]);
        Tensor<double> windows = tape.Allocate(2 * groups, FeatureCount, requires);
        Tensor<double> weight = tape.Allocate(strips.Scores.Rows, 1);
        Tensor<double> sine = tape.Allocate(track.Rows, planes);
        strips.Scores.Values.CopyTo(weight.Values);
        if (strips.Logits)
        {
            foreach (ref double each in weight.Values)
            {
                each = SoftClustering.Sigmoid(each);
            }
        }

        for (int e = 0; e < track.Rows; e++)
        {
            double eventTime = EventTime(strips.Planes.Offsets.Slice(e * planes, planes + 1), weight.Values, strips.Amplitude, strips.Time,
                out _);
            ReadOnlySpan<double> theta = track.Values.Slice(e * TrackParameter.Count, TrackParameter.Count);
            for (int i = 0; i < planes; i++)
            {
                int g = (e * planes) + i;
                double s = statuses[e] == SolveStatus.Converged
                    ? theta[TrackParameter.Slope] + (theta[TrackParameter.QOverPt] * geometry.CurvaturePerQOverPt * geometry.Z[i]) : 0;
                sine.Values[g] = s = s * s < 1 ? s : 0;
                Span<double> row = windows.Values.Slice(g * FeatureCount, FeatureCount);
                row.Clear();
                Range own = strips.Planes.Offsets[g]..strips.Planes.Offsets[g + 1];
                Plane plane = detector.Planes[i];
                StripSums sums = default;
                StripSums.Collect(weight.Values[own], strips.Amplitude[own], strips.Y[own], strips.Time[own], clusters.Centroid.Values[g],
                    1 / plane.StripPitch, eventTime, ref sums);
                if (sums.Mass > Vanishing)
                {
                    Describe(row, sums, (clusters.Centroid.Values[g] - strips.Y[own][0]) / plane.StripPitch,
                        ((s / Math.Sqrt(1 - (s * s))) - _lorentz[i]) * plane.GapThickness / plane.StripPitch, clusters.Sigma.Values[
                            g] / plane.StripPitch);
                }

                Mirror(row, windows.Values.Slice((groups + g) * FeatureCount, FeatureCount));
            }
        }

        if (requires)
        {
            Tensor<double> y = tape.Constant(strips.Y, weight.Rows, 1);
            Tensor<double> amplitude = tape.Constant(strips.Amplitude, weight.Rows, 1);
            Tensor<double> time = tape.Constant(strips.Time, weight.Rows, 1);
            tape.Record(this, [strips.Scores, clusters.Centroid, clusters.Sigma, track], [windows], [weight, y, amplitude, time, sine],
                strips.Planes, strips.Logits ? 1 : 0);
        }

        return windows;
    }

    public override void Backward(in RecordedStep<double> step)
    {
        Segments segments = step.Context<Segments>();
        ReadOnlySpan<double> scores = step.Input(0).Values;
        ReadOnlySpan<double> weight = step.Saved(0).Values;
        ReadOnlySpan<double> y = step.Saved(1).Values;
        ReadOnlySpan<double> amplitude = step.Saved(2).Values;
        ReadOnlySpan<double> time = step.Saved(3).Values;
        ReadOnlySpan<double> sine = step.Saved(4).Values;
        ReadOnlySpan<double> upstream = step.Output().Gradient;
        Span<double> toScore = step.Input(0).Gradient;
        Span<double> toCentroid = step.Input(1).Gradient;
        Span<double> toSigma = step.Input(2).Gradient;
        Span<double> toTrack = step.Input(3).Gradient;
        int planes = geometry.PlaneCount;
        int groups = segments.Count;
        Span<double> row = stackalloc double[FeatureCount];
        Span<double> back = stackalloc double[FeatureCount];
        for (int e = 0; e < groups / planes; e++)
        {
            ReadOnlySpan<int> offsets = segments.Offsets.Slice(e * planes, planes + 1);
            double eventTime = EventTime(offsets, weight, amplitude, time, out double all);
            double toEventTime = 0;
            for (int i = 0; i < planes; i++)
            {
                int g = (e * planes) + i;
                Range own = offsets[i]..offsets[i + 1];
                Plane plane = detector.Planes[i];
                double centroid = step.Input(1).Values[g];
                StripSums sums = default;
                StripSums.Collect(weight[own], amplitude[own], y[own], time[own], centroid, 1 / plane.StripPitch, eventTime, ref sums);
                if (!(sums.Mass > Vanishing))
                {
                    continue;
                }

                // The mirror image of a gradient is as that of a row.
                Mirror(upstream.Slice((groups + g) * FeatureCount, FeatureCount), back);
                upstream.Slice(g * FeatureCount, FeatureCount).CopyTo(row);
                for (int k = 0; k < FeatureCount; k++)
                {
                    row[k] += back[k];
                }

                double phase = 2 * Math.PI * (centroid - y[own][0]) / plane.StripPitch;
                double toPlace = 2 * Math.PI / plane.StripPitch * (
                    (row[PhaseSine] * Math.Cos(phase)) - (row[PhaseCosine] * Math.Sin(phase)));
                if (!toSigma.IsEmpty)
                {
                    toSigma[g] += row[Error] / step.Input(2).Values[g];
                }

                if (!toTrack.IsEmpty)
                {
                    double cosine2 = 1 - (sine[g] * sine[g]);
                    double toSine = row[Slope] * PerTrail * plane.GapThickness / (plane.StripPitch * cosine2 * Math.Sqrt(cosine2));
                    toTrack[(e * TrackParameter.Count) + TrackParameter.Slope] += toSine;
                    toTrack[(e * TrackParameter.Count) + TrackParameter.QOverPt] +=
                        toSine * geometry.CurvaturePerQOverPt * geometry.Z[i];
                }

                StripSums toSums = default;
                ToSums(row, sums, ref toSums, ref toEventTime);
                toPlace -= StripSums.Spread(weight[own], amplitude[own], y[own], time[own], centroid, 1 / plane.StripPitch, eventTime,
                    toSums,
                    toScore.IsEmpty ? [] : toScore[own], step.Number > 0 ? scores[own] : []) / plane.StripPitch;
                if (!toCentroid.IsEmpty)
                {
                    toCentroid[g] += toPlace;
                }
            }

            for (int hit = offsets[0]; all > Vanishing && !toScore.IsEmpty && hit < offsets[planes]; hit++)
            {
                toScore[hit] += toEventTime * amplitude[hit] * (time[hit] - eventTime) / all * (step.Number > 0
                    ? weight[hit] * SoftClustering.Sigmoid(-scores[hit]) : 1);
            }
        }
    }

    /// <summary>The row of the mirrored event (y to -y).</summary>
    internal static void Mirror(ReadOnlySpan<double> row, Span<double> mirrored)
    {
        row.CopyTo(mirrored);
        mirrored[..Strips].Reverse();
        mirrored.Slice(Foreign, Strips).Reverse();
        mirrored.Slice(Time, Strips).Reverse();
        mirrored[PhaseSine] = -mirrored[PhaseSine];
        mirrored[Slope] = -mirrored[Slope];
    }

    // The mean time of the event's weighted charge: a common shift of all times, such as of a collision's, drops out.
    private static double EventTime(ReadOnlySpan<int> offsets, ReadOnlySpan<double> weight, ReadOnlySpan<double> amplitude,
        ReadOnlySpan<double> time, out double all)
    {
        all = 0;
        double sum = 0;
        for (int hit = offsets[0]; hit < offsets[^1]; hit++)
        {
            all += weight[hit] * amplitude[hit];
            sum += weight[hit] * amplitude[hit] * time[hit];
        }

        return all > Vanishing ? sum / all : 0;
    }

    private void Describe(Span<double> row, in StripSums sums, double place, double trail, double error)
    {
        double mass = sums.Mass;
        for (int j = 0; j < Strips; j++)
        {
            row[j] = sums.Own[j] / mass;
            row[Foreign + j] = sums.Foreign[j] / (sums.Foreign[j] + mass);
            row[Time + j] = withTime ? PerTime * sums.Time[j] / (sums.Own[j] + (LittleCharge * mass)) : 0;
        }

        (row[PhaseSine], row[PhaseCosine]) = Math.SinCos(2 * Math.PI * place);
        row[Slope] = PerTrail * trail;
        row[Error] = Math.Log(error);
        row[Charge] = 0.5 * Math.Log((mass + 1) / UnitCharge);
    }

    // From a gradient on a row to one on the sums that it is made of.
    private void ToSums(ReadOnlySpan<double> row, in StripSums sums, ref StripSums toSums, ref double toEventTime)
    {
        double mass = sums.Mass;
        toSums.Mass = 0.5 * row[Charge] / (mass + 1);
        for (int j = 0; j < Strips; j++)
        {
            double both = sums.Foreign[j] + mass;
            double seen = sums.Own[j] + (LittleCharge * mass);
            double toTime = withTime ? row[Time + j] * PerTime / seen : 0;
            double toSeen = -toTime * sums.Time[j] / seen;
            toSums.Own[j] = (row[j] / mass) + toSeen;
            toSums.Foreign[j] = row[Foreign + j] * mass / (both * both);
            toSums.Time[j] = toTime;
            toSums.Mass += (LittleCharge * toSeen) - (row[j] * sums.Own[j] / (mass * mass))
                - (row[Foreign + j] * sums.Foreign[j] / (both * both));
            toEventTime -= toTime * sums.Own[j];
        }
    }
}
