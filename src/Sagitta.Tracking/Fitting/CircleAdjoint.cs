namespace Sagitta.Tracking.Fitting;

/// <summary>
/// The implicit gradient of circle fits in vector lanes, with the exact Hessian. <see cref="MinimisationAdjoint{TProblem}"/> is its
/// reference.
/// </summary>
/// <param name="Width">Events at a time: 8, 4, 2 or 1; 0 takes the widest that is accelerated.</param>
internal sealed record CircleAdjoint(int Width = 0) : IImplicitAdjoint<CircleProblem>
{
    /// <inheritdoc />
    public void PullBack(
        in CircleProblem problem,
        ProblemInputs inputs,
        ReadOnlySpan<double> solutions,
        ReadOnlySpan<SolveStatus> statuses,
        ReadOnlySpan<double> upstream,
        ProblemGradients gradients)
    {
        switch (Width == 0 ? CircleSolver.WidestAccelerated : Width)
        {
            case 8:
                PullBack<Lanes512<double>>(problem, inputs, solutions, statuses, upstream, gradients);
                break;
            case 4:
                PullBack<Lanes256<double>>(problem, inputs, solutions, statuses, upstream, gradients);
                break;
            case 2:
                PullBack<Lanes128<double>>(problem, inputs, solutions, statuses, upstream, gradients);
                break;
            case 1:
                PullBack<SingleLane<double>>(problem, inputs, solutions, statuses, upstream, gradients);
                break;
            default:
                throw new InvalidOperationException($"A width of {Width} events does not exist: choose 8, 4, 2, 1 or 0 for the widest.");
        }
    }

    private static unsafe void PullBack<TLanes>(
        in CircleProblem problem,
        ProblemInputs inputs,
        ReadOnlySpan<double> solutions,
        ReadOnlySpan<SolveStatus> statuses,
        ReadOnlySpan<double> upstream,
        ProblemGradients gradients)
        where TLanes : unmanaged, ILanes<TLanes, double>
    {
        int planes = problem.Geometry.PlaneCount;
        int lanes = TLanes.Count;
        int stride = planes * lanes;
        double* z = stackalloc double[planes];
        double* shift = stackalloc double[planes];
        CircleSolver.Place(problem.Geometry, inputs, z, shift);
        double* tile = stackalloc double[13 * stride];
        double* track = stackalloc double[TrackParameter.Count * lanes];
        double* wanted = stackalloc double[TrackParameter.Count * lanes];
        double* y = tile;
        double* sigma = tile + stride;
        double* presence = tile + (2 * stride);
        double* toCentroid = tile + (3 * stride);
        double* toSigma = tile + (4 * stride);
        double* toPresence = tile + (5 * stride);
        double* toZ = tile + (6 * stride);
        double* work = tile + (7 * stride);
        Span<double> planeZ = gradients[CircleFitInput.PlaneZ];
        Span<double> planeY = gradients[CircleFitInput.PlaneY];
        for (int first = 0; first < problem.Items; first += lanes)
        {
            int count = Math.Min(lanes, problem.Items - first);
            CircleTile.Gather(inputs[CircleFitInput.Centroid], planes, first, lanes, y);
            CircleTile.Gather(inputs[CircleFitInput.Sigma], planes, first, lanes, sigma);
            CircleTile.Gather(inputs[CircleFitInput.Presence], planes, first, lanes, presence);
            for (int i = 0; i < planes; i++)
            {
                TLanes.Store(TLanes.Load(y + (i * lanes)) + TLanes.Broadcast(shift[i]), y + (i * lanes));
            }

            CircleTile.Gather(solutions, TrackParameter.Count, first, lanes, track);
            CircleTile.GatherConverged(upstream, statuses, first, lanes, wanted);
            CirclePullBack<TLanes>.Run(
                planes, z, problem.Geometry.CurvaturePerQOverPt, problem.Options.Vertex.Weight, y, sigma, presence, track, wanted,
                    toCentroid, toSigma, toPresence, toZ, work);
            CircleTile.AddTo(gradients[CircleFitInput.Centroid], planes, first, lanes, toCentroid);
            CircleTile.AddTo(gradients[CircleFitInput.Sigma], planes, first, lanes, toSigma);
            CircleTile.AddTo(gradients[CircleFitInput.Presence], planes, first, lanes, toPresence);
            CircleTile.AddColumns(planeZ, count, lanes, toZ);
            CircleTile.AddColumns(planeY, count, lanes, toCentroid);
        }
    }
}
