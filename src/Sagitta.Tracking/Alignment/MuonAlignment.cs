namespace Sagitta.Tracking.Alignment;

/// <summary>
/// Where the planes of a muon detector stand, from tracks: the network selects hits and clusters, the shifts are solved for, hits are moved
/// and selected again, until nothing moves (<see cref="AlignmentSearch"/>).
/// </summary>
/// <param name="model">Selects hits.</param>
/// <param name="detector">Planes as they are believed to stand; shifts that it has already are where the search begins.</param>
/// <param name="options">What is free, and when it ends.</param>
/// <param name="threads">Threads; nothing depends on their number.</param>
internal sealed class MuonAlignment(MuonModel model, Detector detector, AlignmentOptions options, WorkerThreads threads)
{
    /// <summary>Aligns with these events.</summary>
    /// <param name="hits">Their hits, as the planes report them.</param>
    /// <param name="knownQOverPt">Their q/pT, 1/GeV, where it is known otherwise; NaN for events without a muon; null where it is
    /// not.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="BadInputException">The events can't tell where the planes are.</exception>
    public AlignmentResult Run(HitSet hits, double[]? knownQOverPt, CancellationToken stop)
    {
        Require(detector.Planes.Count, knownQOverPt);
        var circles = CircleAlignment.Of(detector);
        (IReadOnlyList<int> free, IReadOnlyList<AlignmentConstraint> constraints) = options.Plan(circles, knownQOverPt is not null);
        AlignmentSearch search = new(circles, options, threads) { Free = free, Constraints = constraints, Events = hits.Count };
        return search.Run(Start(circles.Parameters), (count, values, first) =>
        {
            HitSet used = count < hits.Count ? hits.Slice(0, count) : hits;
            AlignmentTracks tracks = Clusters(used, knownQOverPt, values);
            if (first && used.Smear == 0 && !Seen(tracks, detector.Planes.Count))
            {
                double[] coarse = CoarsePlaces.Find(WithRoads(new(model.Experiment.Reconstruction, detector), used));
                coarse.CopyTo(values, 0);
                tracks = Clusters(used, knownQOverPt, values);
            }

            return tracks;
        }, stop);
    }

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

        if (knownQOverPt is not null)
        {
            AlignmentSearch.RequireBothCharges(knownQOverPt);
        }
    }
}
