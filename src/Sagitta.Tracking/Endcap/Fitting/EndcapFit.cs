namespace Sagitta.Tracking.Endcap.Fitting;

/// <summary>
/// Fits tracks in three dimensions: the state (x, y, tx, ty, q/p) at the first plane, with full covariance of measurement and scattering
/// in planes, walls and medium, and the median loss of walls. Scattering is that of the fitted track itself.
/// </summary>
internal sealed class EndcapFit(EndcapModel model)
{
    private readonly ImplicitSolve<EndcapProblem> _solve = new(new EndcapSolver(), new EndcapAdjoint());

    /// <summary>The detector's model.</summary>
    public EndcapModel Model { get; } = model;

    /// <summary>
    /// Fits every row as a step on a tape, with gradients to all inputs in the order of <see cref="EndcapFitInput"/>. Returns tracks x 5.
    /// </summary>
    public ImplicitSolution Apply(Tensor<double> measured, Tensor<double> sigma, Tensor<double> presence, Tensor<double> shiftU,
        Tensor<double> shiftZ, Tensor<double> fieldScale) =>
        _solve.Apply(new(Model, measured.Rows), measured, sigma, presence, shiftU, shiftZ, fieldScale);

    /// <summary>Fits one track without a tape.</summary>
    /// <param name="measured">u at each plane, mm.</param>
    /// <param name="sigma">Its error, mm.</param>
    /// <param name="presence">Weight of each plane, 0 to 1.</param>
    /// <param name="covariance">Receives the covariance of the state (5 x 5); NaN for a failed fit.</param>
    /// <param name="start">Where to begin; null for what the measurements say.</param>
    /// <param name="places">Receives where the track passes each plane along u, scattering included, mm; empty if it is not
    /// wanted.</param>
    /// <param name="slopes">Receives du/dz at each plane without scattering; empty if it is not wanted.</param>
    public EndcapFitResult Fit(ReadOnlySpan<double> measured, ReadOnlySpan<double> sigma, ReadOnlySpan<double> presence,
        Span<double> covariance, TrackState? start = null, Span<double> places = default, Span<double> slopes = default)
    {
        EndcapWorkspace work = EndcapWorkspace.For(Model.PlaneCount);
        Span<double> none = stackalloc double[measured.Length];
        none.Clear();
        EndcapMeasurements track = new(measured, sigma, presence, none, none, 1);
        SolveStatus status = EndcapDescent.Fit(Model, track, work, start, out TrackState state, out double chiSquare);
        int planes = 0;
        foreach (double value in presence)
        {
            planes += value >= Model.Options.MinimumPresence ? 1 : 0;
        }

        if (status != SolveStatus.Converged || !EndcapLimit.TryInvert(work, covariance))
        {
            covariance[..(TrackState.Count * TrackState.Count)].Fill(double.NaN);
            return new(status == SolveStatus.Converged ? SolveStatus.Singular : status, state, double.NaN, planes);
        }

        if (!places.IsEmpty)
        {
            work.Smooth(places);
        }

        work.Prediction.Slope.AsSpan(0, slopes.Length).CopyTo(slopes);
        return new(status, state, chiSquare, planes);
    }
}

/// <summary>A fitted track.</summary>
/// <param name="Status">How the fit ended.</param>
/// <param name="State">The track at the first plane; without meaning for a failed fit.</param>
/// <param name="ChiSquare">S at the minimum; NaN for a failed fit.</param>
/// <param name="Planes">Planes that are present.</param>
internal readonly record struct EndcapFitResult(SolveStatus Status, TrackState State, double ChiSquare, int Planes)
{
    /// <summary>Degrees of freedom: planes minus parameters.</summary>
    public int DegreesOfFreedom => Planes - TrackState.Count;
}

/// <summary>The fits of a batch of tracks.</summary>
/// <param name="Model">The detector's model.</param>
/// <param name="Items">Number of tracks.</param>
internal readonly record struct EndcapProblem(EndcapModel Model, int Items) : IImplicitProblem
{
    public int Unknowns => TrackState.Count;

    /// <summary>The measurements of one track.</summary>
    public EndcapMeasurements Track(ProblemInputs inputs, int item)
    {
        int planes = Model.PlaneCount;
        return new(inputs[EndcapFitInput.Measured].Slice(item * planes, planes), inputs[EndcapFitInput.Sigma].Slice(item * planes, planes),
            inputs[EndcapFitInput.Presence].Slice(item * planes, planes), inputs[EndcapFitInput.PlaneU], inputs[EndcapFitInput.PlaneZ],
            inputs[EndcapFitInput.FieldScale][0]);
    }
}

/// <summary>Fits the tracks of a batch one after the other.</summary>
internal sealed record EndcapSolver : IImplicitSolver<EndcapProblem>
{
    public void Solve(in EndcapProblem problem, ProblemInputs inputs, Span<double> solutions, Span<SolveStatus> statuses)
    {
        EndcapWorkspace work = EndcapWorkspace.For(problem.Model.PlaneCount);
        for (int item = 0; item < problem.Items; item++)
        {
            statuses[item] = EndcapDescent.Fit(problem.Model, problem.Track(inputs, item), work, null, out TrackState state, out _);
            (statuses[item] == SolveStatus.Converged ? state : default).CopyTo(solutions[(item * TrackState.Count)..]);
        }
    }
}
