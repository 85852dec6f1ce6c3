namespace Sagitta.Tracking.Tracks;

/// <summary>
/// From weights of hits to tracks: soft clustering plane by plane, the circle fit, and the fit with full covariance about it. The same code
/// serves training, where the weights are logits on a recording tape, and every reading of a trained or true score.
/// </summary>
internal sealed class WeightedTrackFit
{
    private readonly ClusterOptions _clusters;
    private readonly bool _chargeWeighted;
    private readonly double[] _pitch;
    private readonly CircleFit _fit;
    private readonly TrackMaterial _material;
    private readonly CorrelatedFit? _correlated;
    private readonly RobustFit? _robust;
    private readonly bool _detachErrors;
    private readonly MeasurementStage? _stage;
    private readonly bool _detachTrack;

    /// <summary>
    /// A fit for a detector; <paramref name="chargeWeighted"/> takes the strip's charge as amplitude, else 1;
    /// <paramref name="detachErrors"/> lets no gradient pass through the errors of the clusters; <paramref name="stage"/> measures them
    /// better, on tapes to which its parameters are bound; <paramref name="detachTrack"/> lets no gradient of theirs pass through the
    /// diagonal fit, whose track tells them the inclination.
    /// </summary>
    public WeightedTrackFit(Detector detector, ClusterOptions clusters, TrackFitOptions fit, bool chargeWeighted = true,
        bool detachErrors = false, MeasurementStage? stage = null, bool detachTrack = false)
    {
        _detachTrack = detachTrack;
        _stage = stage;
        Detector = detector;
        _clusters = clusters;
        _chargeWeighted = chargeWeighted;
        _pitch = [.. detector.Planes.Select(p => p.StripPitch)];
        _fit = new(CircleGeometry.Of(detector), fit.Circle);
        _material = new(detector);
        _robust = fit.Robust ? new(_fit.Geometry, fit.Outliers, fit.Circle) : null;
        _detachErrors = detachErrors;
        _correlated = fit.Covariance ? new(_fit.Geometry, _material, fit.Circle) : null;
    }

    /// <summary>The detector.</summary>
    public Detector Detector { get; }

    /// <summary>The fit with independent planes.</summary>
    public CircleFit DiagonalFit => _fit;

    /// <summary>Its planes and field as the fit sees them.</summary>
    public CircleGeometry Geometry => _fit.Geometry;

    /// <summary>
    /// Fits the listed events. <paramref name="scores"/> has a row for each of their hits in order, logits or weights as
    /// <paramref name="logits"/> says; <paramref name="planeHits"/> receives their groups by event and plane, and must stay as it is until
    /// the backward pass is over.
    /// </summary>
    public FittedEvents Apply(Tensor<double> scores, bool logits, HitSet hits, ReadOnlySpan<int> selection, Segments planeHits) =>
        Apply(scores, logits, hits, selection, planeHits, PlaneShifts.None(scores.Tape, Geometry.PlaneCount));

    /// <summary>The same with planes that are not where the detector file has them; gradients flow to their shifts through every
    /// step.</summary>
    public FittedEvents Apply(Tensor<double> scores, bool logits, HitSet hits, ReadOnlySpan<int> selection, Segments planeHits,
        PlaneShifts shifts)
    {
        Clusters clusters = Measure(scores, logits, hits, selection, planeHits, shifts, out ImplicitSolution diagonal);
        if (_correlated is null)
        {
            diagonal = IsMeasured(scores.Tape, hits) ? _fit.Apply(clusters.Centroid, clusters.Sigma, clusters.Presence, shifts) : diagonal;
            return new(clusters, diagonal.Value, diagonal.Statuses, diagonal.Value, shifts);
        }

        ImplicitSolution solution = _correlated.Apply(clusters.Centroid, clusters.Sigma, clusters.Presence, shifts, diagonal.Value);

        // A failure of the first fit is the track's: the second has nothing to begin with.
        Span<SolveStatus> statuses = scores.Tape.Scratch<SolveStatus>(selection.Length);
        for (int i = 0; i < statuses.Length; i++)
        {
            statuses[i] = diagonal.Statuses[i] == SolveStatus.Converged ? solution.Statuses[i] : diagonal.Statuses[i];
        }

        return new(clusters, solution.Value, statuses, diagonal.Value, shifts);
    }

