using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.Endcap.Fitting;

/// <summary>
/// The gradient through the fit, F = A^T V^-1 r = 0: with M = dF/dstate and M^T w = G, it is -w^T dF/du for every input u. Derivatives of A
/// and of the scattering are differences of exact ones: in M they are a hundredth of what is exact, so that their error, of second order in
/// the step, does not count.
/// </summary>
internal sealed record EndcapAdjoint : IImplicitAdjoint<EndcapProblem>
{
    private const int N = TrackState.Count;

    // Steps of differences: in standard deviations of the state's components, and of the field's scale.
    private const double Step = 1e-3;
    private const double ScaleStep = 1e-4;

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
            if (!toScale.IsEmpty && TryDerivative(problem.Model, track, solution, work, weighted, x, N, ScaleStep, out var change))
            {
                toScale[0] -= Vector512.Sum(change * w) + byScale;
            }
        }
    }

    // M^T w = G.
    private static bool TrySolve(EndcapModel model, in EndcapMeasurements track, in TrackState solution, EndcapWorkspace work,
        ReadOnlySpan<Vector512<double>> weighted, ReadOnlySpan<double> x, ReadOnlySpan<double> gradient, out Vector512<double> w)
    {
        Span<double> covariance = stackalloc double[N * N];
        Span<Vector512<double>> system = stackalloc Vector512<double>[N];
        Vector512<double> derivatives = Vector512.Create(1.0, 1, 1, 1, 1, 0, 0, 0);
        w = default;
        if (!EndcapLimit.TryInvert(work, covariance))
        {
            return false;
        }

        for (int k = 0; k < N; k++)
        {
            if (!TryDerivative(model, track, solution, work, weighted, x, k, Step * Math.Sqrt(covariance[k * (N + 1)]), out system[k]))
            {
                return false;
            }

            system[k] = ((system[k] + work.Products[k]) * derivatives) + Vector512.Create(0, 0, 0, 0, 0, gradient[k], 0, 0);
        }

        SymmetricMatrix5.Eliminate(system);
        w = Vector512.Create(system[0][N], system[1][N], system[2][N], system[3][N], system[4][N], 0, 0, 0);
        return double.IsFinite(Vector512.Sum(w));
    }

    // The change of A^T x - (V^-1 A)^T U x with x and V^-1 A as they are, by a component of the state, or by the field's scale.
    private static bool TryDerivative(EndcapModel model, in EndcapMeasurements track, in TrackState solution, EndcapWorkspace work,
        ReadOnlySpan<Vector512<double>> weighted, ReadOnlySpan<double> x, int component, double step, out Vector512<double> derivative)
    {
        Span<Vector512<double>> carried = stackalloc Vector512<double>[x.Length];
        Span<double> shifted = stackalloc double[N + 1];
        EndcapPrediction prediction = work.Shifted;
        derivative = default;
        foreach (double sign in (ReadOnlySpan<double>)[1, -1])
        {
            solution.CopyTo(shifted);
            shifted[N] = track.FieldScale;
            shifted[component] += sign * step;
            if (!model.TryPredict(TrackState.From(shifted), shifted[N], track.ShiftZ, prediction, scattering: true))
            {
                return false;
            }

            prediction.Carry(x, carried);
            for (int i = 0; i < x.Length; i++)
            {
                derivative += ((prediction.Rows[i] * x[i]) - (weighted[i] * Vector512.Sum(prediction.Rows[i] * carried[i])))
                    * (sign / (2 * step));
            }
        }

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
