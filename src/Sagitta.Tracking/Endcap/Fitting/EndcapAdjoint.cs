using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.Endcap.Fitting;

/// <summary>
/// The gradient through the fit, F = A^T V^-1 r = 0: with M = dF/dstate and M^T w = G, it is -w^T dF/du for every input u. Derivatives of A
/// and of the scattering are differences of exact ones: in M they are a hundredth of what is exact, so that their error, of fourth order in
/// the step, does not count.
/// </summary>
internal sealed record EndcapAdjoint : IImplicitAdjoint<EndcapProblem>
{
    private const int N = TrackState.Count;

    // Steps of differences of fourth order: in standard deviations of the state, along directions in which it is uncorrelated, and of the
    // field's scale.
    private const double Step = 0.1;
    private const double ScaleStep = 2e-4;

    public void PullBack(in EndcapProblem problem, ProblemInputs inputs, ReadOnlySpan<double> solutions, ReadOnlySpan<SolveStatus> statuses,
        ReadOnlySpan<double> upstream, ProblemGradients gradients)
    {
        int planes = problem.Model.PlaneCount;
        EndcapWorkspace work = EndcapWorkspace.For(planes);
        Span<Vector512<double>> weighted = stackalloc Vector512<double>[planes];
        Span<Vector512<double>> carriedX = stackalloc Vector512<double>[planes];
        Span<Vector512<double>> carriedB = stackalloc Vector512<double>[planes];
        Span<double> x = stackalloc double[planes];
        Span<double> b = stackalloc double[planes];
        for (int item = 0; item < problem.Items; item++)
        {
            EndcapMeasurements track = problem.Track(inputs, item);
            TrackState solution = TrackState.From(solutions[(item * N)..]);
            if (statuses[item] != SolveStatus.Converged
                || EndcapDescent.Prepare(problem.Model, track, work) != SolveStatus.Converged
                || !EndcapDescent.TryPredict(problem.Model, track, solution, work.Prediction) || !work.TryFactor())
            {
                continue;
            }

            work.Whiten(track.Measured, track.ShiftU);
            work.Weigh(weighted);
            for (int i = 0; i < planes; i++)
            {
                x[i] = weighted[i][EndcapWorkspace.Residual];
            }

            if (!TrySolve(problem.Model, track, solution, work, weighted, x, upstream.Slice(item * N, N), out Vector512<double> w))
            {
                continue;
            }

            double byScale = 0;
            for (int i = 0; i < planes; i++)
            {
                b[i] = Vector512.Sum(weighted[i] * w);
                byScale += b[i] * work.Prediction.Rows[i][StateJacobian.Scale];
            }

            work.Prediction.Carry(x, carriedX);
            work.Prediction.Carry(b, carriedB);
            Add(work.Prediction, track, item * planes, x, b, w, carriedX, carriedB, gradients);
            Span<double> toScale = gradients[EndcapFitInput.FieldScale];
            if (!toScale.IsEmpty && TryDerivative(problem.Model, track, solution, work, weighted, x,
                Vector512.Create(0, 0, 0, 0, 0, ScaleStep, 0, 0), out Vector512<double> change))
            {
                toScale[0] -= (Vector512.Sum(change * w) / ScaleStep) + byScale;
            }
        }
    }

    // M^T w = G. With the covariance L L^T of the state and w = L w' it is (1 + L^T D L)^T w' = L^T G, D being what M has besides
    // A^T V^-1 A; so the strong correlations of the state take no digits.
    private static bool TrySolve(EndcapModel model, in EndcapMeasurements track, in TrackState solution, EndcapWorkspace work,
        ReadOnlySpan<Vector512<double>> weighted, ReadOnlySpan<double> x, ReadOnlySpan<double> gradient, out Vector512<double> w)
    {
        Span<double> factor = stackalloc double[N * N];
        Span<Vector512<double>> columns = stackalloc Vector512<double>[N];
        Span<Vector512<double>> system = stackalloc Vector512<double>[N];
        Span<double> row = stackalloc double[8];
        w = default;
        if (!EndcapLimit.TryInvert(work, factor) || !SymmetricSystem.TryFactor(factor, N, 1e-14))
        {
            return false;
        }

        for (int l = 0; l < N; l++)
        {
            row.Clear();
            for (int k = l; k < N; k++)
            {
                row[k] = factor[(k * N) + l];
            }

            columns[l] = Vector512.Create<double>(row);
        }

        for (int l = 0; l < N; l++)
        {
            if (!TryDerivative(model, track, solution, work, weighted, x, columns[l] * Step, out Vector512<double> derivative))
            {
                return false;
            }

            row.Clear();
            for (int k = 0; k < N; k++)
            {
                row[k] = (Vector512.Sum(columns[k] * derivative) / Step) + (k == l ? 1 : 0);
                row[N] += columns[l][k] * gradient[k];
            }

            system[l] = Vector512.Create<double>(row);
        }

        SymmetricMatrix5.Eliminate(system);
        for (int l = 0; l < N; l++)
        {
            w += columns[l] * system[l][N];
        }

        return double.IsFinite(Vector512.Sum(w));
    }

