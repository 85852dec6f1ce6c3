using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.Endcap.Fitting;

/// <summary>
/// Kalman's filter about a reference track (Fruehwirth, NIM A 262 (1987) 444). Deviations from the reference are those of the state at the
/// first plane: a scatterer on the way changes them by its angles, carried back, so that the filter has the identity for its transport and
/// the growth of <see cref="EndcapPrediction.Scattering"/> for its noise. Passes in both directions are the smoother: the one from behind
/// ends with the state at the first plane, and both together say where a track passes a plane without that plane's own measurement. Holds
/// reused memory: one a thread.
/// </summary>
internal sealed class EndcapKalman
{
    private const int MostPasses = 6;

    // A correction of so many errors is the last.
    private const double Settled = 1e-3;

    // What is known before the first measurement.
    private static readonly SymmetricMatrix5 _diffuse = SymmetricMatrix5.Diagonal(EndcapLimit.Unknown);
    private readonly EndcapModel _model;
    private readonly EndcapPrediction _prediction;
    private readonly KalmanState[] _forward;
    private readonly double[] _still;

    public EndcapKalman(EndcapModel model)
    {
        _model = model;
        _prediction = new(model.PlaneCount);
        _forward = new KalmanState[model.PlaneCount];
        _still = new double[model.PlaneCount];
    }

    /// <summary>The track about which the filter is linear, at the planes.</summary>
    public EndcapPrediction Reference => _prediction;

    /// <summary>Takes another reference; false where it does not reach the last plane.</summary>
    public bool TryLinearise(in TrackState reference) => _model.TryPredict(reference, 1, _still, _prediction, scattering: true);

    /// <summary>A state that nothing is known of.</summary>
    public static KalmanState Unknown => new() { Covariance = _diffuse };

    /// <summary>Adds what has scattered between a plane and the one before it.</summary>
    public void Scatter(ref KalmanState state, int plane)
    {
        state.Covariance.Add(_prediction.Scattering[plane], 1);
        if (plane > 0)
        {
            state.Covariance.Add(_prediction.Scattering[plane - 1], -1);
        }
    }

    /// <summary>What a state says of a plane's coordinate, mm, and the variance of that.</summary>
    public (double U, double Variance) At(in KalmanState state, int plane)
    {
        Vector512<double> row = _prediction.Rows[plane];
        return (_prediction.Measured[plane] + Vector512.Sum(row * state.Deviation),
            Vector512.Sum(row * state.Covariance.Times(row)));
    }

    /// <summary>Adds a measurement; returns what it adds to chi-square.</summary>
    public double Update(ref KalmanState state, int plane, double u, double variance)
    {
        Vector512<double> row = _prediction.Rows[plane];
        Vector512<double> carried = state.Covariance.Times(row);
        double total = Vector512.Sum(row * carried) + variance;
        double residual = u - _prediction.Measured[plane] - Vector512.Sum(row * state.Deviation);
        state.Deviation += carried * (residual / total);
        state.Covariance.AddSquare(carried, -1 / total);
        return residual * residual / total;
    }

