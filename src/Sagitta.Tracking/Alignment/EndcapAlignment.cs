namespace Sagitta.Tracking.Alignment;

/// <summary>
/// Where the planes of an endcap stand, from tracks of any number of muons an event: clusters of the tracks that the chain finds, then the
/// shifts, and again with the planes moved (<see cref="AlignmentSearch"/>).
/// </summary>
/// <param name="detector">Planes as they are believed to stand.</param>
/// <param name="network">Scores hits; null for the classical method.</param>
/// <param name="options">What is free, and when it ends.</param>
/// <param name="threads">Threads; nothing depends on their number.</param>
internal sealed class EndcapAlignment(EndcapDetector detector, EndcapNetwork? network, AlignmentOptions options, WorkerThreads threads)
{
    /// <summary>Aligns with these events.</summary>
    /// <param name="events">Their hits.</param>
    /// <param name="known">q/p of a track of an event at the first plane, where it is known otherwise, else NaN; null where none
    /// is.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="BadInputException">The events can't tell where the planes are.</exception>
    public AlignmentResult Run(EndcapEvents events, Func<int, EndcapTrack, double>? known, CancellationToken stop)
    {
        EndcapAlignmentModel model = new(detector, options.Turns);
        (IReadOnlyList<int> free, IReadOnlyList<AlignmentConstraint> constraints) = options.Plan(model, known is not null);
        AlignmentSearch search = new(model, options, threads)
        {
            Free = free,
            Constraints = constraints,
            Events = events.Count,
            FewEvents = 1000,
        };
        return search.Run(new double[model.Parameters.Count], (count, values, first) =>
        {
            AlignmentTracks tracks = Clusters(events, count, known, values, stop);
            if (first && known is not null)
            {
                AlignmentSearch.RequireBothCharges(tracks.KnownQOverPt);
            }

            return tracks;
        }, stop);
    }

    private AlignmentTracks Clusters(EndcapEvents events, int count, Func<int, EndcapTrack, double>? known, double[] values,
        CancellationToken stop)
    {
        EndcapDetector placed = EndcapAlignmentModel.Moved(detector, values);
        EndcapReconstruction chain = new(placed, network?.Experiment.Search);
        List<Row>[] rows = new List<Row>[count];
        EventChunks.Run(threads, count, 1, () => new EndcapMemory(chain, network), (memory, e, _) =>
        {
            stop.ThrowIfCancellationRequested();
            rows[e] = [];
            // Without a network by clusters that all count: the trial of each track is wanted, with its clusters.
            foreach (EndcapTrack track in network is null ? memory.Tracker.Reconstruct(events, e, []) : memory.Reconstruct(events, e))
            {
                double momentum = known?.Invoke(e, track) ?? 0;
                if (track.Fit.IsConverged && double.IsFinite(momentum))
                {
                    rows[e].Add(Measure(chain, memory.Tracker, track, momentum));
                }
            }
        });
        Row[] all = [.. rows.SelectMany(own => own)];

        // Measurements as the planes of the detector file state them, whatever is believed of their places.
        return new()
        {
            Y = [.. all.SelectMany(row => row.U.Select((u, p) => u + placed.Planes[p].Offset))],
            Sigma = [.. all.SelectMany(row => row.Sigma)],
            Presence = [.. all.SelectMany(row => row.Presence)],
            KnownQOverPt = known is null ? [] : [.. all.Select(row => row.QOverP)],
        };
    }

    private static Row Measure(EndcapReconstruction chain, EndcapTracker tracker, EndcapTrack track, double momentum)
    {
        int planes = chain.Geometry.Planes.Count;
        Row row = new(new double[planes], new double[planes], new double[planes], momentum);
        EndcapTrial trial = tracker.TrialOf(track);
        for (int p = 0; p < planes; p++)
        {
            row.Sigma[p] = 1;
            if (trial.Clusters[p] >= 0)
            {
                EndcapCluster cluster = tracker.Clusters.All[trial.Clusters[p]];
                double variance = cluster.Variance(chain.Resolution, chain.Geometry.Strips.Planes[p], trial.Slopes[p]);
                (row.U[p], row.Sigma[p], row.Presence[p]) = (cluster.U, Math.Sqrt(variance), cluster.Presence);
            }
        }

        return row;
    }

    private sealed record Row(double[] U, double[] Sigma, double[] Presence, double QOverP);
}
