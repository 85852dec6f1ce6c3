namespace Sagitta.Tracking.Fitting;

/// <summary>
/// The circle fit with full covariance: theta minimises S = r^T V^-1 r with r_i = q_i(theta) + delta_i - C_i and V = diag(sigma_i^2 / p_i)
/// + m^2 U. U is the scattering of 1 GeV, delta_i = f m |m| B_i the median loss of energy as extra bending, and m = q/pT of the converged
/// diagonal fit, an input that is differentiated. U and B move with the planes, see <see cref="TrackMaterial.At"/>. V^-1 is W^1/2 (1 +
/// W^1/2 m^2 U W^1/2)^-1 W^1/2 with W = diag(p / sigma^2), which stays regular when planes leave.
/// </summary>
/// <param name="Geometry">Planes and field.</param>
/// <param name="Material">Scattering and loss.</param>
/// <param name="Items">Number of events.</param>
/// <param name="Options">What counts as too few planes.</param>
internal readonly record struct CorrelatedCircleProblem(
    CircleGeometry Geometry, TrackMaterial Material, int Items, CircleFitOptions Options) : IMinimisationProblem
{
    public int Unknowns => TrackParameter.Count;

    public SolveStatus Start(int item, ProblemInputs inputs, Span<double> solution)
    {
        int planes = Geometry.PlaneCount;
        ReadOnlySpan<double> presence = inputs[CircleFitInput.Presence].Slice(item * planes, planes);
        inputs[CorrelatedFitInput.Track].Slice(item * TrackParameter.Count, TrackParameter.Count).CopyTo(solution);
        int present = 0;
        foreach (double p in presence)
        {
            present += p >= Options.MinimumPresence ? 1 : 0;
        }

        // A diagonal fit that failed left zeros.
        bool failed = solution[TrackParameter.Y0] == 0 && solution[TrackParameter.Slope] == 0 && solution[TrackParameter.QOverPt] == 0;
        return present < Options.MinimumPlanes ? SolveStatus.TooFewPlanes : failed ? SolveStatus.OutOfRange : SolveStatus.Converged;
    }

    public double Evaluate(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, Span<double> gradient, Span<double> hessian)
    {
        int planes = Geometry.PlaneCount;
        double factor = Geometry.CurvaturePerQOverPt;
        TrackMaterial material = Material.At(inputs[CircleFitInput.PlaneZ]);
        CorrelatedWeights weights = new(stackalloc double[CorrelatedWeights.Length(planes)], planes);
        if (!weights.TryFactor(material, inputs, item))
        {
            return double.PositiveInfinity;
        }

        Span<double> residual = stackalloc double[planes];
        Span<double> weighted = stackalloc double[planes];
        Span<double> bySlope = stackalloc double[planes];
        Span<double> byQ = stackalloc double[planes];
        Span<double> ones = stackalloc double[planes];
        double slopeSlope = 0, slopeQ = 0, qq = 0;
        if (!TryResiduals(material, item, inputs, solution, residual, bySlope, byQ))
        {
            return double.PositiveInfinity;
        }

        weights.Apply(residual, weighted);
        VertexConstraint vertex = Options.Vertex;
        double fromVertex = solution[TrackParameter.Y0] - vertex.Y;
        double value = Dot(residual, weighted) + (vertex.Weight * fromVertex * fromVertex);
        if (gradient.IsEmpty)
        {
            return value;
        }

        ones.Fill(1);
        gradient[0] = 2 * (Dot(ones, weighted) + (vertex.Weight * fromVertex));
        gradient[1] = 2 * Dot(bySlope, weighted);
        gradient[2] = 2 * Dot(byQ, weighted);
        if (hessian.IsEmpty)
        {
            return value;
        }

        ReadOnlySpan<double> planeZ = inputs[CircleFitInput.PlaneZ];
        for (int i = 0; i < planes; i++)
        {
            CirclePoint.TryEvaluate(Geometry.Z[i] + planeZ[i], solution[TrackParameter.Slope], solution[TrackParameter.QOverPt] * factor,
                out CirclePoint q);
            slopeSlope += weighted[i] * q.BySlopeSlope;
            slopeQ += weighted[i] * q.BySlopeCurvature * factor;
            qq += weighted[i] * q.ByCurvatureCurvature * factor * factor;
        }

        weights.Apply(ones, weighted);
        hessian[0] = 2 * (Dot(ones, weighted) + vertex.Weight);
        hessian[1] = hessian[3] = 2 * Dot(bySlope, weighted);
        hessian[2] = hessian[6] = 2 * Dot(byQ, weighted);
        weights.Apply(bySlope, weighted);
        hessian[4] = 2 * (Dot(bySlope, weighted) + slopeSlope);
        hessian[5] = hessian[7] = 2 * (Dot(byQ, weighted) + slopeQ);
        weights.Apply(byQ, weighted);
        hessian[8] = 2 * (Dot(byQ, weighted) + qq);
        return value;
    }

    public void PullBack(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, ReadOnlySpan<double> direction,
        ProblemGradients gradients)
    {
        int planes = Geometry.PlaneCount;
        double factor = Geometry.CurvaturePerQOverPt;
        CorrelatedWeights weights = new(stackalloc double[CorrelatedWeights.Length(planes)], planes);
        Span<double> residual = stackalloc double[planes];
        Span<double> bySlope = stackalloc double[planes];
        Span<double> byQ = stackalloc double[planes];
        Span<double> x = stackalloc double[planes];
        Span<double> along = stackalloc double[planes];
        Span<double> b = stackalloc double[planes];
        TrackMaterial material = Material.At(inputs[CircleFitInput.PlaneZ]);
        if (!weights.TryFactor(material, inputs, item) || !TryResiduals(material, item, inputs, solution, residual, bySlope, byQ))
        {
            return;
        }

        // dS/dtheta . v = 2 a^T V^-1 r with a = J v; with x = V^-1 r and b = V^-1 a its derivative by V is -2 b^T dV x.
        for (int i = 0; i < planes; i++)
        {
            along[i] = direction[0] + (bySlope[i] * direction[1]) + (byQ[i] * direction[2]);
        }

        weights.Apply(residual, x);
        weights.Apply(along, b);
        double m = inputs[CorrelatedFitInput.Track][(item * TrackParameter.Count) + TrackParameter.QOverPt];
        ReadOnlySpan<double> sigma = inputs[CircleFitInput.Sigma].Slice(item * planes, planes);
        ReadOnlySpan<double> presence = inputs[CircleFitInput.Presence].Slice(item * planes, planes);
        ReadOnlySpan<double> planeZ = inputs[CircleFitInput.PlaneZ];
        Span<double> toCentroid = gradients[CircleFitInput.Centroid];
        Span<double> toSigma = gradients[CircleFitInput.Sigma];
        Span<double> toPresence = gradients[CircleFitInput.Presence];
        Span<double> toZ = gradients[CircleFitInput.PlaneZ];
        Span<double> toY = gradients[CircleFitInput.PlaneY];
        Span<double> toTrack = gradients[CorrelatedFitInput.Track];
        double toM = 0;
        for (int i = 0; i < planes; i++)
        {
            double scatteredX = 0;
            double scatteredB = 0;
            for (int j = 0; j < planes; j++)
            {
                scatteredX += material.Scattering[(i * planes) + j] * x[j];
                scatteredB += material.Scattering[(i * planes) + j] * b[j];
            }

            toM += (4 * m * b[i] * scatteredX) - (4 * factor * Math.Abs(m) * b[i] * material.Bending[i]);

            // x / w and b / w without dividing: they stay finite for planes without weight.
            double byWeight = -2 * (residual[i] - (m * m * scatteredX)) * (along[i] - (m * m * scatteredB));
            double precision = 1 / (sigma[i] * sigma[i]);
            if (!toCentroid.IsEmpty)
            {
                toCentroid[(item * planes) + i] += 2 * b[i];
            }

            if (!toPresence.IsEmpty)
            {
                toPresence[(item * planes) + i] += byWeight * precision;
            }

            if (!toSigma.IsEmpty)
            {
                toSigma[(item * planes) + i] -= 2 * byWeight * presence[i] * precision / sigma[i];
            }

            if (!toZ.IsEmpty)
            {
                double z = Geometry.Z[i] + planeZ[i];
                CirclePoint.TryEvaluate(z, solution[TrackParameter.Slope], solution[TrackParameter.QOverPt] * factor, out CirclePoint q);
                toZ[i] -= 2 * ((b[i] * q.Tangent) + (x[i] * q.InverseCosineCubed * (direction[1] + (z * factor * direction[2]))));
            }

            if (!toY.IsEmpty)
            {
                toY[i] += 2 * b[i];
            }
        }

        if (!toZ.IsEmpty)
        {
            // dS/dtheta . v changes by -2 m^2 b^T dU x, and by 2 f m |m| b^T dB.
            Span<double> onScattering = stackalloc double[planes * planes];
            Span<double> onBending = stackalloc double[planes];
            for (int i = 0; i < planes; i++)
            {
                onBending[i] = -2 * factor * m * Math.Abs(m) * b[i];
                for (int j = 0; j < planes; j++)
                {
                    onScattering[(i * planes) + j] = 2 * m * m * b[i] * x[j];
                }
            }

            material.PullBack(onScattering, onBending, toZ);
        }

        if (!toTrack.IsEmpty)
        {
            toTrack[(item * TrackParameter.Count) + TrackParameter.QOverPt] += toM;
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private bool TryResiduals(TrackMaterial material, int item, ProblemInputs inputs, ReadOnlySpan<double> solution, Span<double> residual,
        Span<double> bySlope, Span<double> byQ)
    {
        int planes = Geometry.PlaneCount;
        double factor = Geometry.CurvaturePerQOverPt;
        double m = inputs[CorrelatedFitInput.Track][(item * TrackParameter.Count) + TrackParameter.QOverPt];
        ReadOnlySpan<double> centroid = inputs[CircleFitInput.Centroid].Slice(item * planes, planes);
        ReadOnlySpan<double> planeZ = inputs[CircleFitInput.PlaneZ];
        ReadOnlySpan<double> planeY = inputs[CircleFitInput.PlaneY];
        for (int i = 0; i < planes; i++)
        {
            if (!CirclePoint.TryEvaluate(Geometry.Z[i] + planeZ[i], solution[TrackParameter.Slope],
                solution[TrackParameter.QOverPt] * factor, out CirclePoint q))
            {
                return false;
            }

            residual[i] = solution[TrackParameter.Y0] + q.Y + (factor * m * Math.Abs(m) * material.Bending[i]) - centroid[i] - planeY[i];
            bySlope[i] = q.BySlope;
            byQ[i] = q.ByCurvature * factor;
        }

        return true;
    }
}
