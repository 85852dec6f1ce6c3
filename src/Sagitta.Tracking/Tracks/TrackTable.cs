namespace Sagitta.Tracking.Tracks;

/// <summary>One track for each event of a sample, as columns. Where the status is not converged the other columns are NaN or 0.</summary>
internal sealed class TrackTable
{
    /// <summary>Room for the tracks of <paramref name="events"/> events, all without a fit, and for residuals of
    /// <paramref name="planes"/> planes.</summary>
    public TrackTable(int events, int planes = 0)
    {
        PlaneCount = planes;
        Residuals = new float[events * planes];
        Array.Fill(Residuals, float.NaN);
        Status = new SolveStatus[events];
        QOverPt = new double[events];
        QOverPtError = new double[events];
        Y0 = new double[events];
        Slope = new double[events];
        ChiSquare = new double[events];
        DegreesOfFreedom = new int[events];
        Planes = new int[events];
        Array.Fill(Status, SolveStatus.TooFewPlanes);
        Array.Fill(QOverPt, double.NaN);
        Array.Fill(QOverPtError, double.NaN);
        Array.Fill(Y0, double.NaN);
        Array.Fill(Slope, double.NaN);
        Array.Fill(ChiSquare, double.NaN);
    }

    /// <summary>Number of events.</summary>
    public int Count => Status.Length;

    /// <summary>How each fit ended.</summary>
    public SolveStatus[] Status { get; }

    /// <summary>Charge over transverse momentum, 1/GeV.</summary>
    public double[] QOverPt { get; }

    /// <summary>Its standard deviation from the fit's covariance, 1/GeV; NaN where a method states none.</summary>
    public double[] QOverPtError { get; }

    /// <summary>y at z = 0, mm.</summary>
    public double[] Y0 { get; }

    /// <summary>Sine of the angle to +z at z = 0.</summary>
    public double[] Slope { get; }

    /// <summary>Chi-square of the fit, planes weighed by their presence.</summary>
    public double[] ChiSquare { get; }

    /// <summary>Planes less the three parameters.</summary>
    public int[] DegreesOfFreedom { get; }

    /// <summary>Planes that are present in the fit.</summary>
    public int[] Planes { get; }

    /// <summary>Planes whose residuals are kept; 0 for none.</summary>
    public int PlaneCount { get; }

    /// <summary>Per event and plane: cluster minus track, mm; NaN where the plane is not present.</summary>
    public float[] Residuals { get; }

    /// <summary>Takes the track of one event: row <paramref name="row"/> of fits on a tape.</summary>
    public void Set(int e, FittedEvents fitted, int row, TrackQuality quality)
    {
        Status[e] = fitted.Statuses[row];
        Planes[e] = quality.Planes;
        if (fitted.Statuses[row] != SolveStatus.Converged)
        {
            return;
        }

        ReadOnlySpan<double> track = fitted.Track.Values.Slice(row * TrackParameter.Count, TrackParameter.Count);
        Y0[e] = track[TrackParameter.Y0];
        Slope[e] = track[TrackParameter.Slope];
        QOverPt[e] = track[TrackParameter.QOverPt];
        QOverPtError[e] = quality.QOverPtError;
        ChiSquare[e] = quality.ChiSquare;
        DegreesOfFreedom[e] = quality.DegreesOfFreedom;
    }

    /// <summary>The track of one event, which has this number.</summary>
    public MuonTrack Track(int e, long number) => new(number, Status[e], QOverPt[e], QOverPtError[e], Y0[e], Slope[e], ChiSquare[e],
        DegreesOfFreedom[e], Planes[e]);

    /// <summary>The tracks of all events where each rank found those of its share.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="events">Events of all ranks.</param>
    public TrackTable Gathered(Ranks ranks, int events)
    {
        TrackTable all = new(events, PlaneCount);
        void Take<T>(T[] own, T[] target, int width = 1)
            where T : unmanaged
        {
            own.CopyTo(target, ranks.ShareOf(events).Start.Value * width);
            ranks.GatherShares<T>(target, events, e => e * width);
        }

        Take(Status, all.Status);
        Take(QOverPt, all.QOverPt);
        Take(QOverPtError, all.QOverPtError);
        Take(Y0, all.Y0);
        Take(Slope, all.Slope);
        Take(ChiSquare, all.ChiSquare);
        Take(DegreesOfFreedom, all.DegreesOfFreedom);
        Take(Planes, all.Planes);
        Take(Residuals, all.Residuals, PlaneCount);
        return all;
    }

    /// <summary>The outcomes of the events with a muon, beside their truth.</summary>
    public TrackOutcome[] Outcomes(EventSet events)
    {
        List<TrackOutcome> outcomes = new(Count);
        for (int e = 0; e < Count; e++)
        {
            if (events.TruthMuon[e] != 0)
            {
                outcomes.Add(new(Status[e], QOverPt[e], QOverPtError[e], events.TruthQOverPt[e]));
            }
        }

        return [.. outcomes];
    }
}
