namespace Sagitta.Tracking.Classical;

/// <summary>The strips of a fitted track, read anew: clusters are cut where a background cluster touches them, and planes come back whose
/// cluster was no part of a segment. Not thread-safe: keeps its memory between tracks.</summary>
internal sealed class TrackStrips(Detector detector, CircleFit fit, InclinedError error, ClassicalOptions options) : IDisposable
{
    /// <summary>A track keeps at least this many planes: two more than it has parameters.</summary>
    public const int MinimumPlanes = TrackParameter.Count + 2;

    private readonly Tape<double> _tape = new(recording: false);
    private readonly double[] _centroid = new double[detector.Planes.Count];
    private readonly double[] _sigma = new double[detector.Planes.Count];
    private readonly double[] _presence = new double[detector.Planes.Count];

    /// <summary>1 in <paramref name="weights"/> for strips within the window of the track, planes that are outliers of it given up; 0 for
    /// others.</summary>
    public void Select(HitSet hits, int index, ReadOnlySpan<double> track, Span<double> weights)
    {
        Take(hits, index, track, weights);
        Clean(hits, index, track, weights);
    }

    public void Dispose() => _tape.Dispose();

    private void Take(HitSet hits, int index, ReadOnlySpan<double> track, Span<double> weights)
    {
        int first = hits.Offsets[index];
        double curvature = track[TrackParameter.QOverPt] * fit.Geometry.CurvaturePerQOverPt;
        double tolerance = options.StripWindow + (options.StripScattering * Math.Abs(track[TrackParameter.QOverPt]));
        int plane = -1;
        double y = 0;
        double window = 0;
        for (int hit = first; hit < hits.Offsets[index + 1]; hit++)
        {
            if (hits.Plane[hit] != plane)
            {
                plane = hits.Plane[hit];
                double z = fit.Geometry.Z[plane];
                y = track[TrackParameter.Y0] + CircleTrack.Displacement(z, track[TrackParameter.Slope], curvature);
                window = (detector.Planes[plane].GapThickness / 2 * Math.Abs(error.Tangent(track, plane))) + tolerance;
            }

            weights[hit - first] = Math.Abs(hits.Y[hit] - y) <= window ? 1 : 0;
        }
    }

    // The strips taken are clusters anew; planes that are outliers of the track through them are given up.
    private void Clean(HitSet hits, int index, ReadOnlySpan<double> track, Span<double> weights)
    {
        int begin = hits.Offsets[index];
        int end = hits.Offsets[index + 1];
        Span<double> centroid = _centroid;
        Span<double> sigma = _sigma;
        Span<double> presence = _presence;
        centroid.Clear();
        presence.Clear();
        sigma.Fill(1);
        for (int hit = begin; hit < end;)
        {
            int first = hit;
            int plane = hits.Plane[hit];
            ClusterSums sums = default;
            for (; hit < end && hits.Plane[hit] == plane; hit++)
            {
                if (weights[hit - begin] > 0)
                {
                    sums.Add(hits.Y[hit] - hits.Y[first], hits.Charge[hit]);
                }
            }

            if (sums.Charge > 0)
            {
                centroid[plane] = hits.Y[first] + sums.Mean;
                sigma[plane] = error.Of(plane, track, sums.Width, sums.Concentration);
                presence[plane] = 1;
            }
        }

        _tape.Reset();
        OutlierRemoval.Run(fit, _tape, centroid, sigma, presence, options.OutlierPull, MinimumPlanes);
        for (int hit = begin; hit < end; hit++)
        {
            weights[hit - begin] *= presence[hits.Plane[hit]];
        }
    }
}

/// <summary>Errors of clusters on a track whose inclination is known (docs/method.md, 9d).</summary>
internal sealed class InclinedError(Detector detector, CircleGeometry geometry, ClusterResolution resolution)
{
    /// <summary>Error in mm of the cluster of a plane; width and concentration as of <see cref="ClusterSums"/>, track in the order of
    /// <see cref="TrackParameter"/>.</summary>
    public double Of(int plane, ReadOnlySpan<double> track, double width, double concentration)
    {
        Plane at = detector.Planes[plane];
        return Math.Sqrt(resolution.Intrinsic(at.StripPitch, concentration, 0)
            + resolution.WithTrack(at.StripPitch, at.GapThickness, Tangent(track, plane), width, out _, out _));
    }

    /// <summary>dy/dz of the track in a plane.</summary>
    public double Tangent(ReadOnlySpan<double> track, int plane)
    {
        double sine = track[TrackParameter.Slope] + (track[TrackParameter.QOverPt] * geometry.CurvaturePerQOverPt * geometry.Z[plane]);
        return sine / Math.Sqrt(1 - (sine * sine));
    }
}
