namespace Sagitta.Tracking.Fitting;

/// <summary>
/// Fits circles with full covariance in vector lanes. Every lane computes what one event alone would: results have the same bits for any
/// batch, order and width. <see cref="MinimisationSolver{TProblem}"/> is its reference.
/// </summary>
/// <param name="Width">Events at a time: 8, 4, 2 or 1; 0 takes the widest that is accelerated.</param>
internal sealed record CorrelatedSolver(int Width = 0) : IImplicitSolver<CorrelatedCircleProblem>
{
    public void Solve(in CorrelatedCircleProblem problem, ProblemInputs inputs, Span<double> solutions, Span<SolveStatus> statuses) =>
        VectorDispatch.Run<Groups, double>(new(problem, inputs, solutions, statuses), Width);

    // As many events at a time as there are lanes.
    private readonly unsafe ref struct Groups(CorrelatedCircleProblem problem, ProblemInputs inputs, Span<double> solutions,
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
            int stride = planes * lanes;
            double* z = stackalloc double[planes];
            double* shift = stackalloc double[planes];
            bool placed = CircleSolver.Place(problem.Geometry, _inputs, z, shift);
            TrackMaterial material = problem.Material.At(_inputs[CircleFitInput.PlaneZ]);
            double* memory = stackalloc double[(3 * stride) + (ScatteredPlanes<TLanes>.Work(planes) * lanes)];
            double* y = memory;
            double* roots = memory + stride;
            double* presence = memory + (2 * stride);
            double* work = memory + (3 * stride);
            double* track = stackalloc double[TrackParameter.Count * lanes];
            double* codes = stackalloc double[lanes];
            TLanes zero = TLanes.Broadcast(0);
            TLanes finite = TLanes.Broadcast(double.MaxValue);
            TLanes minimumPresence = TLanes.Broadcast(problem.Options.MinimumPresence);
            TLanes factor = TLanes.Broadcast(problem.Geometry.CurvaturePerQOverPt);
            for (int first = 0; first < problem.Items; first += lanes)
            {
                CircleTile.Gather(_inputs[CircleFitInput.Centroid], planes, first, lanes, y);
                CircleTile.Gather(_inputs[CircleFitInput.Sigma], planes, first, lanes, roots);
                CircleTile.Gather(_inputs[CircleFitInput.Presence], planes, first, lanes, presence);
                CircleTile.Gather(_inputs[CorrelatedFitInput.Track], TrackParameter.Count, first, lanes, track);
                CircleLanes<TLanes> start;
                start.Y0 = TLanes.Load(track);
                start.Slope = TLanes.Load(track + lanes);
                TLanes m = TLanes.Load(track + (2 * lanes));
                start.Curvature = m * factor;
                TLanes present = Prepare<TLanes>(problem.Geometry, material, shift, m, y, roots, presence, minimumPresence,
                    out TLanes checksum);

                // Bad events are given a status and no step; a diagonal fit that failed left zeros.
                TLanes begun = TLanes.LessThan(zero, TLanes.Abs(start.Y0) + TLanes.Abs(start.Slope) + TLanes.Abs(m));
                TLanes good = placed ? TLanes.And(begun, TLanes.LessOrEqual(checksum, finite)) : zero;
                TLanes enough = TLanes.LessOrEqual(TLanes.Broadcast(problem.Options.MinimumPlanes), present);
                TLanes fitted = TLanes.And(good, enough);
                TLanes code = TLanes.Select(enough, TLanes.Broadcast((double)SolveStatus.OutOfRange),
                    TLanes.Broadcast((double)SolveStatus.TooFewPlanes));
                CircleLanes<TLanes> circle = start;
                if (TLanes.Any(fitted))
                {
                    ScatteredPlanes<TLanes> system = new(planes, z, y, roots, material.Scattering, m, start, problem.Options.Vertex, work);
                    circle = CircleDescent<TLanes, ScatteredPlanes<TLanes>>.Minimise(
                        system, fitted, problem.Options.MaximumSteps, CircleSolver.SingularPivot, codes);
                    code = TLanes.Select(fitted, TLanes.Load(codes), code);
                }

                TLanes.Store(code, codes);
                TLanes solved = TLanes.And(fitted, TLanes.LessOrEqual(code, zero));
                TLanes.Store(TLanes.Select(solved, circle.Y0, zero), track);
                TLanes.Store(TLanes.Select(solved, circle.Slope, zero), track + lanes);
                TLanes.Store(TLanes.Select(solved, circle.Curvature / factor, zero), track + (2 * lanes));
                CircleSolver.Scatter(track, codes, first, lanes, problem.Items, _solutions, _statuses);
            }
        }
    }

    /// <summary>
    /// Turns sigma into sqrt(presence) / sigma in place, and centroids into what is fitted: shifted with their planes, less what loss of
    /// energy bends. Returns how many planes are present; <paramref name="checksum"/> is not finite where anything is not.
    /// </summary>
    internal static unsafe TLanes Prepare<TLanes>(CircleGeometry geometry, TrackMaterial material, double* shift, TLanes m, double* y,
        double* roots, double* presence, TLanes minimumPresence, out TLanes checksum)
        where TLanes : unmanaged, ILanes<TLanes, double>
    {
        int lanes = TLanes.Count;
        TLanes zero = TLanes.Broadcast(0);
        TLanes one = TLanes.Broadcast(1);
        TLanes loss = m * TLanes.Abs(m) * TLanes.Broadcast(geometry.CurvaturePerQOverPt);
        ReadOnlySpan<double> bending = material.Bending;
        TLanes present = zero;
        checksum = zero;
        for (int i = 0; i < bending.Length; i++)
        {
            int o = i * lanes;
            TLanes p = TLanes.Load(presence + o);
            TLanes root = TLanes.Sqrt(p) / TLanes.Load(roots + o);
            TLanes fitted = TLanes.Load(y + o) + TLanes.Broadcast(shift[i]) - (loss * TLanes.Broadcast(bending[i]));
            TLanes.Store(root, roots + o);
            TLanes.Store(fitted, y + o);
            present += TLanes.Select(TLanes.LessOrEqual(minimumPresence, p), one, zero);
            checksum += TLanes.Abs(root * root * fitted);
        }

        return present;
    }
}

