namespace Sagitta.Tracking.Fitting;

/// <summary>
/// Repeated fits that each drop, from every event, the plane with the largest pull beyond a bound, until none is or too few planes remain.
/// A selection, hence without gradient.
/// </summary>
internal static class OutlierRemoval
{
    /// <summary>
    /// Clears presences (events x planes) of outlying planes in place and returns the tracks of the last fit, on <paramref name="tape"/>,
    /// which is reset between fits.
    /// </summary>
    /// <param name="fit">The fit.</param>
    /// <param name="tape">A tape of the caller's, whose tensors are lost.</param>
    /// <param name="centroid">Events x planes, mm.</param>
    /// <param name="sigma">Events x planes, mm.</param>
    /// <param name="presence">Events x planes.</param>
    /// <param name="largestPull">Largest |r| / sigma that stays.</param>
    /// <param name="minimumPlanes">No plane is dropped from events with no more present planes than this.</param>
    public static ImplicitSolution Run(CircleFit fit, Tape<double> tape, ReadOnlySpan<double> centroid, ReadOnlySpan<double> sigma,
        Span<double> presence, double largestPull, int minimumPlanes)
    {
        int planes = fit.Geometry.PlaneCount;
        int events = presence.Length / planes;
        double factor = fit.Geometry.CurvaturePerQOverPt;
        while (true)
        {
            tape.Reset();
            ImplicitSolution tracks = fit.Apply(tape.Constant(centroid, events, planes), tape.Constant(sigma, events, planes),
                tape.Constant(presence, events, planes));
            bool removed = false;
            for (int e = 0; e < events; e++)
            {
                if (tracks.Statuses[e] != SolveStatus.Converged)
                {
                    continue;
                }

                ReadOnlySpan<double> theta = tracks.Value.Values.Slice(e * TrackParameter.Count, TrackParameter.Count);
                int present = 0;
                int worst = -1;
                double largest = largestPull;
                for (int i = 0; i < planes; i++)
                {
                    int k = (e * planes) + i;
                    if (presence[k] < fit.Options.MinimumPresence)
                    {
                        continue;
                    }

                    present++;
                    double y = theta[TrackParameter.Y0] + CircleTrack.Displacement(
                        fit.Geometry.Z[i], theta[TrackParameter.Slope], theta[TrackParameter.QOverPt] * factor);
                    double pull = Math.Abs(y - centroid[k]) / sigma[k];
                    if (pull > largest)
                    {
                        largest = pull;
                        worst = k;
                    }
                }

                if (worst >= 0 && present > minimumPlanes)
                {
                    presence[worst] = 0;
                    removed = true;
                }
            }

            if (!removed)
            {
                return tracks;
            }
        }
    }
}
