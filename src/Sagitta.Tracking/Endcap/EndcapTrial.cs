namespace Sagitta.Tracking.Endcap;

/// <summary>A candidate that was fitted.</summary>
/// <param name="Clusters">Index of the cluster of each plane, or -1.</param>
/// <param name="Fit">Its track.</param>
/// <param name="Places">Where it passes each plane, scattering included, less the plane's offset, mm; of the classical method NaN
/// where it has no cluster.</param>
/// <param name="Slopes">du/dz there.</param>
internal sealed record EndcapTrial(int[] Clusters, EndcapTrackFit Fit, double[] Places, double[] Slopes)
{
    /// <summary>Whether it may be a muon's track.</summary>
    public bool IsTrack(EndcapSearchOptions options) => Fit.IsConverged && Fit.Planes >= options.Planes
        && Fit.ChiSquare <= options.ChiSquarePerDegree * Fit.DegreesOfFreedom
        && Math.Abs(Fit.Track.QOverP) <= 1.2 * options.LargestQOverP;

    /// <summary>The best, each with at most a share of its planes' clusters in one that is better.</summary>
    public static List<EndcapTrial> Choose(IEnumerable<EndcapTrial?> trials, EndcapSearchOptions options)
    {
        List<EndcapTrial> chosen = [];
        foreach (EndcapTrial trial in trials.OfType<EndcapTrial>().Where(t => t.IsTrack(options))
            .OrderByDescending(t => (options.PlaneValue * t.Fit.Planes) - t.Fit.ChiSquare))
        {
            if (chosen.TrueForAll(other => Shared(trial.Clusters, other.Clusters) <= options.SharedClusters * trial.Fit.Planes))
            {
                chosen.Add(trial);
            }
        }

        return chosen;
    }

    /// <summary>Planes on which two tracks have the same cluster.</summary>
    public static int Shared(int[] a, int[] b)
    {
        int shared = 0;
        for (int p = 0; p < a.Length; p++)
        {
            shared += a[p] >= 0 && a[p] == b[p] ? 1 : 0;
        }

        return shared;
    }
}

/// <summary>What is fitted of one track: its clusters as measurements of all planes. Reused memory.</summary>
internal sealed class EndcapTrackInput(EndcapReconstruction chain)
{
    public double[] Measured { get; } = new double[chain.Geometry.Planes.Count];

    public double[] Sigma { get; } = new double[chain.Geometry.Planes.Count];

    public double[] Presence { get; } = new double[chain.Geometry.Planes.Count];

    /// <summary>Takes clusters.</summary>
    /// <param name="clusters">Clusters of the event.</param>
    /// <param name="chosen">Index of the cluster of each plane, or -1.</param>
    /// <param name="slopes">Slope of the track at each plane, for the errors of clusters.</param>
    public void Take(EndcapClusters clusters, ReadOnlySpan<int> chosen, ReadOnlySpan<double> slopes)
    {
        for (int p = 0; p < chosen.Length; p++)
        {
            (Measured[p], Sigma[p], Presence[p]) = (0, 1, 0);
            if (chosen[p] >= 0)
            {
                EndcapCluster cluster = clusters.All[chosen[p]];
                Measured[p] = cluster.U + chain.Geometry.Planes[p].Offset;
                Sigma[p] = Math.Sqrt(cluster.Variance(chain.Resolution, chain.Geometry.Strips.Planes[p], slopes[p]));
                Presence[p] = cluster.Presence;
            }
        }
    }
}