    /// <summary>What the last fit takes: positions and errors of all planes, measured about the tracks of the diagonal fit.</summary>
    public Clusters Measure(Tensor<double> scores, bool logits, HitSet hits, ReadOnlySpan<int> selection, Segments planeHits) =>
        Measure(scores, logits, hits, selection, planeHits, PlaneShifts.None(scores.Tape, Geometry.PlaneCount), out _);

    private Clusters Measure(Tensor<double> scores, bool logits, HitSet hits, ReadOnlySpan<int> selection, Segments planeHits,
        PlaneShifts shifts, out ImplicitSolution diagonal)
    {
        Tape<double> tape = scores.Tape;
        Span<double> y = tape.Scratch<double>(scores.Rows);
        Span<double> amplitude = tape.Scratch<double>(scores.Rows);
        Span<double> time = tape.Scratch<double>(scores.Rows);
        int row = 0;
        foreach (int e in selection)
        {
            for (int hit = hits.Offsets[e]; hit < hits.Offsets[e + 1]; hit++, row++)
            {
                y[row] = hits.Y[hit];
                amplitude[row] = _chargeWeighted ? hits.Charge[hit] : 1;
                time[row] = hits.Time[hit];
            }
        }

        PlaneGroups.Set(planeHits, hits, selection);
        Clusters clusters = logits
            ? SoftClustering.ApplyToLogits(scores, y, amplitude, planeHits, _pitch, _clusters)
            : SoftClustering.Apply(scores, y, amplitude, planeHits, _pitch, _clusters);
        if (hits.Smear > 0)
        {
            // Smeared crossings are not strips: their error is known and the same everywhere.
            Tensor<double> sigma = tape.Allocate(clusters.Sigma.Rows, clusters.Sigma.Columns);
            sigma.Values.Fill(hits.Smear);
            clusters = clusters with { Sigma = sigma };
        }

        clusters = Errors(clusters, clusters.Sigma);
        diagonal = _fit.Apply(clusters.Centroid, clusters.Sigma, clusters.Presence, shifts);
        if (_robust is not null)
        {
            ImplicitSolution robust = _robust.Apply(clusters.Centroid, clusters.Sigma, clusters.Presence, shifts, diagonal.Value);
            clusters = clusters with
            {
                Presence = OutlierPresence.Apply(Geometry, _robust.Robust, robust.Value, robust.Statuses, clusters.Centroid, clusters.Sigma,
                    clusters.Presence, shifts),
            };
            diagonal = _fit.Apply(clusters.Centroid, clusters.Sigma, clusters.Presence, shifts);
        }

        bool measured = IsMeasured(tape, hits);
        Tensor<double> track = diagonal.Value;
        track = _detachTrack ? tape.Constant(track.Values, track.Rows, track.Columns) : track;
        if ((_correlated is not null || measured) && !(hits.Smear > 0))
        {
            clusters = Errors(clusters, InclinedErrors.Apply(
                Detector, Geometry, _clusters.Resolution, clusters, track, diagonal.Statuses, shifts));
        }

        return measured ? _stage!.Apply(
            new() { Scores = scores, Logits = logits, Y = y, Amplitude = amplitude, Time = time, Planes = planeHits }, clusters,
            track, diagonal.Statuses) : clusters;
    }

    // Smeared crossings are not strips.
    private bool IsMeasured(Tape<double> tape, HitSet hits) => _stage is not null && tape.HasParameters && !(hits.Smear > 0);

    private Clusters Errors(Clusters clusters, Tensor<double> sigma) =>
        clusters with { Sigma = _detachErrors ? sigma.Tape.Constant(sigma.Values, sigma.Rows, sigma.Columns) : sigma };

