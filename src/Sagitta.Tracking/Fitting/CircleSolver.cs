namespace Sagitta.Tracking.Fitting;

/// <summary>
/// Fits circles in vector lanes, as many events at a time as the widest vectors of the machine hold. Every lane computes what one event
/// alone would: results have the same bits for any batch, order and width. <see cref="MinimisationSolver{TProblem}"/> is its reference.
/// </summary>
/// <param name="Width">Events at a time: 8, 4, 2 or 1; 0 takes the widest that is accelerated.</param>
internal sealed record CircleSolver(int Width = 0) : IImplicitSolver<CircleProblem>
{
    // Smallest pivot of the normal equations relative to its diagonal element at which planes still determine a track.
    internal const double SingularPivot = 1e-12;

    public void Solve(in CircleProblem problem, ProblemInputs inputs, Span<double> solutions, Span<SolveStatus> statuses) =>
        VectorDispatch.Run<Groups, double>(new(problem, inputs, solutions, statuses), Width);

    // As many events at a time as there are lanes.
    private readonly unsafe ref struct Groups(CircleProblem problem, ProblemInputs inputs, Span<double> solutions,
        Span<SolveStatus> statuses)
        : IKernel<double>
    {
        private readonly ProblemInputs _inputs = inputs;
        private readonly Span<double> _solutions = solutions;
        private readonly Span<SolveStatus> _statuses = statuses;

        public void Run<TLanes>()
            where TLanes : unmanaged, ILanes<TLanes, double>
        {
            int planes = problem.Geometry.PlaneCount;
            int lanes = TLanes.Count;
            ReadOnlySpan<double> centroid = _inputs[CircleFitInput.Centroid];
            ReadOnlySpan<double> sigma = _inputs[CircleFitInput.Sigma];
            ReadOnlySpan<double> presence = _inputs[CircleFitInput.Presence];
            double* z = stackalloc double[planes];
            double* shift = stackalloc double[planes];
            bool placed = Place(problem.Geometry, _inputs, z, shift);
            double* y = stackalloc double[planes * lanes];
            double* weights = stackalloc double[planes * lanes];
            double* errors = stackalloc double[planes * lanes];
            double* codes = stackalloc double[lanes];
            double* result = stackalloc double[TrackParameter.Count * lanes];
            TLanes finite = TLanes.Broadcast(double.MaxValue);
            TLanes minimumPresence = TLanes.Broadcast(problem.Options.MinimumPresence);
            TLanes one = TLanes.Broadcast(1);
            TLanes zero = TLanes.Broadcast(0);
            for (int first = 0; first < problem.Items; first += lanes)
            {
                CircleTile.Gather(centroid, planes, first, lanes, y);
                CircleTile.Gather(sigma, planes, first, lanes, errors);
                CircleTile.Gather(presence, planes, first, lanes, weights);
                TLanes checksum = zero;
                TLanes present = zero;
                for (int i = 0; i < planes; i++)
                {
                    int o = i * lanes;
                    TLanes p = TLanes.Load(weights + o);
                    TLanes s = TLanes.Load(errors + o);
                    TLanes w = p / (s * s);
                    TLanes shifted = TLanes.Load(y + o) + TLanes.Broadcast(shift[i]);
                    TLanes.Store(w, weights + o);
                    TLanes.Store(shifted, y + o);
                    present += TLanes.Select(TLanes.LessOrEqual(minimumPresence, p), one, zero);
                    checksum += TLanes.Abs(w * shifted);
                }

                // Bad events are given a status and no step; what they hold cannot reach other lanes.
                TLanes good = placed ? TLanes.LessOrEqual(checksum, finite) : zero;
                TLanes enough = TLanes.LessOrEqual(TLanes.Broadcast(problem.Options.MinimumPlanes), present);
                TLanes fitted = TLanes.And(good, enough);
                TLanes code = TLanes.Select(good, TLanes.Broadcast((double)SolveStatus.TooFewPlanes),
                    TLanes.Broadcast((double)SolveStatus.OutOfRange));
                CircleLanes<TLanes> circle = default;
                if (TLanes.Any(fitted))
                {
                    IndependentPlanes<TLanes> system = new(planes, z, y, weights, problem.Options.Vertex);
                    circle = CircleDescent<TLanes, IndependentPlanes<TLanes>>.Minimise(
                        system, fitted, problem.Options.MaximumSteps, SingularPivot, codes);
                    code = TLanes.Select(fitted, TLanes.Load(codes), code);
                }

                TLanes.Store(code, codes);
                TLanes solved = TLanes.And(fitted, TLanes.LessOrEqual(code, zero));

                // Zeros stand for a fit that failed: a track at exactly y = 0 keeps apart from them by less than any measurement.
                TLanes apart = TLanes.Select(TLanes.LessOrEqual(TLanes.Abs(circle.Y0), zero), TLanes.Broadcast(1e-300), circle.Y0);
                TLanes.Store(TLanes.Select(solved, apart, zero), result);
                TLanes.Store(TLanes.Select(solved, circle.Slope, zero), result + lanes);
                TLanes.Store(TLanes.Select(solved, circle.Curvature / TLanes.Broadcast(problem.Geometry.CurvaturePerQOverPt), zero),
                    result + (2 * lanes));
                Scatter(result, codes, first, lanes, problem.Items, _solutions, _statuses);
            }
        }
    }

