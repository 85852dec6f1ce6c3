namespace Sagitta.Tracking.Fitting;

/// <summary>
/// The circle fit of one event after another: theta minimises S = sum_i p_i (q_i(theta) - C_i)^2 / sigma_i^2, with q_i the exact circle at
/// plane i and the inputs of <see cref="CircleFitInput"/>. Plain arithmetic, equation by equation: the reference for the solver in vector
/// lanes.
/// </summary>
/// <param name="Geometry">Planes and field.</param>
/// <param name="Items">Number of events.</param>
/// <param name="Options">What counts as too few planes.</param>
internal readonly record struct CircleProblem(CircleGeometry Geometry, int Items, CircleFitOptions Options) : IMinimisationProblem
{
    public int Unknowns => TrackParameter.Count;

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

    public double Evaluate(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, Span<double> gradient, Span<double> hessian)
    {
        int planes = Geometry.PlaneCount;
        ReadOnlySpan<double> centroid = inputs[CircleFitInput.Centroid].Slice(item * planes, planes);
        ReadOnlySpan<double> sigma = inputs[CircleFitInput.Sigma].Slice(item * planes, planes);
        ReadOnlySpan<double> presence = inputs[CircleFitInput.Presence].Slice(item * planes, planes);
        ReadOnlySpan<double> planeZ = inputs[CircleFitInput.PlaneZ];
        ReadOnlySpan<double> planeY = inputs[CircleFitInput.PlaneY];
        double factor = Geometry.CurvaturePerQOverPt;
        VertexConstraint vertex = Options.Vertex;
        double fromVertex = solution[TrackParameter.Y0] - vertex.Y;
        double value = vertex.Weight * fromVertex * fromVertex;
        gradient.Clear();
        hessian.Clear();
        if (!gradient.IsEmpty)
        {
            gradient[0] = 2 * vertex.Weight * fromVertex;
        }

        if (!hessian.IsEmpty)
        {
            hessian[0] = 2 * vertex.Weight;
        }

        for (int i = 0; i < planes; i++)
        {
            if (!CirclePoint.TryEvaluate(Geometry.Z[i] + planeZ[i], solution[TrackParameter.Slope],
                solution[TrackParameter.QOverPt] * factor, out CirclePoint q))
            {
                return double.PositiveInfinity;
            }

            double weight = presence[i] / (sigma[i] * sigma[i]);
            double residual = solution[TrackParameter.Y0] + q.Y - centroid[i] - planeY[i];
            double weighted = weight * residual;
            value += weighted * residual;
            double byQ = q.ByCurvature * factor;
            if (!gradient.IsEmpty)
            {
                gradient[0] += 2 * weighted;
                gradient[1] += 2 * weighted * q.BySlope;
                gradient[2] += 2 * weighted * byQ;
            }

            if (!hessian.IsEmpty)
            {
                hessian[0] += 2 * weight;
                hessian[3] += 2 * weight * q.BySlope;
                hessian[4] += 2 * ((weight * q.BySlope * q.BySlope) + (weighted * q.BySlopeSlope));
                hessian[6] += 2 * weight * byQ;
                hessian[7] += 2 * ((weight * q.BySlope * byQ) + (weighted * q.BySlopeCurvature * factor));
                hessian[8] += 2 * ((weight * byQ * byQ) + (weighted * q.ByCurvatureCurvature * factor * factor));
            }
        }

        if (!hessian.IsEmpty)
        {
            hessian[1] = hessian[3];
            hessian[2] = hessian[6];
            hessian[5] = hessian[7];
        }

        return value;
    }

    public void PullBack(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, ReadOnlySpan<double> direction,
        ProblemGradients gradients)
    {
        int planes = Geometry.PlaneCount;
        ReadOnlySpan<double> centroid = inputs[CircleFitInput.Centroid].Slice(item * planes, planes);
        ReadOnlySpan<double> sigma = inputs[CircleFitInput.Sigma].Slice(item * planes, planes);
        ReadOnlySpan<double> presence = inputs[CircleFitInput.Presence].Slice(item * planes, planes);
        ReadOnlySpan<double> planeZ = inputs[CircleFitInput.PlaneZ];
        ReadOnlySpan<double> planeY = inputs[CircleFitInput.PlaneY];
        Span<double> toCentroid = gradients[CircleFitInput.Centroid];
        Span<double> toSigma = gradients[CircleFitInput.Sigma];
        Span<double> toPresence = gradients[CircleFitInput.Presence];
        Span<double> toZ = gradients[CircleFitInput.PlaneZ];
        Span<double> toY = gradients[CircleFitInput.PlaneY];
        double factor = Geometry.CurvaturePerQOverPt;
        for (int i = 0; i < planes; i++)
        {
            double z = Geometry.Z[i] + planeZ[i];
            CirclePoint.TryEvaluate(z, solution[TrackParameter.Slope], solution[TrackParameter.QOverPt] * factor, out CirclePoint q);
            double precision = 1 / (sigma[i] * sigma[i]);
            double residual = solution[TrackParameter.Y0] + q.Y - centroid[i] - planeY[i];

            // dS/dtheta_i = 2 w r J_i, so every mixed derivative times v is made of J v and its derivatives.
            double along = direction[0] + (q.BySlope * direction[1]) + (q.ByCurvature * factor * direction[2]);
            double byResidual = 2 * presence[i] * precision * along;
            double byPresence = -2 * precision * residual * along;
            if (!toCentroid.IsEmpty)
            {
                toCentroid[(item * planes) + i] += byResidual;
            }

            if (!toPresence.IsEmpty)
            {
                toPresence[(item * planes) + i] += byPresence;
            }

            if (!toSigma.IsEmpty)
            {
                toSigma[(item * planes) + i] -= 2 * presence[i] * byPresence / sigma[i];
            }

            if (!toZ.IsEmpty)
            {
                double alongByZ = q.InverseCosineCubed * (direction[1] + (z * factor * direction[2]));
                toZ[i] -= (byResidual * q.Tangent) + (2 * presence[i] * precision * residual * alongByZ);
            }

            if (!toY.IsEmpty)
            {
                toY[i] += byResidual;
            }
        }
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