/// <summary>
/// The implicit gradient of fits with full covariance in vector lanes, with the exact Hessian. <see cref="MinimisationAdjoint{TProblem}"/>
/// is its reference.
/// </summary>
/// <param name="Width">Events at a time: 8, 4, 2 or 1; 0 takes the widest that is accelerated.</param>
internal sealed record CorrelatedAdjoint(int Width = 0) : IImplicitAdjoint<CorrelatedCircleProblem>
{
    // What the pull-back keeps beside the covariance, in vectors of planes.
    private const int Vectors = 10;

    public void PullBack(in CorrelatedCircleProblem problem, ProblemInputs inputs, ReadOnlySpan<double> solutions,
        ReadOnlySpan<SolveStatus> statuses, ReadOnlySpan<double> upstream, ProblemGradients gradients) =>
        VectorDispatch.Run<Groups, double>(new(problem, inputs, solutions, statuses, upstream, gradients), Width);

    // As many events at a time as there are lanes.
    private readonly unsafe ref struct Groups(CorrelatedCircleProblem problem, ProblemInputs inputs, ReadOnlySpan<double> solutions,
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
            TrackMaterial material = problem.Material.At(_inputs[CircleFitInput.PlaneZ]);
            double* memory = stackalloc double[(Vectors * stride) + (ScatteredPlanes<TLanes>.Work(planes) * lanes)];
            double* y = memory;
            double* roots = memory + stride;
            double* sigma = memory + (2 * stride);
            double* presence = memory + (3 * stride);
            double* results = memory + (4 * stride);
            double* work = memory + (Vectors * stride);
            double* first3 = stackalloc double[TrackParameter.Count * lanes];
            double* track = stackalloc double[TrackParameter.Count * lanes];
            double* wanted = stackalloc double[TrackParameter.Count * lanes];
            double* toMomentum = stackalloc double[lanes];
            Span<double> planeZ = _gradients[CircleFitInput.PlaneZ];
            Span<double> planeY = _gradients[CircleFitInput.PlaneY];
            Span<double> toTrack = _gradients[CorrelatedFitInput.Track];
            Span<double> onScattering = stackalloc double[planeZ.Length * planeZ.Length];
            Span<double> onBending = stackalloc double[planeZ.Length];
            onScattering.Clear();
            onBending.Clear();
            for (int first = 0; first < problem.Items; first += lanes)
            {
                int count = Math.Min(lanes, problem.Items - first);
                CircleTile.Gather(_inputs[CircleFitInput.Centroid], planes, first, lanes, y);
                CircleTile.Gather(_inputs[CircleFitInput.Sigma], planes, first, lanes, sigma);
                CircleTile.Gather(_inputs[CircleFitInput.Sigma], planes, first, lanes, roots);
                CircleTile.Gather(_inputs[CircleFitInput.Presence], planes, first, lanes, presence);
                CircleTile.Gather(_inputs[CorrelatedFitInput.Track], TrackParameter.Count, first, lanes, first3);
                CircleTile.Gather(_solutions, TrackParameter.Count, first, lanes, track);
                CircleTile.GatherConverged(_upstream, _statuses, first, lanes, wanted);

                TLanes m = TLanes.Load(first3 + (2 * lanes));
                CorrelatedSolver.Prepare(problem.Geometry, material, shift, m, y, roots, presence, TLanes.Broadcast(0), out _);
                CircleLanes<TLanes> circle;
                circle.Y0 = TLanes.Load(track);
                circle.Slope = TLanes.Load(track + lanes);
                circle.Curvature = TLanes.Load(track + (2 * lanes)) * TLanes.Broadcast(problem.Geometry.CurvaturePerQOverPt);
                ScatteredPlanes<TLanes> system = new(planes, z, y, roots, material.Scattering, m, circle, problem.Options.Vertex, work);
                ScatteredPullBack<TLanes>.Run(problem.Geometry, material, system, z, y, sigma, presence, m, circle, wanted, results,
                    toMomentum);
                CircleTile.AddTo(_gradients[CircleFitInput.Centroid], planes, first, lanes, results);
                CircleTile.AddTo(_gradients[CircleFitInput.Sigma], planes, first, lanes, results + stride);
                CircleTile.AddTo(_gradients[CircleFitInput.Presence], planes, first, lanes, results + (2 * stride));
                CircleTile.AddColumns(planeZ, count, lanes, results + (3 * stride));
                CircleTile.AddColumns(planeY, count, lanes, results);
                for (int lane = 0; lane < count && !toTrack.IsEmpty; lane++)
                {
                    toTrack[((first + lane) * TrackParameter.Count) + TrackParameter.QOverPt] += toMomentum[lane];
                }

                for (int lane = 0; lane < count && !planeZ.IsEmpty; lane++)
                {
                    double q = first3[(2 * lanes) + lane];
                    AddMaterial(planes, lanes, q, problem.Geometry.CurvaturePerQOverPt, results + lane, results + (4 * stride) + lane,
                        onScattering, onBending);
                }
            }

            if (!planeZ.IsEmpty)
            {
                material.PullBack(onScattering, onBending, planeZ);
            }
        }
    }

    // What one event's covariance and loss of energy receive: m^2 b x^T and -f m |m| b, with x = V^-1 r and b = V^-1 J v. Events without a
    // gradient have b = 0.
    private static unsafe void AddMaterial(int planes, int lanes, double m, double factor, double* b, double* x, Span<double> onScattering,
        Span<double> onBending)
    {
        for (int i = 0; i < planes; i++)
        {
            double weight = m * m * b[i * lanes];
            if (weight == 0)
            {
                continue;
            }

            onBending[i] -= factor * m * Math.Abs(m) * b[i * lanes];
            Span<double> row = onScattering.Slice(i * planes, planes);
            for (int j = 0; j < row.Length; j++)
            {
                row[j] += weight * x[j * lanes];
            }
        }
    }
}