    /// <summary>Fits measurements; the reference is moved to the result until it stays.</summary>
    /// <param name="start">The first reference.</param>
    /// <param name="measured">u of each plane, mm.</param>
    /// <param name="sigma">Their errors, mm.</param>
    /// <param name="presence">How much each counts, 0 for none.</param>
    /// <param name="covariance">Receives the covariance of the state (5 x 5).</param>
    /// <param name="pulls">Receives what each plane misses the smoothed track by, in errors of the plane; 0 for planes without a
    /// measurement; empty if it is not wanted.</param>
    public EndcapFitResult Fit(in TrackState start, ReadOnlySpan<double> measured, ReadOnlySpan<double> sigma,
        ReadOnlySpan<double> presence, Span<double> covariance, Span<double> pulls = default)
    {
        int planes = 0;
        foreach (double value in presence)
        {
            planes += value >= _model.Options.MinimumPresence ? 1 : 0;
        }

        TrackState state = start;
        bool isMeasured = true;
        for (int pass = 0; pass < MostPasses && planes >= _model.Options.MinimumPlanes; pass++)
        {
            if (!TryLinearise(state))
            {
                return new(SolveStatus.OutOfRange, state, double.NaN, planes);
            }

            double chiSquare = Filter(measured, sigma, presence);
            KalmanState back = Smooth(measured, sigma, presence, pulls);
            Vector512<double> d = back.Deviation;
            state = new(state.X + d[0], state.Y + d[1], state.Tx + d[2], state.Ty + d[3], state.QOverP + d[4]);
            double largest = 0;
            isMeasured = double.IsFinite(chiSquare);
            for (int k = 0; k < TrackState.Count; k++)
            {
                largest = Math.Max(largest, Math.Abs(d[k]) / Math.Sqrt(back.Covariance[k, k]));
                isMeasured &= EndcapLimit.IsMeasured(k, back.Covariance[k, k]);
            }

            if (!double.IsFinite(chiSquare) || largest < Settled)
            {
                back.Covariance.CopyTo(covariance);
                return new(isMeasured ? SolveStatus.Converged : SolveStatus.Singular, state, chiSquare, planes);
            }
        }

        return new(planes < _model.Options.MinimumPlanes ? SolveStatus.TooFewPlanes : isMeasured ? SolveStatus.NotConverged
            : SolveStatus.Singular, state, double.NaN, planes);
    }

    // From the first plane to the last: keeps what is known before each plane's own measurement.
    private double Filter(ReadOnlySpan<double> measured, ReadOnlySpan<double> sigma, ReadOnlySpan<double> presence)
    {
        KalmanState state = Unknown;
        double chiSquare = 0;
        for (int i = 0; i < measured.Length; i++)
        {
            Scatter(ref state, i);
            _forward[i] = state;
            chiSquare += presence[i] > 0 ? Update(ref state, i, measured[i], sigma[i] * sigma[i] / presence[i]) : 0;
        }

        return chiSquare;
    }

    // From the last plane to the first, meeting at each plane what the other way knows of it.
    private KalmanState Smooth(ReadOnlySpan<double> measured, ReadOnlySpan<double> sigma, ReadOnlySpan<double> presence,
        Span<double> pulls)
    {
        KalmanState state = Unknown;
        for (int i = measured.Length - 1; i >= 0; i--)
        {
            double variance = sigma[i] * sigma[i] / presence[i];
            if (!pulls.IsEmpty)
            {
                pulls[i] = presence[i] > 0 ? Pull(_forward[i], state, i, measured[i], variance) : 0;
            }

            if (presence[i] > 0)
            {
                Update(ref state, i, measured[i], variance);
            }

            if (i > 0)
            {
                Scatter(ref state, i);
            }
        }

        return state;
    }

    private double Pull(in KalmanState before, in KalmanState behind, int plane, double u, double variance)
    {
        SymmetricMatrix5 sum = before.Covariance;
        sum.Add(behind.Covariance, 1);
        Vector512<double> row = _prediction.Rows[plane];
        Vector512<double> carried = before.Covariance.Times(row);
        if (!sum.TrySolve(carried, out Vector512<double> gain))
        {
            return 0;
        }

        // The state of both, at this plane: before + C_before (C_before + C_behind)^-1 (behind - before).
        double place = _prediction.Measured[plane] + Vector512.Sum(row * before.Deviation)
            + Vector512.Sum(gain * (behind.Deviation - before.Deviation));
        double spread = Vector512.Sum(row * carried) - Vector512.Sum(gain * carried);
        return (u - place) * Math.Sqrt(variance) / (variance + spread);
    }
}

/// <summary>A deviation from the reference and its covariance.</summary>
internal struct KalmanState
{
    public Vector512<double> Deviation;
    public SymmetricMatrix5 Covariance;
}
