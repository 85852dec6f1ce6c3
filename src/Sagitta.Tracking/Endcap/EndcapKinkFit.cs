namespace Sagitta.Tracking.Endcap;

/// <summary>
/// The fit of the search: five parameters at the reference plane and the angles of scattering in thick material, by Gauss and Newton with
/// damping, so that it says where a track passes each plane with its scattering. The covariance and the gradients are those of
/// <see cref="EndcapFit"/>, which fits what the search has chosen. Minimises the squares of (u - u(track)) / sigma, each plane times its
/// presence, and of the angles over their expected widths (Highland, with the logarithm of all material). Keeps its memory between tracks.
/// </summary>
internal sealed class EndcapKinkFit
{
    public const int Parameters = 5;
    private const int Kinks = 3;
    private const int All = EndcapTrackState.Columns;
    private const int Momentum = All - 1;
    private const int MostSteps = 12;
    private const double Converged = 1e-4;
    private readonly EndcapGeometry _geometry;
    private readonly EndcapTransport _transport;
    private readonly IReadOnlyList<EndcapScatterer> _scatterers;
    private readonly double _logarithm;
    private readonly double[] _jacobian;
    private readonly double[] _predicted;
    private readonly double[] _slopes;
    private readonly double[] _normal = new double[All * All];
    private readonly double[] _factor = new double[All * All];
    private readonly double[] _gradient = new double[All];
    private readonly double[] _step = new double[All];
    private readonly double[] _kinks = new double[2 * Kinks];

    public EndcapKinkFit(EndcapGeometry geometry, MagneticField field, IReadOnlyList<EndcapScatterer> scatterers)
    {
        if (scatterers.Count > Kinks)
        {
            throw new ArgumentException($"At most {Kinks} pieces of material scatter.", nameof(scatterers));
        }

        (_geometry, _scatterers, _transport) = (geometry, scatterers, new(field));
        _jacobian = new double[geometry.Planes.Count * All];
        _predicted = new double[geometry.Planes.Count];
        _slopes = new double[geometry.Planes.Count];
        double total = scatterers.Sum(s => s.RadiationLengths);
        _logarithm = 1 + (0.038 * Math.Log(Math.Max(total, 1e-6)));
    }

    /// <summary>u of the last fitted track at each plane, mm.</summary>
    public ReadOnlySpan<double> Predicted => _predicted;

    /// <summary>dy/dz of the last fitted track at each plane.</summary>
    public ReadOnlySpan<double> Slopes => _slopes;

    /// <summary>Places a track without fitting: fills <see cref="Predicted"/> and <see cref="Slopes"/>.</summary>
    public void Place(in EndcapTruth track)
    {
        Array.Clear(_kinks);
        Integrate(track);
    }

    /// <summary>Fits measurements, one a plane.</summary>
    /// <param name="start">A first guess.</param>
    /// <param name="u">Measurements, mm.</param>
    /// <param name="variance">Their variances, mm^2.</param>
    /// <param name="presence">How much each counts, 0 for none.</param>
    public EndcapTrackFit Fit(EndcapTruth start, ReadOnlySpan<double> u, ReadOnlySpan<double> variance, ReadOnlySpan<double> presence)
    {
        int planes = 0;
        bool stereo = false;
        for (int p = 0; p < u.Length; p++)
        {
            planes += presence[p] > 0.5 ? 1 : 0;
            stereo |= presence[p] > 0.5 && _geometry.Planes[p].IsStereo;
        }

        if (planes < Parameters + 1 || !stereo)
        {
            return EndcapTrackFit.Failed(SolveStatus.TooFewPlanes, planes);
        }

        Array.Clear(_kinks);
        EndcapTruth track = start;
        double objective = Objective(track, u, variance, presence);
        double damping = 0;
        for (int step = 0; step < MostSteps; step++)
        {
            Normalise(track, u, variance, presence);
            double[] before = [.. _kinks];
            EndcapTruth previous = track;
            if (!Solve(damping))
            {
                return EndcapTrackFit.Failed(SolveStatus.Singular, planes);
            }

            double change = 0;
            for (int i = 0; i < All; i++)
            {
                change += _step[i] * _gradient[i];
            }

            track = new(track.X + _step[0], track.Y + _step[1], track.Tx + _step[2], track.Ty + _step[3], track.QOverP + _step[Momentum]);
            for (int k = 0; k < _kinks.Length; k++)
            {
                _kinks[k] += _step[4 + k];
            }

            double next = Objective(track, u, variance, presence);
            if (!(next <= objective + 1e-9))
            {
                damping = damping == 0 ? 1e-3 : damping * 10;
                track = previous;
                before.CopyTo(_kinks, 0);
                if (damping > 1e6)
                {
                    break;
                }

                Integrate(track);
                continue;
            }

            objective = next;
            damping = damping > 1e-6 ? damping / 10 : 0;
            if (change < Converged)
            {
                return Math.Abs(track.QOverP) < 1 ? new(SolveStatus.Converged, track, [], objective, planes)
                    : EndcapTrackFit.Failed(SolveStatus.NotConverged, planes);
            }
        }

        return EndcapTrackFit.Failed(SolveStatus.NotConverged, planes);
    }

