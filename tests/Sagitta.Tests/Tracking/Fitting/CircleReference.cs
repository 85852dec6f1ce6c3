namespace Sagitta.Tests.Tracking.Fitting;

/// <summary>The circle fit one event after another, in plain arithmetic, equation by equation: what the vector lanes are held to.</summary>
internal sealed record CircleReference : IImplicitSolver<CircleProblem>, IImplicitAdjoint<CircleProblem>
{
    public void Solve(in CircleProblem problem, ProblemInputs inputs, Span<double> solutions, Span<SolveStatus> statuses) =>
        new MinimisationSolver<CircleEquations>(new()).Solve(new(problem), inputs, solutions, statuses);

    public void PullBack(in CircleProblem problem, ProblemInputs inputs, ReadOnlySpan<double> solutions, ReadOnlySpan<SolveStatus> statuses,
        ReadOnlySpan<double> upstream, ProblemGradients gradients) =>
        new MinimisationAdjoint<CircleEquations>().PullBack(new(problem), inputs, solutions, statuses, upstream, gradients);
}

/// <summary>S of the circle fit, its derivatives and those of its gradient by the inputs.</summary>
internal readonly record struct CircleEquations(CircleProblem Problem) : IMinimisationProblem
{
    public int Items => Problem.Items;

    public int Unknowns => Problem.Unknowns;

    public SolveStatus Start(int item, ProblemInputs inputs, Span<double> solution) => Problem.Start(item, inputs, solution);

    public double Evaluate(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, Span<double> gradient, Span<double> hessian)
    {
        int planes = Problem.Geometry.PlaneCount;
        ReadOnlySpan<double> centroid = inputs[CircleFitInput.Centroid].Slice(item * planes, planes);
        ReadOnlySpan<double> sigma = inputs[CircleFitInput.Sigma].Slice(item * planes, planes);
        ReadOnlySpan<double> presence = inputs[CircleFitInput.Presence].Slice(item * planes, planes);
        ReadOnlySpan<double> planeZ = inputs[CircleFitInput.PlaneZ];
        ReadOnlySpan<double> planeY = inputs[CircleFitInput.PlaneY];
        double factor = Problem.Geometry.CurvaturePerQOverPt;
        VertexConstraint vertex = Problem.Options.Vertex;
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
            if (!CirclePoint.TryEvaluate(Problem.Geometry.Z[i] + planeZ[i], solution[TrackParameter.Slope],
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
        int planes = Problem.Geometry.PlaneCount;
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
        double factor = Problem.Geometry.CurvaturePerQOverPt;
        for (int i = 0; i < planes; i++)
        {
            double z = Problem.Geometry.Z[i] + planeZ[i];
            CirclePoint.TryEvaluate(z, solution[TrackParameter.Slope], solution[TrackParameter.QOverPt] * factor, out CirclePoint q);
            double precision = 1 / (sigma[i] * sigma[i]);
            double residual = solution[TrackParameter.Y0] + q.Y - centroid[i] - planeY[i];

            // dS/dtheta_i = 2 w r J_i, so every mixed derivative times v is made of J v and its derivatives.
            double along = direction[0] + (q.BySlope * direction[1]) + (q.ByCurvature * factor * direction[2]);
            double byResidual = 2 * presence[i] * precision * along;
            double byPresence = -2 * precision * residual * along;
            toCentroid.AddAt((item * planes) + i, byResidual);
            toPresence.AddAt((item * planes) + i, byPresence);
            toSigma.AddAt((item * planes) + i, -(2 * presence[i] * byPresence / sigma[i]));
            if (!toZ.IsEmpty)
            {
                double alongByZ = q.InverseCosineCubed * (direction[1] + (z * factor * direction[2]));
                toZ[i] -= (byResidual * q.Tangent) + (2 * presence[i] * precision * residual * alongByZ);
            }

            toY.AddAt(i, byResidual);
        }
    }
}
