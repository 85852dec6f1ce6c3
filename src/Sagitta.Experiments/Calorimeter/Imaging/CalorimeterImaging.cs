namespace Sagitta.Experiments.Calorimeter.Imaging;

/// <summary>From hits to an image: frames, tracks, the range of each, its path length in the pixel where the track's line crosses the
/// plane of the image.</summary>
internal static class CalorimeterImaging
{
    // Chosen on the Geant4 training files (docs/calorimeter.md): protons that a nucleus scattered lost energy to it.
    private const double LargestAngle = 0.1;
    private const double LargestKink = 7;

    // The bend that the shipped experiment tuned on validation frames.
    private const double FollowerBend = 0.07;

    /// <summary>Makes the image; of several ranks each finds the tracks of its share of the frames.</summary>
    public static CalorimeterImage Run(
        CalorimeterImageRequest request, IRunProgress progress, CancellationToken stop, Ranks? ranks = null)
    {
        ranks ??= Ranks.Alone;
        CalorimeterReconstructionRequest input = request.Input;
        Phantom? phantom = request.Phantom is { } file ? Phantom.Load(file) : null;
        using CalorimeterModel model = CalorimeterReconstructor.Read(input.Model, input.Detector);
        TrackingCalorimeter calorimeter = model.Geometry.Calorimeter;
        CalorimeterDeposits deposits = CalorimeterCommands.Deposits(
            input, model.Geometry, progress.Note, needsTruth: request.Tracker == ImageTracker.Truth);
        CalorimeterEvents events = HitPreparation.Events(deposits, new() { KeepElectronsAndPhotons = input.KeepElectrons });
        IReadOnlyList<int[]> frames = SpotFrames.Of(input, deposits, events, progress.Note);
        double plane = phantom?.Box.Centre ?? calorimeter.PhantomCentre;
        WaterEquivalent water = new(calorimeter, calorimeter.Beam.Energy);
        double besides = WaterEquivalent.BesidesObject(calorimeter, phantom?.Box.Z ?? 0);
        FrameProtons[] found = new FrameProtons[frames.Count];
        using WorkerThreads threads = new(input.Threads);
        CalorimeterChain[] chains = [.. Enumerable.Range(0, threads.Count).Select(_ => new CalorimeterChain())];
        try
        {
            (int start, int own) = ranks.ShareOf(frames.Count).GetOffsetAndLength(frames.Count);
            using IStageProgress stage = progress.Begin("image", own, "frames");
            for (int first = start; first < start + own; first += 8 * threads.Count)
            {
                stop.ThrowIfCancellationRequested();
                int count = Math.Min(8 * threads.Count, start + own - first);
                int begin = first;
                threads.Run(count, (i, worker) =>
                {
                    CalorimeterFrame frame = events.Overlay(frames[begin + i], begin + i);
                    found[begin + i] = Protons(frame, chains[worker], model, request, plane, water, besides);
                });
                stage.Advance(count);
            }
        }
        finally
        {
            foreach (CalorimeterChain chain in chains)
            {
                chain.Dispose();
            }
        }

        ranks.GatherShares(found);
        ImagedProton[] protons = [.. found.SelectMany(frame => frame.Protons)];
        PathLengthMap map = new(protons, request.Pixel, phantom?.Box.X / 2 ?? calorimeter.HalfWidthX,
            phantom?.Box.Y / 2 ?? calorimeter.HalfWidthY);
        TrackScore[] scores = [.. found.Select(frame => frame.Score).OfType<TrackScore>()];
        return new(map, plane, found.Sum(frame => frame.Tracks), frames.Count,
            phantom is null ? [] : InsertMeasurement.Of(phantom, protons),
            (double)scores.Sum(s => s.Correct) / scores.Sum(s => s.Candidates),
            (double)scores.Sum(s => s.Found) / scores.Sum(s => s.Findable));
    }

    private static FrameProtons Protons(CalorimeterFrame frame, CalorimeterChain chain, CalorimeterModel model,
        CalorimeterImageRequest request, double plane, WaterEquivalent water, double besides)
    {
        IReadOnlyList<SegmentTrack> tracks = request.Tracker switch
        {
            ImageTracker.Truth => chain.Perfect(frame, model),
            ImageTracker.Follower => chain.Reconstruct(
                frame, new NearestAngleFollower { LargestBend = FollowerBend }, model.Experiment),
            _ => chain.Reconstruct(frame, model),
        };
        RangeEstimate[] ranges = chain.Fit(tracks);
        double[]? margins = request.Tracker == ImageTracker.Network && request.SmallestMargin is not null
            ? chain.Assignment.Margins(chain.Graph, frame.Layer) : null;
        List<ImagedProton> protons = [];
        List<SegmentTrack> accepted = [];
        for (int t = 0; t < tracks.Count; t++)
        {
            int[] hits = tracks[t].Hits;
            if (ranges[t].Status != SolveStatus.Converged || ProtonPath.At(frame, hits, plane) is not { } place
                || (margins is not null && hits.Skip(1).Min(hit => margins[hit]) < request.SmallestMargin)
                || ProtonPath.Angle(frame, hits) > LargestAngle
                || ProtonPath.LargestKink(frame, hits, ranges[t].Range, model.Geometry.Depths) > LargestKink)
            {
                continue;
            }

            accepted.Add(tracks[t]);
            protons.Add(new(place.X, place.Y, water.PathLength(ranges[t].Range) - besides, water.PathLengthError(ranges[t].Error)));
        }

        return new(protons, ranges.Count(range => range.Status == SolveStatus.Converged),
            frame.HasTruth ? TrackScore.Of(frame, accepted, model.Experiment.Tracks.Completeness) : null);
    }

    /// <summary>What one frame adds to an image.</summary>
    private sealed record FrameProtons(IReadOnlyList<ImagedProton> Protons, int Tracks, TrackScore? Score);
}
