using System.Diagnostics;

namespace Sagitta.Experiments.Muon.Studies;

/// <summary>The gradient through the minimum against the gradient through the iterations: the same answer, and what each costs.</summary>
internal static class GradientStudy
{
    private const int Events = 2048;
    private const int Repeats = 5;

    /// <summary>Fits of true hits of simulated events, the gradient of q/pT on centroids, errors and presences.</summary>
    public static MuonStudyResult Run(MuonStudyContext context)
    {
        MuonChain chain = new(context.Options.Experiment, context.Detector);
        MuonExperiment small = context.Options.Experiment
            with
        { Data = context.Options.Experiment.Data with { Test = Math.Min(Events, context.Options.Experiment.Data.Test) } };
        EventSet events = MuonSamples.Test(small, context.Detector, context.Flux, context.Threads);
        using Tape<double> tape = new(recording: false);
        double[] labels = [.. events.LabelHit.Select(l => (double)l)];
        int[] all = [.. Enumerable.Range(0, events.Count)];
        Clusters clusters = chain.Tracks.Apply(tape.Constant(labels, labels.Length, 1), logits: false, events.Hits, all, new()).Clusters;
        Measurement reference = Measure(chain.Geometry, clusters, new CircleAdjoint());
        List<MuonStudyRow> rows =
        [
            Row("implicit, vector lanes", reference, reference, 0),
            Row("implicit, one event at a time", Measure(chain.Geometry, clusters, new CircleAdjoint(1)), reference, 0),
        ];
        foreach (int steps in new[] { 1, 2, 3, 4, 6, 8, 16 })
        {
            UnrolledCircleAdjoint unrolled = new(steps);
            rows.Add(Row($"unrolled, {steps} Gauss-Newton steps", Measure(chain.Geometry, clusters, unrolled), reference,
                sizeof(double) * unrolled.KeptPerEvent));
        }

        return new(
            "gradient",
            "Gradient of q/pT of simulated muons through the minimum (implicit) and through the iterations of Gauss-Newton from the seed "
                + "(unrolled): largest difference to the implicit one relative to its norm, median and largest over events, time of the "
                + "backward pass alone, and what must be kept for it beyond the inputs and the answer.",
            ["median diff.", "largest diff.", "ns an event", "bytes kept"],
            rows);
    }

    private static MuonStudyRow Row(string label, Measurement measured, Measurement reference, int bytes)
    {
        int width = reference.Gradient.Length / reference.Events;
        double[] differences = new double[reference.Events];
        for (int e = 0; e < differences.Length; e++)
        {
            double square = 0;
            double norm = 0;
            for (int i = e * width; i < (e + 1) * width; i++)
            {
                square += (measured.Gradient[i] - reference.Gradient[i]) * (measured.Gradient[i] - reference.Gradient[i]);
                norm += reference.Gradient[i] * reference.Gradient[i];
            }

            differences[e] = norm > 0 ? Math.Sqrt(square / norm) : 0;
        }

        Array.Sort(differences);
        return new(label, [differences[differences.Length / 2], differences[^1], measured.Nanoseconds, bytes]);
    }

    private static Measurement Measure(CircleGeometry geometry, Clusters clusters, IImplicitAdjoint<CircleProblem> adjoint)
    {
        int events = clusters.Centroid.Rows;
        int planes = geometry.PlaneCount;
        CircleFit fit = new(geometry, null, adjoint);
        using Tape<double> tape = new();
        double[] gradient = new double[events * planes * 3];
        double fastest = double.PositiveInfinity;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            tape.Reset();
            Tensor<double> centroid = tape.Leaf(clusters.Centroid.Values, events, planes);
            Tensor<double> sigma = tape.Leaf(clusters.Sigma.Values, events, planes);
            Tensor<double> presence = tape.Leaf(clusters.Presence.Values, events, planes);
            ImplicitSolution tracks = fit.Apply(centroid, sigma, presence);
            tape.PrepareGradients();
            for (int e = 0; e < events; e++)
            {
                tracks.Value.Gradient[(e * TrackParameter.Count) + TrackParameter.QOverPt] = 1;
            }

            long start = Stopwatch.GetTimestamp();
            tape.Backward();
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalNanoseconds / events);
            for (int e = 0; e < events; e++)
            {
                centroid.Gradient.Slice(e * planes, planes).CopyTo(gradient.AsSpan(e * planes * 3));
                sigma.Gradient.Slice(e * planes, planes).CopyTo(gradient.AsSpan((e * planes * 3) + planes));
                presence.Gradient.Slice(e * planes, planes).CopyTo(gradient.AsSpan((e * planes * 3) + (2 * planes)));
            }
        }

        return new(events, gradient, fastest);
    }

    private sealed record Measurement(int Events, double[] Gradient, double Nanoseconds);
}
