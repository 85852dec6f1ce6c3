namespace Sagitta.Tracking.Endcap;

/// <summary>
/// The composite loss of one event and its gradient: cross-entropy of scores and weights, separation of tracks; then, with the tracks that
/// the chain finds from these weights and matched to muons by the exact assignment, the robust residual of q/p through clusters and fit,
/// and the clusters that the exact assignment gives to a wrong track, through its black-box interpolation. Holds reused memory: one a
/// thread.
/// </summary>
internal sealed class EndcapLoss : IDisposable
{
    private readonly EndcapReconstruction _chain;
    private readonly EndcapNetwork _model;
    private readonly EndcapTracker _tracker;
    private readonly EndcapGraphBuilder _graphs;
    private readonly HitGraph _graph = new();
    private readonly Tape<float> _tape = new();
    private readonly Tape<double> _fit = new();
    private readonly Tape<double> _solve = new();
    private readonly DenseAssignment _matching = new();
    private readonly AssignmentProblem _problem;
    private readonly Segments _planes = new();
    private readonly ClusterOptions _clustering = new();
    private readonly double[] _pitch;
    private readonly List<int> _rows = [];

    public EndcapLoss(EndcapReconstruction chain, EndcapNetwork model)
    {
        (_chain, _model, _tracker, _graphs) = (chain, model, new(chain), new(chain.Geometry));
        _problem = new()
        {
            Options = new() { Lambda = model.Experiment.Loss.Lambda, AlonePrice = chain.Search.AlonePrice },
        };
        _pitch = [.. chain.Geometry.Strips.Planes.Select(plane => plane.StripPitch)];
    }

    /// <summary>The event's share of the loss of a batch; adds its gradient.</summary>
    /// <param name="events">Events with truth.</param>
    /// <param name="e">Which.</param>
    /// <param name="limits">One unit of residual for each muon of the sample, 1/GeV.</param>
    /// <param name="scale">What makes sums means.</param>
    /// <param name="gradients">Receives the gradient.</param>
    public EndcapLossTerms Run(EndcapEvents events, int e, ReadOnlySpan<double> limits, in EndcapBatchScale scale,
        ParameterVector<float> gradients)
    {
        EndcapLossOptions options = _model.Experiment.Loss;
        int begin = events.Offsets[e];
        int hits = events.Offsets[e + 1] - begin;
        if (hits == 0)
        {
            return default;
        }

        _graphs.Build(events, e, _tracker, _tracker.Find(events, e, []), _graph);
        _tape.Reset();
        _tape.Bind(_model.Parameters, gradients);
        HitLogits<float> logits = _model.Network.Forward(_tape, _graph);
        short[] owners = events.Label[events.HitsOf(e)];
        Tensor<float> labels = _tape.Allocate(hits, 1), balance = _tape.Allocate(hits, 1);
        for (int hit = 0; hit < hits; hit++)
        {
            labels.Values[hit] = owners[hit] >= 0 ? 1 : 0;
            balance.Values[hit] = (float)(owners[hit] >= 0 ? scale.PerTrueHit : scale.PerOtherHit);
        }

        Tensor<float> total = Add<float>.Apply(BinaryCrossEntropy<float>.Apply(logits.Score, labels, balance),
            BinaryCrossEntropy<float>.Apply(logits.Weight, labels, balance));
        EndcapLossTerms terms = new(total.Values[0], 0, 0, 0);
        int muons = events.MuonsOf(e).Length;
        if (logits.Separation is { } separation && options.Separation > 0)
        {
            Tensor<float> apart = SeparationLoss.Apply(separation, owners, muons, options.Separation * scale.PerEvent);
            terms = terms with { Separation = apart.Values[0] };
            total = Add<float>.Apply(total, apart);
        }

        _tape.PrepareGradients();
        if ((options.EndToEnd || options.Local > 0) && scale.FitFactor > 0 && muons > 0)
        {
            terms += Tracks(events, e, limits, scale, logits);
        }

        total.Gradient[0] = 1;
        _tape.Backward();
        return terms;
    }

    public void Dispose()
    {
        _tape.Dispose();
        _fit.Dispose();
        _solve.Dispose();
        _matching.Dispose();
    }

