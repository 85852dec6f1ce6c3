namespace Sagitta.Tracking.Endcap.Fitting;

/// <summary>
/// Levenberg's and Marquardt's descent, with steps of Gauss and Newton, to the track at which A^T V^-1 r = 0 with the scattering of that
/// same track: the minimum of S at that scattering. The logarithm of the determinant of V has no place in it: the weights follow the
/// momentum, but how far a track scatters is no measurement of it.
/// </summary>
internal static class EndcapDescent
{
    private const int N = TrackState.Count;
    private const double InitialDamping = 1e-3;
    private const double LargestDamping = 1e12;
    private const double SingularPivot = 1e-12;

    // Rounding of coordinates of ten metres changes S by so much.
    private const double Rounding = 1e-9;

    /// <summary>Writes weights to the workspace, or says why the track can't be fitted.</summary>
    public static SolveStatus Prepare(EndcapModel model, in EndcapMeasurements track, EndcapWorkspace work)
    {
        double checksum = track.FieldScale;
        int present = 0;
        for (int i = 0; i < work.Roots.Length; i++)
        {
            work.Roots[i] = Math.Sqrt(track.Presence[i]) / track.Sigma[i];
            checksum += (work.Roots[i] * track.Measured[i]) + track.ShiftU[i] + track.ShiftZ[i];
            present += track.Presence[i] >= model.Options.MinimumPresence ? 1 : 0;
        }

        return !double.IsFinite(checksum) ? SolveStatus.OutOfRange
            : present < model.Options.MinimumPlanes ? SolveStatus.TooFewPlanes : SolveStatus.Converged;
    }

    /// <summary>Fits a track, from its measurements alone or from a start.</summary>
    public static SolveStatus Fit(EndcapModel model, in EndcapMeasurements track, EndcapWorkspace work, TrackState? start,
        out TrackState solution, out double chiSquare)
    {
        solution = default;
        chiSquare = double.NaN;
        SolveStatus status = Prepare(model, track, work);
        if (status == SolveStatus.Converged)
        {
            status = start is not { } given ? Seed(model, track, work, out solution)
                : TryPredict(model, track, solution = given, work.Prediction) ? status : SolveStatus.OutOfRange;
        }

        return status == SolveStatus.Converged ? Minimise(model, track, solution, work, out solution, out chiSquare) : status;
    }

    /// <summary>A first track from the measurements alone, which the workspace then predicts. Not differentiable: where the descent begins
    /// does not matter to where it ends.</summary>
    private static SolveStatus Seed(EndcapModel model, in EndcapMeasurements track, EndcapWorkspace work, out TrackState seed)
    {
        Span<double> weights = stackalloc double[work.Roots.Length];
        Span<double> moved = stackalloc double[work.Roots.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = work.Roots[i] * work.Roots[i];
            moved[i] = track.Measured[i] + track.ShiftU[i];
        }

        if (!EndcapSeed.TryFind(model.Detector, moved, weights, out seed))
        {
            return SolveStatus.Singular;
        }

        // A seed whose track turns back is too soft by its errors.
        for (int halving = 0; !TryPredict(model, track, seed, work.Prediction); halving++)
        {
            if (halving == 8)
            {
                return SolveStatus.OutOfRange;
            }

            seed = seed with { QOverP = seed.QOverP / 2 };
        }

        return SolveStatus.Converged;
    }

    /// <summary>Predicts what a track does to the planes of a fit, with its scattering; false where it does not reach the last
    /// one.</summary>
    public static bool TryPredict(EndcapModel model, in EndcapMeasurements track, in TrackState state, EndcapPrediction prediction) =>
        model.TryPredict(state, track.FieldScale, track.ShiftZ, prediction, scattering: true);

