namespace Sagitta.Tracking.Fitting;

/// <summary>What a fit says about itself.</summary>
/// <param name="QOverPtError">Standard deviation of q/pT, 1/GeV; NaN for a failed fit.</param>
/// <param name="ChiSquare">sum p r^2 / sigma^2, or r^T V^-1 r with full covariance; NaN for a failed fit.</param>
/// <param name="Planes">Planes that are present.</param>
internal readonly record struct TrackQuality(double QOverPtError, double ChiSquare, int Planes)
{
    /// <summary>Degrees of freedom: planes minus parameters.</summary>
    public int DegreesOfFreedom => Planes - TrackParameter.Count;

    /// <summary>
    /// Qualities of diagonal fits. Without <paramref name="material"/> the error is that of independent measurements, (J^T W J)^-1; with it
    /// the spread of the same estimate under scattering as well, (J^T W J)^-1 J^T W V W J (J^T W J)^-1.
    /// </summary>
    public static void OfDiagonalFits(CircleGeometry geometry, TrackMaterial? material, CircleFitOptions options,
        ReadOnlySpan<double> tracks, ReadOnlySpan<SolveStatus> statuses, ReadOnlySpan<double> centroid, ReadOnlySpan<double> sigma,
        ReadOnlySpan<double> presence, Span<TrackQuality> qualities)
    {
        int n = geometry.PlaneCount;
        Span<double> jacobian = stackalloc double[3 * n];
        Span<double> residual = stackalloc double[n];
        Span<double> influence = stackalloc double[n];
        Span<double> information = stackalloc double[9];
        Span<double> unit = stackalloc double[3];
        for (int e = 0; e < statuses.Length; e++)
        {
            int present = Present(presence.Slice(e * n, n), options);
            ReadOnlySpan<double> theta = tracks.Slice(e * TrackParameter.Count, TrackParameter.Count);
            if (statuses[e] != SolveStatus.Converged || !TryLinearise(geometry, theta, centroid.Slice(e * n, n), residual, jacobian))
            {
                qualities[e] = new(double.NaN, double.NaN, present);
                continue;
            }

            double fromVertex = theta[TrackParameter.Y0] - options.Vertex.Y;
            information.Clear();
            information[0] = options.Vertex.Weight;
            double chiSquare = options.Vertex.Weight * fromVertex * fromVertex;
            for (int i = 0; i < n; i++)
            {
                double w = presence[(e * n) + i] / (sigma[(e * n) + i] * sigma[(e * n) + i]);
                chiSquare += w * residual[i] * residual[i];
                for (int a = 0; a < 9; a++)
                {
                    information[a] += w * jacobian[(a / 3 * n) + i] * jacobian[(a % 3 * n) + i];
                }
            }

            unit[0] = unit[1] = 0;
            unit[2] = 1;
            bool regular = SymmetricSystem.TryFactor(information, 3, 1e-14);
            SymmetricSystem.SolveFactored(information, 3, unit);
            double variance = unit[2];
            if (material is not null)
            {
                // The estimate moves by influence . dC: its variance under scattering adds to that of the measurement, with presence as a
                // weight, not as information.
                for (int i = 0; i < n; i++)
                {
                    double w = presence[(e * n) + i] / (sigma[(e * n) + i] * sigma[(e * n) + i]);
                    influence[i] = w * ((unit[0] * jacobian[i]) + (unit[1] * jacobian[n + i]) + (unit[2] * jacobian[(2 * n) + i]));
                }

                variance = options.Vertex.Weight * unit[0] * unit[0];
                double scatter = theta[TrackParameter.QOverPt] * theta[TrackParameter.QOverPt];
                for (int i = 0; i < n; i++)
                {
                    variance += influence[i] * influence[i] * sigma[(e * n) + i] * sigma[(e * n) + i];
                    for (int j = 0; j < n; j++)
                    {
                        variance += scatter * influence[i] * influence[j] * material.Scattering[(i * n) + j];
                    }
                }
            }

            qualities[e] = new(regular ? Math.Sqrt(variance) : double.NaN, chiSquare, present);
        }
    }

    /// <summary>Qualities of fits with full covariance about the diagonal fits' tracks: the error is (J^T V^-1 J)^-1.</summary>
    public static void OfCorrelatedFits(CircleGeometry geometry, TrackMaterial material, CircleFitOptions options,
        ReadOnlySpan<double> tracks, ReadOnlySpan<SolveStatus> statuses, ReadOnlySpan<double> diagonalTracks,
        ReadOnlySpan<double> centroid, ReadOnlySpan<double> sigma, ReadOnlySpan<double> presence, Span<TrackQuality> qualities)
    {
        int n = geometry.PlaneCount;
        CorrelatedWeights weights = new(stackalloc double[CorrelatedWeights.Length(n)], n);
        Span<double> jacobian = stackalloc double[3 * n];
        Span<double> weighted = stackalloc double[n];
        Span<double> residual = stackalloc double[n];
        Span<double> information = stackalloc double[9];
        Span<double> unit = stackalloc double[3];
        for (int e = 0; e < statuses.Length; e++)
        {
            int present = Present(presence.Slice(e * n, n), options);
            double m = diagonalTracks[(e * TrackParameter.Count) + TrackParameter.QOverPt];
            if (statuses[e] != SolveStatus.Converged
                || !TryLinearise(geometry, tracks.Slice(e * TrackParameter.Count, TrackParameter.Count), centroid.Slice(e * n, n), residual,
                    jacobian)
                || !weights.TryFactor(material, sigma.Slice(e * n, n), presence.Slice(e * n, n), m))
            {
                qualities[e] = new(double.NaN, double.NaN, present);
                continue;
            }

            double chiSquare = 0;
            for (int i = 0; i < n; i++)
            {
                residual[i] += geometry.CurvaturePerQOverPt * m * Math.Abs(m) * material.Bending[i];
            }

            double fromVertex = tracks[(e * TrackParameter.Count) + TrackParameter.Y0] - options.Vertex.Y;
            chiSquare = options.Vertex.Weight * fromVertex * fromVertex;
            weights.Apply(residual, weighted);
            for (int i = 0; i < n; i++)
            {
                chiSquare += residual[i] * weighted[i];
            }

            information.Clear();
            information[0] = options.Vertex.Weight;
            for (int a = 0; a < 3; a++)
            {
                weights.Apply(jacobian.Slice(a * n, n), weighted);
                for (int b = 0; b < 3; b++)
                {
                    for (int i = 0; i < n; i++)
                    {
                        information[(a * 3) + b] += weighted[i] * jacobian[(b * n) + i];
                    }
                }
            }

            unit[0] = unit[1] = 0;
            unit[2] = 1;
            bool regular = SymmetricSystem.TryFactor(information, 3, 1e-14);
            SymmetricSystem.SolveFactored(information, 3, unit);
            qualities[e] = new(regular ? Math.Sqrt(unit[2]) : double.NaN, chiSquare, present);
        }
    }

    private static int Present(ReadOnlySpan<double> presence, CircleFitOptions options)
    {
        int present = 0;
        foreach (double p in presence)
        {
            present += p >= options.MinimumPresence ? 1 : 0;
        }

        return present;
    }

    private static bool TryLinearise(CircleGeometry geometry, ReadOnlySpan<double> theta, ReadOnlySpan<double> centroid,
        Span<double> residual, Span<double> jacobian)
    {
        int n = geometry.PlaneCount;
        double factor = geometry.CurvaturePerQOverPt;
        for (int i = 0; i < n; i++)
        {
            if (!CirclePoint.TryEvaluate(geometry.Z[i], theta[TrackParameter.Slope], theta[TrackParameter.QOverPt] * factor,
                out CirclePoint q))
            {
                return false;
            }

            residual[i] = theta[TrackParameter.Y0] + q.Y - centroid[i];
            jacobian[i] = 1;
            jacobian[n + i] = q.BySlope;
            jacobian[(2 * n) + i] = q.ByCurvature * factor;
        }

        return true;
    }
}