    private EndcapLossTerms Tracks(EndcapEvents events, int e, ReadOnlySpan<double> limits, in EndcapBatchScale scale,
        in HitLogits<float> logits)
    {
        _tracker.Separation = logits.Separation is { } separation ? separation.Values.ToArray() : [];
        IReadOnlyList<EndcapTrack> tracks = _tracker.Reconstruct(events, e,
            EndcapScores.Weights(logits.Score.Values, logits.Weight.Values, _model.Experiment.LeastProbability));
        int muons = events.MuonsOf(e).Length;
        EndcapTrack[] found = [.. tracks.Where(track => track.Fit.IsConverged)];
        int[] muonOf = Match(events, found, muons);
        double fit = 0, local = 0;
        List<Matched> matched = [];
        for (int t = 0; t < found.Length; t++)
        {
            if (muonOf[t] >= 0)
            {
                (double ofFit, double ofPlanes) = Fit(
                    events, e, found[t], muonOf[t], limits[events.MuonOffsets[e] + muonOf[t]], scale, logits.Weight);
                (fit, local) = (fit + ofFit, local + ofPlanes);
                matched.Add(new(_tracker.TrialOf(found[t]), muonOf[t]));
            }
        }

        return new(0, 0, fit, matched.Count > 0 ? Assignment(events, e, matched, scale, logits) : 0) { Local = local };
    }

    // Tracks and muons that share most planes; -1 for a track of no muon.
    private int[] Match(EndcapEvents events, EndcapTrack[] tracks, int muons)
    {
        double[] costs = new double[tracks.Length * muons];
        for (int i = 0; i < costs.Length; i++)
        {
            int shared = tracks[i / muons].PlanesOf(events, i % muons);
            costs[i] = 2 * shared > tracks[i / muons].Fit.Planes ? -shared : double.PositiveInfinity;
        }

        int[] muonOf = new int[tracks.Length];
        _matching.Solve<double>(costs, tracks.Length, muons, muonOf);
        return muonOf;
    }

    // Clusters and fit of one track again, on a tape: the robust residual, and the likelihood of each plane by itself.
    private (double Fit, double Local) Fit(EndcapEvents events, int e, EndcapTrack track, int muon, double limit, in EndcapBatchScale scale,
        Tensor<float> weightLogits)
    {
        EndcapLossOptions options = _model.Experiment.Loss;
        EndcapGeometry geometry = _chain.Geometry;
        _planes.Clear();
        _rows.Clear();
        foreach ((int first, int end) in track.Hits)
        {
            _planes.Append(end - first);
            for (int hit = first; hit < end; hit++)
            {
                _rows.Add(hit);
            }
        }

        int begin = events.Offsets[e];
        _fit.Reset();
        Tensor<double> logits = _fit.Leaf([.. _rows.Select(hit => (double)weightLogits.Values[hit - begin])], _rows.Count, 1);
        Clusters clusters = SoftClustering.ApplyToLogits(logits,
            [.. _rows.Select(hit => (double)events.U[hit])],
            [.. _rows.Select(hit => (double)events.Charge[hit])], _planes, _pitch, _clustering);
        int planes = _pitch.Length;
        double[] sigma = new double[planes], presence = new double[planes], byWidth = new double[planes];
        for (int p = 0; p < planes; p++)
        {
            Plane strips = geometry.Strips.Planes[p];
            sigma[p] = Math.Sqrt(clusters.Intrinsic.Values[p] + _chain.Resolution.WithTrack(strips.StripPitch, strips.GapThickness,
                track.Fit.Track.Ty, clusters.Width.Values[p], out _, out byWidth[p]));
            presence[p] = track.Hits[p].End > track.Hits[p].First ? clusters.Presence.Values[p] : 0;
        }

        double perPlane = options.Local * scale.PerMuon / planes;
        Tensor<double> local = LocalLikelihood.Apply(clusters, events.Crossings, [events.MuonOffsets[e] + muon]);
        _fit.PrepareGradients();
        local.Gradient[0] = perPlane;
        double factor = options.Fit * scale.PerMuon;
        double robust = factor > 0 ? ThroughFit(clusters, sigma, presence, byWidth, events.MuonsOf(e)[muon].QOverP, limit, factor) : 0;
        _fit.Backward();
        AddLimited(logits.Gradient, begin, factor + (perPlane * planes), weightLogits.Gradient);
        return (robust, perPlane * local.Values[0]);
    }

