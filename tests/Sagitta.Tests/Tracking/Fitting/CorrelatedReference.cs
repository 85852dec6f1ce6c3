namespace Sagitta.Tests.Tracking.Fitting;

/// <summary>The fit with full covariance one event after another: what the vector lanes are held to.</summary>
internal sealed record CorrelatedReference : IImplicitSolver<CorrelatedCircleProblem>, IImplicitAdjoint<CorrelatedCircleProblem>
{
    public void Solve(in CorrelatedCircleProblem problem, ProblemInputs inputs, Span<double> solutions, Span<SolveStatus> statuses) =>
        new MinimisationSolver<CorrelatedEquations>(new()).Solve(new(problem), inputs, solutions, statuses);

    public void PullBack(in CorrelatedCircleProblem problem, ProblemInputs inputs, ReadOnlySpan<double> solutions,
        ReadOnlySpan<SolveStatus> statuses, ReadOnlySpan<double> upstream, ProblemGradients gradients) =>
        new MinimisationAdjoint<CorrelatedEquations>().PullBack(new(problem), inputs, solutions, statuses, upstream, gradients);
}

/// <summary>S of the fit with full covariance, its derivatives and those of its gradient by the inputs.</summary>
internal readonly record struct CorrelatedEquations(CorrelatedCircleProblem Problem) : IMinimisationProblem
{
    public int Items => Problem.Items;

    public int Unknowns => Problem.Unknowns;

    public SolveStatus Start(int item, ProblemInputs inputs, Span<double> solution)
    {
        int planes = Problem.Geometry.PlaneCount;
        ReadOnlySpan<double> presence = inputs[CircleFitInput.Presence].Slice(item * planes, planes);
        inputs[CorrelatedFitInput.Track].Slice(item * TrackParameter.Count, TrackParameter.Count).CopyTo(solution);
        int present = 0;
        foreach (double p in presence)
        {
            present += p >= Problem.Options.MinimumPresence ? 1 : 0;
        }

        // A diagonal fit that failed left zeros.
        bool failed = solution[TrackParameter.Y0] == 0 && solution[TrackParameter.Slope] == 0 && solution[TrackParameter.QOverPt] == 0;
        return present < Problem.Options.MinimumPlanes ? SolveStatus.TooFewPlanes : failed ? SolveStatus.OutOfRange : SolveStatus.Converged;
    }

    public double Evaluate(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, Span<double> gradient, Span<double> hessian)
    {
        int planes = Problem.Geometry.PlaneCount;
        double factor = Problem.Geometry.CurvaturePerQOverPt;
        TrackMaterial material = Problem.Material.At(inputs[CircleFitInput.PlaneZ]);
        CorrelatedWeights weights = new(stackalloc double[CorrelatedWeights.Length(planes)], planes);
        if (!TryFactor(weights, material, inputs, item))
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
        VertexConstraint vertex = Problem.Options.Vertex;
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
            CirclePoint.TryEvaluate(Problem.Geometry.Z[i] + planeZ[i], solution[TrackParameter.Slope],
                solution[TrackParameter.QOverPt] * factor,
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
        int planes = Problem.Geometry.PlaneCount;
        double factor = Problem.Geometry.CurvaturePerQOverPt;
        CorrelatedWeights weights = new(stackalloc double[CorrelatedWeights.Length(planes)], planes);
        Span<double> residual = stackalloc double[planes];
        Span<double> bySlope = stackalloc double[planes];
        Span<double> byQ = stackalloc double[planes];
        Span<double> x = stackalloc double[planes];
        Span<double> along = stackalloc double[planes];
        Span<double> b = stackalloc double[planes];
        TrackMaterial material = Problem.Material.At(inputs[CircleFitInput.PlaneZ]);
        if (!TryFactor(weights, material, inputs, item) || !TryResiduals(material, item, inputs, solution, residual, bySlope, byQ))
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
            toCentroid.AddAt((item * planes) + i, 2 * b[i]);
            toPresence.AddAt((item * planes) + i, byWeight * precision);
            toSigma.AddAt((item * planes) + i, -(2 * byWeight * presence[i] * precision / sigma[i]));
            if (!toZ.IsEmpty)
            {
                double z = Problem.Geometry.Z[i] + planeZ[i];
                CirclePoint.TryEvaluate(z, solution[TrackParameter.Slope], solution[TrackParameter.QOverPt] * factor, out CirclePoint q);
                toZ[i] -= 2 * ((b[i] * q.Tangent) + (x[i] * q.InverseCosineCubed * (direction[1] + (z * factor * direction[2]))));
            }

            toY.AddAt(i, 2 * b[i]);
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

        toTrack.AddAt((item * TrackParameter.Count) + TrackParameter.QOverPt, toM);
    }

    private static bool TryFactor(CorrelatedWeights weights, TrackMaterial material, ProblemInputs inputs, int item)
    {
        int planes = material.PlaneCount;
        return weights.TryFactor(material, inputs[CircleFitInput.Sigma].Slice(item * planes, planes),
            inputs[CircleFitInput.Presence].Slice(item * planes, planes),
            inputs[CorrelatedFitInput.Track][(item * TrackParameter.Count) + TrackParameter.QOverPt]);
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
        int planes = Problem.Geometry.PlaneCount;
        double factor = Problem.Geometry.CurvaturePerQOverPt;
        double m = inputs[CorrelatedFitInput.Track][(item * TrackParameter.Count) + TrackParameter.QOverPt];
        ReadOnlySpan<double> centroid = inputs[CircleFitInput.Centroid].Slice(item * planes, planes);
        ReadOnlySpan<double> planeZ = inputs[CircleFitInput.PlaneZ];
        ReadOnlySpan<double> planeY = inputs[CircleFitInput.PlaneY];
        for (int i = 0; i < planes; i++)
        {
            if (!CirclePoint.TryEvaluate(Problem.Geometry.Z[i] + planeZ[i], solution[TrackParameter.Slope],
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