    /// <summary>
    /// Descends from a track that <paramref name="work"/> has predicted; it keeps the products of the last place that was looked at. Steps
    /// lower S at the scattering of the place where they begin, which is taken anew where they end.
    /// </summary>
    private static SolveStatus Minimise(EndcapModel model, in EndcapMeasurements track, in TrackState start, EndcapWorkspace work,
        out TrackState solution, out double chiSquare)
    {
        solution = start;
        chiSquare = double.NaN;
        if (!work.TryFactor())
        {
            return SolveStatus.OutOfRange;
        }

        double value = work.Whiten(track.Measured, track.ShiftU);
        Span<double> information = stackalloc double[N * N];
        Span<double> factor = stackalloc double[N * N];
        Span<double> gradient = stackalloc double[N];
        Span<double> step = stackalloc double[N];
        double damping = 0;
        double last = double.PositiveInfinity;
        bool leftRange = false;
        work.CopyInformation(information);
        Gradient(work, gradient);
        for (int i = 0; i < model.Options.MaximumSteps && damping < LargestDamping; i++)
        {
            information.CopyTo(factor);
            for (int k = 0; k < N; k++)
            {
                factor[(k * N) + k] *= 1 + damping;
            }

            if (!SymmetricSystem.TryFactor(factor, N, SingularPivot))
            {
                if (damping > 1)
                {
                    return SolveStatus.Singular;
                }

                damping = damping == 0 ? InitialDamping : damping * 10;
                continue;
            }

            gradient.CopyTo(step);
            SymmetricSystem.SolveFactored(factor, N, step);
            double decrement = 0;
            for (int k = 0; k < N; k++)
            {
                decrement += gradient[k] * step[k];
            }

            TrackState trial = Minus(solution, step);
            // A small step that is no smaller than the one before is rounding: nothing nearer can be reached.
            bool settled = decrement <= model.Options.Tolerance * (1 + value)
                || (decrement <= Rounding * (1 + value) && decrement >= last);
            last = decrement;
            if (damping == 0 && settled)
            {
                solution = trial;
                chiSquare = Math.Max(value - decrement, 0);
                return double.IsFinite(decrement) ? SolveStatus.Converged : SolveStatus.Singular;
            }

            bool inRange = TryPredict(model, track, trial, work.Prediction);
            double next = inRange ? work.Whiten(track.Measured, track.ShiftU) : double.PositiveInfinity;
            leftRange = !inRange;
            if (next <= value + (Rounding * (1 + value)))
            {
                if (!work.TryFactor())
                {
                    return SolveStatus.Singular;
                }

                value = work.Whiten(track.Measured, track.ShiftU);
                solution = trial;
                damping = damping < 1e-6 ? 0 : damping / 10;
                work.CopyInformation(information);
                Gradient(work, gradient);
            }
            else
            {
                damping = damping == 0 ? InitialDamping : damping * 10;
            }
        }

        // Damped steps along what nothing measures come to no end.
        return !EndcapLimit.TryInvert(information, factor) ? SolveStatus.Singular
            : leftRange ? SolveStatus.OutOfRange : SolveStatus.NotConverged;
    }

    /// <summary>A^T V^-1 r: half the gradient of S at fixed scattering.</summary>
    private static void Gradient(EndcapWorkspace work, Span<double> gradient)
    {
        for (int k = 0; k < N; k++)
        {
            gradient[k] = work.Products[k][EndcapWorkspace.Residual];
        }
    }

    private static TrackState Minus(in TrackState state, ReadOnlySpan<double> step) => new(state.X - step[0], state.Y - step[1],
        state.Tx - step[2], state.Ty - step[3], state.QOverP - step[4]);
}

/// <summary>What one track is fitted to: spans over planes, and what all tracks share.</summary>
internal readonly ref struct EndcapMeasurements(ReadOnlySpan<double> measured, ReadOnlySpan<double> sigma, ReadOnlySpan<double> presence,
    ReadOnlySpan<double> shiftU, ReadOnlySpan<double> shiftZ, double fieldScale)
{
    public ReadOnlySpan<double> Measured { get; } = measured;
    public ReadOnlySpan<double> Sigma { get; } = sigma;
    public ReadOnlySpan<double> Presence { get; } = presence;
    public ReadOnlySpan<double> ShiftU { get; } = shiftU;
    public ReadOnlySpan<double> ShiftZ { get; } = shiftZ;
    public double FieldScale { get; } = fieldScale;
}
