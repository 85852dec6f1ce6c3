using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.Endcap.Fitting;

/// <summary>
/// The gradient through the minimum, at fixed covariance of scattering: H v = G and -(d2S/dstate du)^T v for every input u. H is that of
/// Gauss and Newton plus the second derivatives of the planes' coordinates, which are differences of the exact first ones: they make a
/// thousandth of H, so that an error of theirs does not count.
/// </summary>
internal sealed record EndcapAdjoint : IImplicitAdjoint<EndcapProblem>
{
    private const int N = TrackState.Count;

    // Steps of differences in standard deviations of the state's components.
    private const double Step = 1e-3;

    public void PullBack(in EndcapProblem problem, ProblemInputs inputs, ReadOnlySpan<double> solutions, ReadOnlySpan<SolveStatus> statuses,
        ReadOnlySpan<double> upstream, ProblemGradients gradients)
    {
        int planes = problem.Model.PlaneCount;
        EndcapWorkspace work = EndcapWorkspace.For(planes);
        Span<double> weighted = stackalloc double[planes];
        Span<double> direction = stackalloc double[planes];
        Span<double> information = stackalloc double[N * N];
        Span<double> v = stackalloc double[N];
        Span<double> residual = stackalloc double[planes];
        Span<double> along = stackalloc double[planes];
        Span<double> slopeAlong = stackalloc double[planes];
        for (int item = 0; item < problem.Items; item++)
        {
            EndcapMeasurements track = problem.Track(inputs, item);
            TrackState solution = TrackState.From(solutions[(item * N)..]);
            if (statuses[item] != SolveStatus.Converged
                || EndcapDescent.Prepare(problem.Model, track, work) != SolveStatus.Converged
                || !EndcapDescent.TryScatter(problem.Model, track, problem.Reference(item), work)
                || !problem.Model.TryPredict(solution, track.FieldScale, track.ShiftZ, work.Prediction, scattering: false))
            {
                continue;
            }

            work.Whiten(track.Measured, track.ShiftU);
            work.Weigh(Vector512.Create(0, 0, 0, 0, 0, 0, 1.0, 0), weighted);
            work.CopyInformation(information);
            upstream.Slice(item * N, N).CopyTo(v);
            Vector512<double> mixedScale = work.Products[StateJacobian.Scale];
            Vector512<double> mixed = Curve(problem.Model, track, solution, work, weighted, information, v);
            if (!double.IsFinite(mixed[0]))
            {
                continue;
            }

            // The second derivatives were taken at places beside the solution.
            problem.Model.TryPredict(solution, track.FieldScale, track.ShiftZ, work.Prediction, scattering: false);
            Vector512<double> combination = Vector512.Create(v[0], v[1], v[2], v[3], v[4], 0, 0, 0);
            for (int i = 0; i < planes; i++)
            {
                along[i] = Vector512.Sum(work.Prediction.Rows[i] * combination);
                slopeAlong[i] = Vector512.Sum(work.Prediction.SlopeRows[i] * combination);
                residual[i] = work.Prediction.Measured[i] - track.Measured[i] - track.ShiftU[i];
            }

            work.Weigh(combination, direction);
            Add(work, track, item * planes, weighted, direction, residual, along, slopeAlong, gradients);
            Span<double> toScale = gradients[EndcapFitInput.FieldScale];
            if (!toScale.IsEmpty)
            {
                toScale[0] -= 2 * (Vector512.Sum(mixedScale * combination) + mixed[StateJacobian.Scale]);
            }
        }
    }

    // Turns G into v, and returns the change of sum x_i du_i along v, x = V^-1 r: the second derivatives of u in the direction v.
    private static Vector512<double> Curve(EndcapModel model, in EndcapMeasurements track, in TrackState solution, EndcapWorkspace work,
        ReadOnlySpan<double> weighted, Span<double> information, Span<double> v)
    {
        Span<double> covariance = stackalloc double[N * N];
        if (!EndcapLimit.TryInvert(work, covariance))
        {
            return Vector512.Create(double.NaN);
        }

        Span<Vector512<double>> second = stackalloc Vector512<double>[N];
        Span<double> shifted = stackalloc double[N];
        for (int k = 0; k < N; k++)
        {
            double step = Step * Math.Sqrt(covariance[(k * N) + k]);
            second[k] = default;
            foreach (double sign in (ReadOnlySpan<double>)[1, -1])
            {
                solution.CopyTo(shifted);
                shifted[k] += sign * step;
                if (!model.TryPredict(TrackState.From(shifted), track.FieldScale, track.ShiftZ, work.Prediction, scattering: false))
                {
                    return Vector512.Create(double.NaN);
                }

                for (int i = 0; i < weighted.Length; i++)
                {
                    second[k] += work.Prediction.Rows[i] * (sign * weighted[i] / (2 * step));
                }
            }
        }

        for (int a = 0; a < N; a++)
        {
            for (int b = 0; b < N; b++)
            {
                information[(a * N) + b] += (second[a][b] + second[b][a]) / 2;
            }
        }

        if (!SymmetricSystem.TryFactor(information, N, 1e-14))
        {
            return Vector512.Create(double.NaN);
        }

        SymmetricSystem.SolveFactored(information, N, v);
        Vector512<double> mixed = default;
        for (int k = 0; k < N; k++)
        {
            v[k] /= 2;
            mixed += second[k] * v[k];
        }

        return mixed;
    }

    private static void Add(EndcapWorkspace work, in EndcapMeasurements track, int first, ReadOnlySpan<double> weighted,
        ReadOnlySpan<double> direction, ReadOnlySpan<double> residual, ReadOnlySpan<double> along, ReadOnlySpan<double> slopeAlong,
        ProblemGradients gradients)
    {
        Span<double> toMeasured = gradients[EndcapFitInput.Measured];
        Span<double> toSigma = gradients[EndcapFitInput.Sigma];
        Span<double> toPresence = gradients[EndcapFitInput.Presence];
        Span<double> toShiftU = gradients[EndcapFitInput.PlaneU];
        Span<double> toShiftZ = gradients[EndcapFitInput.PlaneZ];
        for (int i = 0; i < weighted.Length; i++)
        {
            double sigma = track.Sigma[i];
            double byWeight = -2 * (residual[i] - work.Scattered(i, weighted)) * (along[i] - work.Scattered(i, direction));
            if (!toMeasured.IsEmpty)
            {
                toMeasured[first + i] += 2 * direction[i];
            }

            if (!toSigma.IsEmpty)
            {
                toSigma[first + i] -= 2 * track.Presence[i] / (sigma * sigma * sigma) * byWeight;
            }

            if (!toPresence.IsEmpty)
            {
                toPresence[first + i] += byWeight / (sigma * sigma);
            }

            if (!toShiftU.IsEmpty)
            {
                toShiftU[i] += 2 * direction[i];
            }

            if (!toShiftZ.IsEmpty)
            {
                toShiftZ[i] -= 2 * ((direction[i] * work.Prediction.Slope[i]) + (weighted[i] * slopeAlong[i]));
            }
        }
    }
}
