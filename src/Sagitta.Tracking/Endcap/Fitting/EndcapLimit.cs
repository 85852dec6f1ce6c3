namespace Sagitta.Tracking.Endcap.Fitting;

/// <summary>
/// The Cramer-Rao bound on a track's state at the first plane: the inverse of the information A^T V^-1 A that planes of given resolution
/// hold under scattering. No unbiased fit does better.
/// </summary>
/// <param name="model">The detector's model.</param>
/// <param name="sigma">Resolution of each plane along u, mm.</param>
internal sealed class EndcapLimit(EndcapModel model, double[] sigma)
{
    /// <summary>The bound of a detector's stated or expected resolution.</summary>
    public EndcapLimit(EndcapModel model)
        : this(model, Enumerable.Repeat(model.Detector.Strips.NominalResolution, model.PlaneCount).ToArray())
    {
    }

    /// <summary>Writes the covariance (5 x 5) of the state of a track that is at <paramref name="state"/> at the first plane; false where
    /// it does not reach the last plane or its state can't be observed.</summary>
    public bool TryCovariance(in TrackState state, Span<double> covariance)
    {
        EndcapWorkspace work = EndcapWorkspace.For(model.PlaneCount);
        Span<double> none = stackalloc double[model.PlaneCount];
        none.Clear();
        for (int i = 0; i < sigma.Length; i++)
        {
            work.Roots[i] = 1 / sigma[i];
        }

        if (!model.TryPredict(state, 1, none, work.Prediction, scattering: true) || !work.TryFactor())
        {
            return false;
        }

        work.Whiten(work.Prediction.Measured, none);
        return TryInvert(work, covariance);
    }

    /// <summary>The standard deviation of q/p over its value for a muon of charge q and momentum (GeV) that leaves the origin with these
    /// slopes; NaN where it does not reach the last plane.</summary>
    public double Relative(double momentum, double tx, double ty, int charge = 1)
    {
        TrackState state = new(0, 0, tx, ty, charge / momentum);
        Span<double> covariance = stackalloc double[TrackState.Count * TrackState.Count];
        return new FieldTransport(model.Detector.Field).Carry(ref state, 0, model.Detector.ReferenceZ) == TransportStatus.Reached
            && TryCovariance(state, covariance) ? Math.Sqrt(covariance[^1]) * momentum : double.NaN;
    }

    /// <summary>Variances of a state that nothing is known of: mm, slopes and 1/GeV.</summary>
    internal static ReadOnlySpan<double> Unknown => [1e7, 1e7, 1, 1, 1];

    /// <summary>Whether a variance tells of measurements: of a combination that nothing measures, one number at least keeps its share of
    /// <see cref="Unknown"/>.</summary>
    internal static bool IsMeasured(int parameter, double variance) => variance * TrackState.Count < Unknown[parameter];

    /// <summary>The inverse of the information that a workspace holds; false where that determines no track.</summary>
    internal static bool TryInvert(EndcapWorkspace work, Span<double> covariance)
    {
        Span<double> information = stackalloc double[TrackState.Count * TrackState.Count];
        work.CopyInformation(information);
        return TryInvert(information, covariance);
    }

    /// <summary>The same of information (5 x 5), which is overwritten.</summary>
    internal static bool TryInvert(Span<double> factor, Span<double> covariance)
    {
        const int N = TrackState.Count;
        Span<double> column = stackalloc double[N];
        if (!SymmetricSystem.TryFactor(factor, N, 1e-14))
        {
            return false;
        }

        bool isMeasured = true;
        for (int k = 0; k < N; k++)
        {
            column.Clear();
            column[k] = 1;
            SymmetricSystem.SolveFactored(factor, N, column);
            for (int a = 0; a < N; a++)
            {
                covariance[(a * N) + k] = column[a];
            }

            isMeasured &= IsMeasured(k, column[k]);
        }

        return isMeasured;
    }
}