    /// <summary>Clusters minus track of one fitted event, mm, without the small bend by loss of energy; planes that are not present are
    /// left as they are.</summary>
    public void Residuals(FittedEvents fitted, int row, Span<float> residuals)
    {
        ReadOnlySpan<double> track = fitted.Track.Values.Slice(row * TrackParameter.Count, TrackParameter.Count);
        double curvature = track[TrackParameter.QOverPt] * Geometry.CurvaturePerQOverPt;
        for (int i = 0; i < residuals.Length && fitted.Statuses[row] == SolveStatus.Converged; i++)
        {
            int at = (row * residuals.Length) + i;
            if (fitted.Clusters.Presence.Values[at] >= _fit.Options.MinimumPresence)
            {
                residuals[i] = (float)(fitted.Clusters.Centroid.Values[at] - track[TrackParameter.Y0]
                    - CircleTrack.Displacement(Geometry.Z[i], track[TrackParameter.Slope], curvature));
            }
        }
    }

    /// <summary>Error of q/pT (measurement and scattering), chi-square and planes of each fitted event.</summary>
    public void Describe(FittedEvents fitted, Span<TrackQuality> qualities)
    {
        ReadOnlySpan<double> planeZ = fitted.Shifts.Z.Values;
        CircleGeometry geometry = Geometry.At(planeZ);
        TrackMaterial material = _material.At(planeZ);
        Span<double> centroid = fitted.Track.Tape.Scratch<double>(fitted.Clusters.Centroid.Length);
        for (int k = 0; k < centroid.Length; k++)
        {
            centroid[k] = fitted.Clusters.Centroid.Values[k] + fitted.Shifts.Y.Values[k % planeZ.Length];
        }

        if (_correlated is null)
        {
            TrackQuality.OfDiagonalFits(
                geometry,
                material,
                _fit.Options,
                fitted.Track.Values,
                fitted.Statuses,
                centroid,
                fitted.Clusters.Sigma.Values,
                fitted.Clusters.Presence.Values,
                qualities);
        }
        else
        {
            TrackQuality.OfCorrelatedFits(
                geometry,
                material,
                _fit.Options,
                fitted.Track.Values,
                fitted.Statuses,
                fitted.Diagonal.Values,
                centroid,
                fitted.Clusters.Sigma.Values,
                fitted.Clusters.Presence.Values,
                qualities);
        }
    }
}

/// <summary>How tracks are fitted to clusters, the same for every method.</summary>
internal sealed record TrackFitOptions
{
    /// <summary>
    /// Whether a second fit follows the diagonal one, with multiple scattering between planes, loss of energy, and cluster errors that
    /// know the track's inclination.
    /// </summary>
    public bool Covariance { get; init; } = true;

    /// <summary>Whether outlying planes lose their say smoothly: a robust fit, then the fit of all others with presences lowered by the
    /// distance from it.</summary>
    public bool Robust { get; init; }

    /// <summary>How, where they do.</summary>
    public RobustFitOptions Outliers { get; init; } = new();

    /// <summary>What counts as too few planes, a vertex, and when a fit is given up.</summary>
    public CircleFitOptions Circle { get; init; } = new();
}

/// <summary>Clusters and tracks of consecutive events on a tape.</summary>
internal readonly ref struct FittedEvents(
    Clusters clusters, Tensor<double> track, ReadOnlySpan<SolveStatus> statuses, Tensor<double> diagonal, PlaneShifts shifts)
{
    /// <summary>Centroid, error and presence of every plane of every event.</summary>
    public Clusters Clusters { get; } = clusters;

    /// <summary>Events x 3, in the order of <see cref="TrackParameter"/>.</summary>
    public Tensor<double> Track { get; } = track;

    /// <summary>How each fit ended.</summary>
    public ReadOnlySpan<SolveStatus> Statuses { get; } = statuses;

    /// <summary>Events x 3: the tracks of the diagonal fit; the same as <see cref="Track"/> where no other followed.</summary>
    public Tensor<double> Diagonal { get; } = diagonal;

    /// <summary>Where the planes were.</summary>
    public PlaneShifts Shifts { get; } = shifts;
}