    // How A^T x - (V^-1 A)^T U x, with x and V^-1 A as they are, changes with a step of the state and, as element 5, of the field's scale.
    private static bool TryDerivative(EndcapModel model, in EndcapMeasurements track, in TrackState solution, EndcapWorkspace work,
        ReadOnlySpan<Vector512<double>> weighted, ReadOnlySpan<double> x, Vector512<double> step, out Vector512<double> change)
    {
        Span<Vector512<double>> carried = stackalloc Vector512<double>[x.Length];
        EndcapPrediction prediction = work.Shifted;
        change = default;
        foreach (int steps in (ReadOnlySpan<int>)[1, -1, 2, -2])
        {
            Vector512<double> by = step * steps;
            double weight = steps is 1 or -1 ? steps * 2 / 3.0 : steps / -24.0;
            TrackState shifted = new(solution.X + by[0], solution.Y + by[1], solution.Tx + by[2], solution.Ty + by[3],
                solution.QOverP + by[4]);
            if (!model.TryPredict(shifted, track.FieldScale + by[StateJacobian.Scale], track.ShiftZ, prediction, scattering: true))
            {
                return false;
            }

            prediction.Carry(x, carried);
            for (int i = 0; i < x.Length; i++)
            {
                change += ((prediction.Rows[i] * x[i]) - (weighted[i] * Vector512.Sum(prediction.Rows[i] * carried[i]))) * weight;
            }
        }

        change *= Vector512.Create(1.0, 1, 1, 1, 1, 0, 0, 0);
        return true;
    }

    private static void Add(EndcapPrediction prediction, in EndcapMeasurements track, int first, ReadOnlySpan<double> x,
        ReadOnlySpan<double> b, Vector512<double> w, ReadOnlySpan<Vector512<double>> carriedX, ReadOnlySpan<Vector512<double>> carriedB,
        ProblemGradients gradients)
    {
        Span<double> toMeasured = gradients[EndcapFitInput.Measured];
        Span<double> toSigma = gradients[EndcapFitInput.Sigma];
        Span<double> toPresence = gradients[EndcapFitInput.Presence];
        Span<double> toShiftU = gradients[EndcapFitInput.PlaneU];
        Span<double> toShiftZ = gradients[EndcapFitInput.PlaneZ];
        for (int i = 0; i < x.Length; i++)
        {
            // x = p/sigma^2 (r - U x) and b = p/sigma^2 (A w - U b): so they keep their meaning for planes that are not present.
            double sigma = track.Sigma[i];
            double residual = prediction.Measured[i] - track.Measured[i] - track.ShiftU[i];
            double byWeight = (residual - Vector512.Sum(prediction.Rows[i] * carriedX[i]))
                * Vector512.Sum(prediction.Rows[i] * (w - carriedB[i]));
            if (!toMeasured.IsEmpty)
            {
                toMeasured[first + i] += b[i];
            }

            if (!toSigma.IsEmpty)
            {
                toSigma[first + i] += 2 * track.Presence[i] / (sigma * sigma * sigma) * byWeight;
            }

            if (!toPresence.IsEmpty)
            {
                toPresence[first + i] -= byWeight / (sigma * sigma);
            }

            if (!toShiftU.IsEmpty)
            {
                toShiftU[i] += b[i];
            }

            if (!toShiftZ.IsEmpty)
            {
                toShiftZ[i] -= (b[i] * prediction.Slope[i])
                    + Vector512.Sum(prediction.SlopeRows[i] * ((w * x[i]) - (carriedX[i] * b[i]) - (carriedB[i] * x[i])));
            }
        }
    }
}
