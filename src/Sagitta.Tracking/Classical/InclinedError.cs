namespace Sagitta.Tracking.Classical;

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
