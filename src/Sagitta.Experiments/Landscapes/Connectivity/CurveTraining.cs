using System.Numerics.Tensors;

namespace Sagitta.Experiments.Landscapes.Connectivity;

/// <summary>Trains the control point of a Bezier curve between two models so that the mean loss along it is low: each item of a batch draws
/// its own t, the gradient at the curve's point acts on the control point with weight 2 t (1 - t), and RMSprop takes a step. The ends stay
/// where they are.</summary>
internal static class CurveTraining
{
    public static float[] Run(
        ISampledLoss loss, float[] start, float[] end, ConnectivityOptions options, RandomKey key, WorkerThreads threads,
            IStageProgress stage, CancellationToken stop)
    {
        using ParameterVector<float> control = new(loss.Layout);
        using ParameterVector<float> total = new(loss.Layout);
        ParameterVector<float>[] points = [.. Enumerable.Range(0, threads.Count).Select(_ => new ParameterVector<float>(loss.Layout))];
        ParameterVector<float>[] gradients = [.. Enumerable.Range(0, options.Batch).Select(_ => new ParameterVector<float>(loss.Layout))];
        ChunkReduction<float> reduction = new(gradients);
        using RmsProp<float> optimiser = new(loss.Layout);
        QuadraticBezier.Straight(start, end).CopyTo(control.Values);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            RandomKey stepKey = key.Split((ulong)step);
            threads.Run(options.Batch, (k, worker) =>
            {
                RandomDraws draws = stepKey.Split((ulong)k).Draws();
                double t = draws.NextUniform();
                int item = draws.NextIndex(loss.Items);
                QuadraticBezier.Point(start, control.Values, end, t, points[worker].Values);
                loss.AddGradient(item, worker, 1.0 / options.Batch, points[worker], gradients[k]);
                foreach (ref float value in gradients[k].Values)
                {
                    value *= (float)QuadraticBezier.ControlWeight(t);
                }
            });
            reduction.SumInto(total, options.Batch, threads);
            optimiser.Step(control, total, options.LearningRate);
            stage.Advance();
        }

        float[] result = control.Values.ToArray();
        points.Concat(gradients).DisposeAll();
        return result;
    }
}

/// <summary>A quadratic Bezier curve between two parameter vectors: (1 - t)^2 A + 2 t (1 - t) B + t^2 C (Garipov et al., arXiv:1802.10026,
/// equation 4).</summary>
internal static class QuadraticBezier
{
    /// <summary>Writes the point at t; running averages and padding follow the same formula.</summary>
    public static void Point(ReadOnlySpan<float> start, ReadOnlySpan<float> control, ReadOnlySpan<float> end, double t, Span<float> point)
    {
        for (int i = 0; i < point.Length; i++)
        {
            point[i] = (float)(((1 - t) * (1 - t) * start[i]) + (ControlWeight(t) * control[i]) + (t * t * end[i]));
        }
    }

    /// <summary>How strongly the control point acts at t: its derivative, 2 t (1 - t).</summary>
    public static double ControlWeight(double t) => 2 * t * (1 - t);

    /// <summary>The control point at which the curve is the straight line.</summary>
    public static float[] Straight(ReadOnlySpan<float> start, ReadOnlySpan<float> end)
    {
        float[] control = new float[start.Length];
        TensorPrimitives.Add(start, end, control);
        TensorPrimitives.Divide(control, 2, control);
        return control;
    }
}
