namespace Sagitta.Tracking.Classical;

/// <summary>What q/pT can be had from the road centres alone: the best linear unbiased estimate under the parabola y = y0 + s0 z + kappa
/// z^2 / 2, with one road centre a station and what is known of y0 and s0 beforehand as two more measurements about zero. Any number of
/// stations; with two or three centres at 40 mm the circle's higher orders are far below the error.</summary>
internal sealed class RoadEstimate
{
    private readonly double[] _weights;

    /// <summary>The estimate for a detector.</summary>
    public RoadEstimate(Detector detector, RoadOptions? options = null)
    {
        RoadOptions known = options ?? new();
        int stations = detector.StationCount;
        double factor = CircleGeometry.Of(detector).CurvaturePerQOverPt;
        _weights = new double[stations];

        // Normal equations of (y0, s0, kappa) with the prior on the first two; the last row of their inverse gives the weights.
        double precision = 1 / (known.RoadSigma * known.RoadSigma);
        double[] information = new double[TrackParameter.Count * TrackParameter.Count];
        information[0] = 1 / (known.OriginSigma * known.OriginSigma);
        information[4] = 1 / (known.SlopeSigma * known.SlopeSigma);
        for (int station = 0; station < stations; station++)
        {
            double z = detector.Planes[detector.MiddlePlane(station)].Z;
            ReadOnlySpan<double> row = [1, z, z * z / 2];
            for (int a = 0; a < TrackParameter.Count; a++)
            {
                for (int b = 0; b < TrackParameter.Count; b++)
                {
                    information[(a * TrackParameter.Count) + b] += precision * row[a] * row[b];
                }
            }
        }

        Span<double> unit = [0, 0, 1];
        if (!SymmetricSystem.TryFactor(information, TrackParameter.Count, 1e-14))
        {
            throw new ArgumentException($"The road centres of detector '{detector.Name}' do not determine a curvature.", nameof(detector));
        }

        SymmetricSystem.SolveFactored(information, TrackParameter.Count, unit);
        Sigma = Math.Sqrt(unit[2]) / factor;
        for (int station = 0; station < stations; station++)
        {
            double z = detector.Planes[detector.MiddlePlane(station)].Z;
            _weights[station] = precision * (unit[0] + (unit[1] * z) + (unit[2] * z * z / 2)) / factor;
        }
    }

    /// <summary>Standard deviation of the estimate, 1/GeV: the same for every event.</summary>
    public double Sigma { get; }

    /// <summary>q/pT in 1/GeV from the road centres (mm), one a station.</summary>
    public double QOverPt(ReadOnlySpan<float> roadCentres)
    {
        if (roadCentres.Length != _weights.Length)
        {
            throw new ArgumentException($"{roadCentres.Length} road centres for {_weights.Length} stations.", nameof(roadCentres));
        }

        double sum = 0;
        for (int station = 0; station < _weights.Length; station++)
        {
            sum += _weights[station] * roadCentres[station];
        }

        return sum;
    }
}

/// <summary>What is known of roads and of the beam before any hit is read.</summary>
internal sealed record RoadOptions
{
    /// <summary>Standard deviation of a road centre about the track, mm.</summary>
    public double RoadSigma { get; init; } = 40;
    /// <summary>Standard deviation of y at z = 0, mm: a uniform density over +-100 mm.</summary>
    public double OriginSigma { get; init; } = 100 / 1.7320508075688772;
    /// <summary>Standard deviation of the slope at z = 0: a uniform density over +-0.05.</summary>
    public double SlopeSigma { get; init; } = 0.05 / 1.7320508075688772;
}