    /// <summary>Writes the tracks and status codes of a group to their rows.</summary>
    internal static unsafe void Scatter(double* track, double* codes, int first, int lanes, int items, Span<double> solutions,
        Span<SolveStatus> statuses)
    {
        int count = Math.Min(lanes, items - first);
        for (int lane = 0; lane < count; lane++)
        {
            int o = (first + lane) * TrackParameter.Count;
            solutions[o] = track[lane];
            solutions[o + 1] = track[lanes + lane];
            solutions[o + 2] = track[(2 * lanes) + lane];
            statuses[first + lane] = (SolveStatus)codes[lane];
        }
    }

    // Planes where the inputs put them; false if that is not finite.
    internal static unsafe bool Place(CircleGeometry geometry, ProblemInputs inputs, double* z, double* shift)
    {
        ReadOnlySpan<double> planeZ = inputs[CircleFitInput.PlaneZ];
        ReadOnlySpan<double> planeY = inputs[CircleFitInput.PlaneY];
        bool finite = true;
        for (int i = 0; i < geometry.PlaneCount; i++)
        {
            z[i] = geometry.Z[i] + planeZ[i];
            shift[i] = planeY[i];
            finite &= double.IsFinite(z[i]) && double.IsFinite(shift[i]);
        }

        return finite;
    }
}

/// <summary>
/// The implicit gradient of circle fits in vector lanes, with the exact Hessian. <see cref="MinimisationAdjoint{TProblem}"/> is its
/// reference.
/// </summary>
/// <param name="Width">Events at a time: 8, 4, 2 or 1; 0 takes the widest that is accelerated.</param>
internal sealed record CircleAdjoint(int Width = 0) : IImplicitAdjoint<CircleProblem>
{
    public void PullBack(in CircleProblem problem, ProblemInputs inputs, ReadOnlySpan<double> solutions,
        ReadOnlySpan<SolveStatus> statuses, ReadOnlySpan<double> upstream, ProblemGradients gradients) =>
        VectorDispatch.Run<Groups, double>(new(problem, inputs, solutions, statuses, upstream, gradients), Width);

    // As many events at a time as there are lanes.
    private readonly unsafe ref struct Groups(CircleProblem problem, ProblemInputs inputs, ReadOnlySpan<double> solutions,
        ReadOnlySpan<SolveStatus> statuses, ReadOnlySpan<double> upstream, ProblemGradients gradients)
        : IKernel<double>
    {
        private readonly ProblemInputs _inputs = inputs;
        private readonly ReadOnlySpan<double> _solutions = solutions;
        private readonly ReadOnlySpan<SolveStatus> _statuses = statuses;
        private readonly ReadOnlySpan<double> _upstream = upstream;
        private readonly ProblemGradients _gradients = gradients;

        public void Run<TLanes>()
            where TLanes : unmanaged, ILanes<TLanes, double>
        {
            int planes = problem.Geometry.PlaneCount;
            int lanes = TLanes.Count;
            int stride = planes * lanes;
            double* z = stackalloc double[planes];
            double* shift = stackalloc double[planes];
            CircleSolver.Place(problem.Geometry, _inputs, z, shift);
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
            Span<double> planeZ = _gradients[CircleFitInput.PlaneZ];
            Span<double> planeY = _gradients[CircleFitInput.PlaneY];
            for (int first = 0; first < problem.Items; first += lanes)
            {
                int count = Math.Min(lanes, problem.Items - first);
                CircleTile.Gather(_inputs[CircleFitInput.Centroid], planes, first, lanes, y);
                CircleTile.Gather(_inputs[CircleFitInput.Sigma], planes, first, lanes, sigma);
                CircleTile.Gather(_inputs[CircleFitInput.Presence], planes, first, lanes, presence);
                for (int i = 0; i < planes; i++)
                {
                    TLanes.Store(TLanes.Load(y + (i * lanes)) + TLanes.Broadcast(shift[i]), y + (i * lanes));
                }

                CircleTile.Gather(_solutions, TrackParameter.Count, first, lanes, track);
                CircleTile.GatherConverged(_upstream, _statuses, first, lanes, wanted);
                CirclePullBack<TLanes>.Run(
                    planes, z, problem.Geometry.CurvaturePerQOverPt, problem.Options.Vertex.Weight, y, sigma, presence, track, wanted,
                        toCentroid, toSigma, toPresence, toZ, work);
                CircleTile.AddTo(_gradients[CircleFitInput.Centroid], planes, first, lanes, toCentroid);
                CircleTile.AddTo(_gradients[CircleFitInput.Sigma], planes, first, lanes, toSigma);
                CircleTile.AddTo(_gradients[CircleFitInput.Presence], planes, first, lanes, toPresence);
                CircleTile.AddColumns(planeZ, count, lanes, toZ);
                CircleTile.AddColumns(planeY, count, lanes, toCentroid);
            }
        }
    }
}