    // The robust residual of q/p; its gradient goes through the fit to the clusters.
    private double ThroughFit(in Clusters clusters, double[] sigma, double[] presence, double[] byWidth, double truth, double limit,
        double factor)
    {
        int planes = sigma.Length;
        double robust = _model.Experiment.Loss.RobustScale;
        _solve.Reset();
        Tensor<double> measured = _solve.Leaf(clusters.Centroid.Values, 1, planes), errors = _solve.Leaf(sigma, 1, planes);
        Tensor<double> present = _solve.Leaf(presence, 1, planes), still = _solve.Constant(new double[planes], 1, planes);
        ImplicitSolution fit = _chain.Fit.Apply(measured, errors, present, still, still, _solve.Constant([1.0], 1, 1));
        if (fit.Statuses[0] != SolveStatus.Converged)
        {
            return 0;
        }

        double residual = (fit.Value.Values[TrackState.Count - 1] - truth) / limit;
        double scaled = residual / robust;
        _solve.PrepareGradients();
        fit.Value.Gradient[TrackState.Count - 1] = factor * residual / (1 + (scaled * scaled)) / limit;
        _solve.Backward();
        measured.Gradient.CopyTo(clusters.Centroid.Gradient);
        for (int p = 0; p < planes; p++)
        {
            double onVariance = errors.Gradient[p] / (2 * sigma[p]);
            clusters.Presence.Gradient[p] = presence[p] > 0 ? present.Gradient[p] : 0;
            clusters.Intrinsic.Gradient[p] = onVariance;
            clusters.Width.Gradient[p] = onVariance * byWidth[p];
        }

        return factor * robust * robust / 2 * Math.Log(1 + (scaled * scaled));
    }

    // One track with a lever arm of its own must not outvote the batch.
    private void AddLimited(ReadOnlySpan<double> gradient, int begin, double limit, Span<float> target)
    {
        double norm = 0;
        foreach (double value in gradient)
        {
            norm += value * value;
        }

        double factor = norm > limit * limit ? limit / Math.Sqrt(norm) : 1;
        for (int i = 0; i < gradient.Length; i++)
        {
            target[_rows[i] - begin] += (float)(factor * gradient[i]);
        }
    }

    // The exact assignment of all planes' clusters to the matched tracks: rows are a track and a plane, a loss counts each wrong entry.
    private double Assignment(EndcapEvents events, int e, List<Matched> tracks, in EndcapBatchScale scale, in HitLogits<float> logits)
    {
        double factor = _model.Experiment.Loss.Assignment * scale.PerMuon / _pitch.Length;
        if (factor == 0)
        {
            return 0;
        }

        ReadOnlySpan<int> borders = _tracker.Clusters.Offsets;
        List<int> offsets = [0], columns = [], owners = [];
        List<double> costs = [];
        double[][] centres = [.. tracks.Select(t => _tracker.CentreOf(events, e, t.Trial.Clusters))];
        for (int t = 0; t < tracks.Count; t++)
        {
            for (int p = 0; p < _pitch.Length; p++)
            {
                for (int c = borders[p]; c < borders[p + 1]; c++)
                {
                    double cost = _tracker.Cost(events, e, c, tracks[t].Trial.Places[p], tracks[t].Trial.Slopes[p], centres[t]);
                    if (cost < 4 * _chain.Search.AlonePrice)
                    {
                        columns.Add(c);
                        costs.Add(cost);
                        owners.Add(t);
                    }
                }

                offsets.Add(columns.Count);
            }
        }

        _problem.Set([.. offsets], [.. columns], _tracker.Clusters.All.Length);
        _fit.Reset();
        Tensor<double> given = _fit.Leaf([.. costs], costs.Count, 1);
        Tensor<double> chosen = BlackBoxAssignment<double>.Apply(given, _problem);
        _fit.PrepareGradients();
        double wrong = 0;
        for (int i = 0; i < columns.Count; i++)
        {
            EndcapCluster cluster = _tracker.Clusters.All[columns[i]];
            double wanted = cluster.IsOf(events, tracks[owners[i]].Muon) ? 1 : 0;
            double difference = chosen.Values[i] - wanted;

            // A muon's cluster and its ends are one and the same to it: what counts is a cluster of something else.
            double own = wanted == 0 ? difference : 0;
            wrong += own * own;
            chosen.Gradient[i] = 2 * factor * own;
        }

        _fit.Backward();
        for (int i = 0; i < columns.Count; i++)
        {
            if (given.Gradient[i] != 0)
            {
                Spread(events, e, columns[i], centres[owners[i]], given.Gradient[i], logits);
            }
        }

        return factor * wrong;
    }