    private double Objective(in EndcapTruth track, ReadOnlySpan<double> u, ReadOnlySpan<double> variance, ReadOnlySpan<double> presence)
    {
        Integrate(track);
        double sum = 0;
        for (int p = 0; p < u.Length; p++)
        {
            double residual = u[p] - _predicted[p];
            sum += presence[p] > 0 ? presence[p] * residual * residual / variance[p] : 0;
        }

        for (int k = 0; k < _kinks.Length; k++)
        {
            sum += _kinks[k] * _kinks[k] / KinkVariance(k / 2, track);
        }

        return sum;
    }

    private double KinkVariance(int kink, in EndcapTruth track)
    {
        if (kink >= _scatterers.Count)
        {
            return 1e-12;
        }

        double path = Math.Sqrt(1 + (track.Tx * track.Tx) + (track.Ty * track.Ty));
        double width = 0.0136 * Math.Abs(track.QOverP) * _logarithm * path * path;
        return Math.Max(width * width * _scatterers[kink].RadiationLengths * path, 1e-16);
    }

    // The expected widths of kinks are those of the last momentum; their derivative is left out.
    private void Normalise(in EndcapTruth track, ReadOnlySpan<double> u, ReadOnlySpan<double> variance, ReadOnlySpan<double> presence)
    {
        Array.Clear(_normal);
        Array.Clear(_gradient);
        for (int p = 0; p < u.Length; p++)
        {
            if (!(presence[p] > 0))
            {
                continue;
            }

            ReadOnlySpan<double> row = _jacobian.AsSpan(p * All, All);
            double weight = presence[p] / variance[p];
            double residual = weight * (u[p] - _predicted[p]);
            for (int i = 0; i < All; i++)
            {
                _gradient[i] += row[i] * residual;
                for (int j = 0; j <= i; j++)
                {
                    _normal[(i * All) + j] += weight * row[i] * row[j];
                }
            }
        }

        for (int k = 0; k < _kinks.Length; k++)
        {
            double inverse = 1 / KinkVariance(k / 2, track);
            _normal[(4 + k) * (All + 1)] += inverse;
            _gradient[4 + k] -= _kinks[k] * inverse;
        }
    }

    // Cholesky, after scaling to a unit diagonal.
    private bool Solve(double damping)
    {
        for (int i = 0; i < All; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = _normal[(i * All) + j] * (i == j ? 1 + damping : 1);
                for (int k = 0; k < j; k++)
                {
                    sum -= _factor[(i * All) + k] * _factor[(j * All) + k];
                }

                if (i == j && !(sum > 1e-14 * _normal[(i * All) + i]))
                {
                    return false;
                }

                _factor[(i * All) + j] = i == j ? Math.Sqrt(sum) : sum / _factor[(j * All) + j];
            }
        }

