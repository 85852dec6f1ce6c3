namespace Sagitta.Experiments.Landscapes.Connectivity;

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
        for (int i = 0; i < control.Length; i++)
        {
            control[i] = (start[i] + end[i]) / 2;
        }

        return control;
    }
}