    // From the cost of a cluster to its hits: their weights through its presence, and their places among what tells tracks apart.
    private void Spread(EndcapEvents events, int e, int c, double[] centre, double onCost, in HitLogits<float> logits)
    {
        EndcapCluster cluster = _tracker.Clusters.All[c];
        double half = _clustering.HalfPresence;
        double sum = cluster.Presence < 1 ? half * cluster.Presence / (1 - cluster.Presence) : 1;
        double byWeight = -_chain.Search.WeightValue * half / ((sum + half) * (sum + half));
        double[] own = _tracker.CentreOf(events, e, c);
        for (int hit = cluster.FirstHit; hit < cluster.EndHit; hit++)
        {
            int row = hit - events.Offsets[e];
            double weight = SoftClustering.Sigmoid(logits.Weight.Values[row]);
            logits.Weight.Gradient[row] += (float)(onCost * byWeight * weight * (1 - weight));
            for (int k = 0; k < centre.Length && logits.Separation is { } separation; k++)
            {
                separation.Gradient[(row * centre.Length) + k] += (float)(onCost * _chain.Search.SeparationValue * 2
                    * (own[k] - centre[k]) / (cluster.EndHit - cluster.FirstHit));
            }
        }
    }

    private readonly record struct Matched(EndcapTrial Trial, int Muon);
}

/// <summary>What makes the sums of a batch means.</summary>
/// <param name="PerTrueHit">Weight of a muon's hit.</param>
/// <param name="PerOtherHit">Weight of another hit.</param>
/// <param name="PerMuon">One over the muons of the batch.</param>
/// <param name="PerEvent">One over its events.</param>
/// <param name="FitFactor">How much fit and assignment count at this step.</param>
internal readonly record struct EndcapBatchScale(double PerTrueHit, double PerOtherHit, double PerMuon, double PerEvent, double FitFactor);

/// <summary>Terms of the loss, with their weights.</summary>
/// <param name="Classification">Cross-entropies.</param>
/// <param name="Separation">Separation of tracks.</param>
/// <param name="Fit">Robust residual of q/p.</param>
/// <param name="Assignment">Clusters of something else that the assignment gives to tracks.</param>
internal readonly record struct EndcapLossTerms(double Classification, double Separation, double Fit, double Assignment)
{
    /// <summary>Likelihood of each plane's cluster.</summary>
    public double Local { get; init; }

    /// <summary>How many numbers they are.</summary>
    public const int Numbers = 5;

    public double Total => Classification + Separation + Fit + Assignment + Local;

    /// <summary>The terms of <see cref="ToArray"/>.</summary>
    public static EndcapLossTerms Of(ReadOnlySpan<double> numbers) =>
        new(numbers[0], numbers[1], numbers[2], numbers[3]) { Local = numbers[4] };

    public double[] ToArray() => [Classification, Separation, Fit, Assignment, Local];

    public void CopyTo(Span<double> numbers) => ToArray().CopyTo(numbers);

    public static EndcapLossTerms operator +(EndcapLossTerms a, EndcapLossTerms b) =>
        new(a.Classification + b.Classification, a.Separation + b.Separation, a.Fit + b.Fit, a.Assignment + b.Assignment)
        {
            Local = a.Local + b.Local,
        };
}