        _gradient.CopyTo(_step, 0);
        Substitute(_step);
        return true;
    }

    private void Substitute(Span<double> vector)
    {
        for (int i = 0; i < All; i++)
        {
            for (int k = 0; k < i; k++)
            {
                vector[i] -= _factor[(i * All) + k] * vector[k];
            }

            vector[i] /= _factor[(i * All) + i];
        }

        for (int i = All - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < All; k++)
            {
                vector[i] -= _factor[(k * All) + i] * vector[k];
            }

            vector[i] /= _factor[(i * All) + i];
        }
    }

    private void Integrate(in EndcapTruth track)
    {
        EndcapTrackState state = EndcapTrackState.At(track);
        double z = _geometry.Planes[0].Z;
        (double qOverP, double toQOverP) = (track.QOverP, 1);
        int kink = 0;
        for (int p = 0; p < _predicted.Length; p++)
        {
            StereoPlane plane = _geometry.Planes[p];
            for (; kink < _scatterers.Count && _scatterers[kink].Z < plane.Z; kink++)
            {
                _transport.Move(ref state, z, _scatterers[kink].Z, qOverP, toQOverP);
                z = _scatterers[kink].Z;
                state.Turn(kink, _kinks[2 * kink], _kinks[(2 * kink) + 1]);

                // q/p grows where energy is lost: q/p' = q/p / (1 - loss |q/p|).
                double left = Math.Max(1 - (_scatterers[kink].Loss * Math.Abs(qOverP)), 0.1);
                qOverP /= left;
                toQOverP /= left * left;
            }

            _transport.Move(ref state, z, plane.Z, qOverP, toQOverP);
            z = plane.Z;
            _predicted[p] = plane.U(state.X, state.Y);
            _slopes[p] = state.Ty;
            for (int c = 0; c < All; c++)
            {
                _jacobian[(p * All) + c] = plane.U(state.By(c)[0], state.By(c)[1]);
            }
        }
    }
}

/// <summary>Material that turns tracks and takes energy from them, in one place.</summary>
/// <param name="Z">Its place, mm.</param>
/// <param name="RadiationLengths">Its thickness at normal incidence.</param>
/// <param name="Loss">The median loss of energy in it, GeV.</param>
internal sealed record EndcapScatterer(double Z, double RadiationLengths, double Loss)
{
    // Median of muons from 5 to 200 GeV in aluminium, GeV mm^2/g.
    private const double LossPerThickness = 2.0e-3 * 100;

    /// <summary>
    /// The walls, and the planes of each station but the last with what fills the space up to the next. Planes that have a wall behind them
    /// count with it, since a fit has few kinks.
    /// </summary>
    public static IReadOnlyList<EndcapScatterer> Of(EndcapGeometry geometry)
    {
        List<EndcapScatterer> scatterers = [];
        EndcapDetector detector = geometry.Detector;
        for (int s = 0; s + 1 < geometry.Stations.Count; s++)
        {
            (double back, double front) = (geometry.Planes[geometry.Stations[s].Planes[^1]].Z,
                geometry.Planes[geometry.Stations[s + 1].Planes[0]].Z);
            double lengths = geometry.Stations[s].Planes.Sum(p => geometry.Strips.Planes[p].RadiationLengths)
                + ((front - back) / detector.Medium.RadiationLength);
            EndcapScatterer[] walls = [.. detector.Walls.Where(wall => wall.Z > back && wall.End < front)
                .Select(wall => new EndcapScatterer(
                (wall.Z + wall.End) / 2, wall.Slab.Thickness / wall.Slab.Material.RadiationLength, LossPerThickness
                * wall.Slab.Thickness * wall.Slab.Material.Density * PhysicalConstants.GramPerCubicCentimetre))];
            scatterers.AddRange(walls.Length == 0 ? [new(back, lengths, 0)]
                : [walls[0] with { RadiationLengths = walls[0].RadiationLengths + lengths }, .. walls[1..]]);
        }

        return scatterers;
    }
}
