namespace Sagitta.Tracking.Fitting;

/// <summary>
/// The circle fit of one event after another: theta minimises S = sum_i p_i (q_i(theta) - C_i)^2 / sigma_i^2, with q_i the exact circle at
/// plane i and the inputs of <see cref="CircleFitInput"/>.
/// </summary>
/// <param name="Geometry">Planes and field.</param>
/// <param name="Items">Number of events.</param>
/// <param name="Options">What counts as too few planes.</param>
internal readonly record struct CircleProblem(CircleGeometry Geometry, int Items, CircleFitOptions Options) : IImplicitProblem
{
    public int Unknowns => TrackParameter.Count;

    /// <summary>Writes the better of the two seeds, or says why there is none.</summary>
    public SolveStatus Start(int item, ProblemInputs inputs, Span<double> solution)
    {
        int planes = Geometry.PlaneCount;
        ReadOnlySpan<double> centroid = inputs[CircleFitInput.Centroid].Slice(item * planes, planes);
        ReadOnlySpan<double> sigma = inputs[CircleFitInput.Sigma].Slice(item * planes, planes);
        ReadOnlySpan<double> presence = inputs[CircleFitInput.Presence].Slice(item * planes, planes);
        ReadOnlySpan<double> planeZ = inputs[CircleFitInput.PlaneZ];
        ReadOnlySpan<double> planeY = inputs[CircleFitInput.PlaneY];
        Span<double> z = stackalloc double[planes];
        Span<double> y = stackalloc double[planes];
        Span<double> weights = stackalloc double[planes];
        int present = 0;
        double checksum = 0;
        for (int i = 0; i < planes; i++)
        {
            z[i] = Geometry.Z[i] + planeZ[i];
            y[i] = centroid[i] + planeY[i];
            weights[i] = presence[i] / (sigma[i] * sigma[i]);
            present += presence[i] >= Options.MinimumPresence ? 1 : 0;
            checksum += (weights[i] * y[i]) + z[i];
        }

        if (!double.IsFinite(checksum))
        {
            return SolveStatus.OutOfRange;
        }

        if (present < Options.MinimumPlanes)
        {
            return SolveStatus.TooFewPlanes;
        }

        double best = double.PositiveInfinity;
        if (CircleSeed.TryParabola(z, y, weights, out double slope, out double curvature))
        {
            best = Offer(z, y, weights, slope, curvature, best, solution);
        }

        if (CircleSeed.TryKasa(z, y, weights, out slope, out curvature))
        {
            best = Offer(z, y, weights, slope, curvature, best, solution);
        }

        if (double.IsPositiveInfinity(best))
        {
            // Neither seed is a circle through the planes: begin from the horizontal line, from which every descent is open.
            Offer(z, y, weights, 0, 0, best, solution);
        }

        return SolveStatus.Converged;
    }

    private double Offer(ReadOnlySpan<double> z, ReadOnlySpan<double> y, ReadOnlySpan<double> weights, double slope, double curvature,
        double best, Span<double> solution)
    {
        double sum = 0, mean = 0;
        Span<double> residuals = stackalloc double[z.Length];
        for (int i = 0; i < z.Length; i++)
        {
            residuals[i] = y[i] - CircleTrack.Displacement(z[i], slope, curvature);
            sum += weights[i];
            mean += weights[i] * residuals[i];
        }

        mean /= sum;
        double value = 0;
        for (int i = 0; i < z.Length; i++)
        {
            value += weights[i] * (residuals[i] - mean) * (residuals[i] - mean);
        }

        // NaN, a circle that does not reach a plane, compares false.
        if (!(value < best))
        {
            return best;
        }

        solution[TrackParameter.Y0] = mean;
        solution[TrackParameter.Slope] = slope;
        solution[TrackParameter.QOverPt] = curvature / Geometry.CurvaturePerQOverPt;
        return value;
    }
}
