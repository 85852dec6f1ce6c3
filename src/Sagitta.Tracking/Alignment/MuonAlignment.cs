namespace Sagitta.Tracking.Alignment;

/// <summary>
/// Where the planes of a muon detector stand, from tracks: the network selects hits and clusters, the shifts are solved for, hits are moved
/// and selected again, until nothing moves. Planes far from their places are found in steps, with a wide bound on pulls first.
/// </summary>
/// <param name="model">Selects hits.</param>
/// <param name="detector">Planes as they are believed to stand; shifts that it has already are where the search begins.</param>
/// <param name="options">What is free, and when it ends.</param>
/// <param name="threads">Threads; nothing depends on their number.</param>
internal sealed class MuonAlignment(MuonModel model, Detector detector, AlignmentOptions options, WorkerThreads threads)
{
    // What a step is assumed to lack before the first one, mm.
    private const double FirstWidth = 3;
    private const double UsualSigma = 0.1;

    // The first steps need no more events than these.
    private const int FewEvents = 3000;
    private readonly AlignmentModel _model = AlignmentModel.Of(detector);

    /// <summary>Aligns with these events.</summary>
    /// <param name="hits">Their hits, as the planes report them.</param>
    /// <param name="knownQOverPt">Their q/pT, 1/GeV, where it is known otherwise; NaN for events without a muon; null where it is
    /// not.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="BadInputException">The events can't tell where the planes are.</exception>
    public AlignmentResult Run(HitSet hits, double[]? knownQOverPt, CancellationToken stop)
    {
        int planes = detector.Planes.Count;
        Require(planes, knownQOverPt);
        AlignmentParameters order = new(planes);
        List<int> free = [.. Enumerable.Range(0, planes).Select(order.Y)];
        List<AlignmentConstraint> constraints = [.. Enumerable.Range(0, knownQOverPt is null ? 3 : 2)
            .Select(degree => AlignmentConstraint.Polynomial(_model, alongZ: false, degree))];
        if (options.AlongZ)
        {
            free.AddRange(Enumerable.Range(0, planes).Select(order.Z));
            constraints.AddRange(Enumerable.Range(0, 2).Select(degree => AlignmentConstraint.Polynomial(_model, alongZ: true, degree)));
        }

        if (options.WholeStations)
        {
            constraints.AddRange(AlignmentConstraint.Rigid(detector, _model, alongZ: false));
            constraints.AddRange(options.AlongZ ? AlignmentConstraint.Rigid(detector, _model, alongZ: true) : []);
        }

        if (knownQOverPt is not null)
        {
            free.Add(order.FieldScale);
        }

        double[] start = Start(order);
        double[] values = [.. start];
        List<double> moves = [];
        double width = FirstWidth;
        bool all = hits.Count <= FewEvents;
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            HitSet used = all ? hits : hits.Slice(0, FewEvents);
            AlignmentTracks tracks = Clusters(used, knownQOverPt, values);
            if (moves.Count == 0 && used.Smear == 0 && !Seen(tracks, planes))
            {
                double[] coarse = CoarsePlaces.Find(WithRoads(new(model.Experiment.Reconstruction, detector), used));
                coarse.CopyTo(values, 0);
                tracks = Clusters(used, knownQOverPt, values);
            }

            AlignmentSelection selection = new(options.LargestPull, Math.Min(planes, options.FewestPlanes),
                1 + (width / UsualSigma / options.LargestPull));
            double[] before = [.. values];
            AlignmentSum sum;
            AlignmentSolution solution;
            double step;
            int steps = 0;
            do
            {
                sum = AlignmentSum.Of(_model, tracks, values, selection, threads);
                RequireEnough(sum, used.Count);
                solution = AlignmentSolution.Of(sum, free, constraints, values) ?? throw new BadInputException("the alignment",
                    "the equations for the planes are singular: some plane is not measured", "give more events, or free fewer parameters");
                step = solution.Step.Take(2 * planes).Max(Math.Abs);
                for (int k = 0; k < values.Length; k++)
                {
                    values[k] += solution.Step[k];
                }
            }
            while (step > options.Tolerance / 10 && ++steps < options.StepsOfARound && step < options.LargestShift);

            double moved = values.Zip(before, (a, b) => Math.Abs(a - b)).Take(2 * planes).Max();
            moves.Add(moved);
            double farthest = values.Take(2 * planes).Max(Math.Abs);
            string? problem = !double.IsFinite(farthest) || farthest > options.LargestShift
                ? string.Create(CultureInfo.InvariantCulture,
                    $"a plane would move by {farthest:0.#} mm, and more than {options.LargestShift:0.#} mm is no misalignment: tracks and "
                    + $"detector do not belong together")
                : null;
            bool still = all && moved < options.Tolerance;
            if (still || problem is not null || moves.Count >= options.MostRounds)
            {
                problem ??= still ? Doubt(sum, values) : string.Create(CultureInfo.InvariantCulture,
                    $"the planes still move by {1000 * moved:0.#} um after {moves.Count} rounds");
                return new()
                {
                    Model = _model,
                    Tracks = tracks,
                    Selection = selection,
                    Start = start,
                    Values = values,
                    Covariance = solution.CovarianceOfSpread(sum),
                    Free = free,
                    Constraints = constraints,
                    Before = AlignmentSum.Of(_model, tracks, start, selection with { LargestPull = double.PositiveInfinity }, threads),
                    After = AlignmentSum.Of(_model, tracks, values, selection, threads),
                    Modes = Modes(sum, free),
                    Moves = moves,
                    Events = used.Count,
                    Problem = problem,
                };
            }

            all |= moved < 0.02;
            width = moved < 0.02 ? 0 : Math.Min(width, moved);
        }
    }

    // Known momenta do not make the modes of free ones strong: both are looked at, the weak modes without.
    private IReadOnlyList<WeakMode> Modes(AlignmentSum sum, List<int> free) =>
        AlignmentSolution.WeakOf(_model, AlignmentSolution.Modes(_model, sum, [.. free.Where(k => k != sum.Parameters.FieldScale)]));

    private double[] Start(AlignmentParameters order)
    {
        double[] values = new double[order.Count];
        for (int i = 0; i < order.Planes; i++)
        {
            (values[order.Y(i)], values[order.Z(i)]) = (detector.Planes[i].ShiftY, detector.Planes[i].ShiftZ);
        }

        return values;
    }

    // Clusters of the network's hits, with planes where these values have them; y as the planes report it.
    private AlignmentTracks Clusters(HitSet hits, double[]? knownQOverPt, double[] values)
    {
        int planes = detector.Planes.Count;
        Detector placed = detector.WithShifts(values.AsSpan(0, planes), values.AsSpan(planes, planes));
        MuonChain chain = new(model.Experiment.Reconstruction, placed);
        HitSet moved = MirroredEvents.Of(WithRoads(chain, hits.Placed(placed)));
        HitSet[] images = chain.Images(moved);
        double[] y = new double[hits.Count * planes];
        double[] sigma = new double[y.Length];
        double[] presence = new double[y.Length];
        EventChunks.Run(threads, hits.Count, MuonChain.EventsAtOnce, () => new MuonMemory(), (memory, first, count) =>
        {
            FittedEvents fitted = moved.Smear > 0 ? FitCrossings(chain, moved, first, count, memory)
                : chain.Fit(model, images, first, count, memory);
            for (int k = 0; k < count * planes; k++)
            {
                int at = (first * planes) + k;
                bool converged = fitted.Statuses[k / planes] == SolveStatus.Converged;
                y[at] = (MirroredEvents.Sign(first + (k / planes)) * fitted.Clusters.Centroid.Values[k]) - values[k % planes];
                sigma[at] = fitted.Clusters.Sigma.Values[k];
                presence[at] = converged && (knownQOverPt is null || double.IsFinite(knownQOverPt[first + (k / planes)]))
                    ? fitted.Clusters.Presence.Values[k] : 0;
            }
        });
        return new() { Y = y, Sigma = sigma, Presence = presence, KnownQOverPt = knownQOverPt?[..hits.Count] ?? [] };
    }

    private HitSet WithRoads(MuonChain chain, HitSet hits)
    {
        HitSet kept = CrowdedEvents.Empty(chain, hits, new bool[hits.Count]);
        return kept.HasRoads ? kept : CrowdedEvents.Empty(chain, RoadSearch.Find(chain, kept, threads), new bool[hits.Count]);
    }

    // Whether every plane takes part in most of the events.
    private static bool Seen(AlignmentTracks tracks, int planes)
    {
        int[] present = new int[planes];
        for (int k = 0; k < tracks.Presence.Length; k++)
        {
            present[k % planes] += tracks.Presence[k] >= 0.5 ? 1 : 0;
        }

        return present.All(count => count > 0.4 * tracks.Presence.Length / planes);
    }

    // Crossings are no strips: there is nothing to select.
    private static FittedEvents FitCrossings(MuonChain chain, HitSet hits, int first, int count, MuonMemory memory)
    {
        Tensor<double> weights = memory.Tracks.Begin(hits, first, count);
        weights.Values.Fill(1);
        return chain.Tracks.Apply(weights, logits: false, hits, memory.Tracks.Selection, memory.Tracks.Planes);
    }

    private void Require(int planes, double[]? knownQOverPt)
    {
        int needed = Math.Max(5, options.FewestPlanes);
        if (planes < needed)
        {
            throw new BadInputException($"detector '{detector.Name}'",
                $"it has {planes} planes: a track has three parameters, so that {planes} planes say little or nothing of each other",
                $"give a detector of at least {needed} planes");
        }

        if (knownQOverPt is null)
        {
            return;
        }

        int positive = knownQOverPt.Count(q => q > 0);
        int negative = knownQOverPt.Count(q => q < 0);
        if (Math.Min(positive, negative) < 0.1 * (positive + negative))
        {
            throw new BadInputException("the known momenta",
                $"{positive} muons are positive and {negative} negative: with one charge alone, loss of energy and an error of the "
                    + $"momentum "
                    + "scale look like a sagitta of the planes",
                "give muons of both charges, or leave --known-momentum out");
        }
    }

    private void RequireEnough(AlignmentSum sum, int events)
    {
        if (sum.Tracks < options.FewestTracks)
        {
            throw new BadInputException("the events",
                $"{sum.Tracks} of {events} give a track of {options.FewestPlanes} planes that agree",
                $"give at least {options.FewestTracks} such muons; if there are, planes are too far from their places or the model does "
                    + $"not "
                    + "suit the hits");
        }

        for (int i = 0; i < sum.Hits.Length; i++)
        {
            if (sum.Hits[i] < Math.Max(options.FewestTracks / 5, options.SmallestShareOfHits * sum.Tracks))
            {
                throw new BadInputException($"plane {i}", string.Create(CultureInfo.InvariantCulture,
                    $"it has a hit on {sum.Hits[i]} of {sum.Tracks} tracks, and {sum.Rejected[i]} hits away from them"),
                    "leave a dead plane out of the detector file; a plane that is further away than 10 mm needs a better z or y first");
            }
        }
    }

    // What makes corrections untrustworthy though they have converged; null for nothing.
    private string? Doubt(AlignmentSum sum, double[] values)
    {
        double scale = values[sum.Parameters.FieldScale];
        return Math.Abs(scale) > options.LargestFieldScale
            ? string.Create(CultureInfo.InvariantCulture,
                $"the known momenta ask for a field {100 * scale:+0.0;-0.0} % stronger than {detector.FieldTesla} T: field or momenta "
                    + $"are wrong")
            : sum.ChiSquarePerDegree > options.LargestChiSquare
                ? string.Create(CultureInfo.InvariantCulture,
                    $"tracks do not fit: chi2/ndf is {sum.ChiSquarePerDegree:0.0} with the planes in their best places")
                : sum.Dropped > sum.Tracks
                    ? $"{sum.Dropped} events give no track of planes that agree, {sum.Tracks} do"
                    : null;
    }
}
