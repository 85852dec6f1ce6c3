namespace Sagitta.Experiments.Calorimeter.Imaging;

/// <summary>The frames of a scan, of which images are made: tracks, the range of each, its path length in the pixel where it crossed the
/// plane of the image. Safe to be read by several threads.</summary>
internal sealed class ImageScan
{
    // The bend that the shipped experiment tuned on validation frames.
    private const double FollowerBend = 0.07;

    private readonly CalorimeterEvents _events;
    private readonly IReadOnlyList<SpotFrame> _frames;
    private readonly CalorimeterGeometry _geometry;
    private readonly Phantom? _phantom;
    private readonly WaterEquivalent _water;
    private readonly double _besides;
    private readonly double _plane;

    private ImageScan(CalorimeterEvents events, IReadOnlyList<SpotFrame> frames, CalorimeterGeometry geometry, Phantom? phantom)
    {
        (_events, _frames, _geometry, _phantom) = (events, frames, geometry, phantom);
        TrackingCalorimeter calorimeter = geometry.Calorimeter;
        _water = new(calorimeter, calorimeter.Beam.Energy);
        _besides = WaterEquivalent.BesidesObject(calorimeter, phantom?.Box.Z ?? 0);
        _plane = phantom?.Box.Centre ?? calorimeter.PhantomCentre;
    }

    /// <summary>Reads a scan.</summary>
    /// <param name="input">The hits.</param>
    /// <param name="geometry">The calorimeter.</param>
    /// <param name="phantom">What was scanned; null where it is not known.</param>
    /// <param name="needsTruth">Whether hits must have their truth.</param>
    /// <param name="note">Told what the file leaves out.</param>
    public static ImageScan Read(CalorimeterReconstructionRequest input, CalorimeterGeometry geometry, Phantom? phantom, bool needsTruth,
        Action<string> note)
    {
        CalorimeterDeposits deposits = CalorimeterCommands.Deposits(input, geometry, note, needsTruth);
        CalorimeterEvents events = HitPreparation.Events(deposits, new() { KeepElectronsAndPhotons = input.KeepElectrons });
        return new(events, SpotFrame.Of(input, deposits, events, note), geometry, phantom);
    }

    /// <summary>Makes an image; of several ranks each finds the tracks of its share of the frames.</summary>
    /// <param name="model">The network, and the selection of tracks.</param>
    /// <param name="request">What image.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="progress">Progress.</param>
    /// <param name="stop">Stops.</param>
    /// <param name="ranks">Processes; null for one.</param>
    public CalorimeterImage Make(CalorimeterModel model, CalorimeterImageRequest request, WorkerThreads threads, IRunProgress progress,
        CancellationToken stop, Ranks? ranks = null)
    {
        ranks ??= Ranks.Alone;
        FrameProtons[] found = new FrameProtons[_frames.Count];
        CalorimeterChain[] chains = [.. Enumerable.Range(0, threads.Count).Select(_ => new CalorimeterChain())];
        try
        {
            (int start, int own) = ranks.ShareOf(found.Length).GetOffsetAndLength(found.Length);
            using IStageProgress stage = progress.Begin("image", own, "frames");
            for (int first = start; first < start + own; first += 8 * threads.Count)
            {
                stop.ThrowIfCancellationRequested();
                int count = Math.Min(8 * threads.Count, start + own - first);
                int begin = first;
                threads.Run(count, (i, worker) => found[begin + i] = Protons(
                    _events.Overlay(_frames[begin + i].Events, begin + i), chains[worker], model, request));
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
        IReadOnlyList<ImagedProton>[] protons = Places(found, request.Path);
        ImagedProton[] all = [.. protons.SelectMany(frame => frame)];
        TrackingCalorimeter calorimeter = _geometry.Calorimeter;
        PathLengthMap map = new(all, request.Pixel, _phantom?.Box.X / 2 ?? calorimeter.HalfWidthX,
            _phantom?.Box.Y / 2 ?? calorimeter.HalfWidthY);
        TrackScore[] scores = [.. found.Select(frame => frame.Score).OfType<TrackScore>()];
        return new(map, _plane, found.Sum(frame => frame.Tracks), found.Length,
            _phantom is null ? [] : InsertMeasurement.Of(_phantom, all),
            (double)scores.Sum(s => s.Correct) / scores.Sum(s => s.Candidates),
            (double)scores.Sum(s => s.Found) / scores.Sum(s => s.Findable),
            _phantom is null ? [] : [.. protons.Select(Deviation)]);
    }

    private FrameProtons Protons(CalorimeterFrame frame, CalorimeterChain chain, CalorimeterModel model, CalorimeterImageRequest request)
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
        List<ScannedProton> protons = [];
        List<SegmentTrack> accepted = [];
        for (int t = 0; t < tracks.Count; t++)
        {
            int[] hits = tracks[t].Hits;
            if (request.Selection.Takes(frame, hits, ranges[t], _geometry.Depths)
                && !(margins is not null && hits.Skip(1).Min(hit => margins[hit]) < request.SmallestMargin))
            {
                accepted.Add(tracks[t]);
                protons.Add(new(TrackLine.Of(frame, hits)!.Value, _water.PathLength(ranges[t].Range) - _besides,
                    _water.PathLengthError(ranges[t].Error)));
            }
        }

        return new(protons, ranges.Count(range => range.Status == SolveStatus.Converged),
            frame.HasTruth ? TrackScore.Of(frame, accepted, model.Experiment.Tracks.Completeness) : null);
    }

    // Frame by frame the places in the plane of the image.
    private IReadOnlyList<ImagedProton>[] Places(FrameProtons[] found, ImagePath path)
    {
        double first = _geometry.Calorimeter.LayerPositions[0];
        if (path == ImagePath.Straight)
        {
            return [.. found.Select(frame => frame.Protons.Select(proton =>
            {
                (double x, double y) = proton.Line.Behind(_plane - first);
                return new ImagedProton(x, y, proton.PathLength, proton.Error);
            }).ToArray())];
        }

        var scanned = found.SelectMany((frame, i) => frame.Protons.Select(proton => (Proton: proton, Spot: _frames[i].Spot ??
            throw new BadInputException("--path most-likely", "the hits have no columns spotX and spotY, so the beam's axis is not known",
                "give hits with their spots, or --path straight")))).ToArray();
        if (scanned.Length == 0)
        {
            return [.. found.Select(_ => Array.Empty<ImagedProton>())];
        }

        double length = _phantom?.Box.Z ?? Math.Max(RobustMean.Of([.. scanned.Select(p => p.Proton.PathLength)]).Value, 1);
        double distance = first - _geometry.Calorimeter.Beam.Z;
        MostLikelyPath likely = new(_geometry.Calorimeter, _water, _plane - (length / 2), _plane + (length / 2), _plane);
        Func<double, SpotAxis> axisX = SpotAxis.Fit([.. scanned.Select(p => (p.Spot.X, p.Proton.Line.X))], distance);
        Func<double, SpotAxis> axisY = SpotAxis.Fit([.. scanned.Select(p => (p.Spot.Y, p.Proton.Line.Y))], distance);
        return [.. found.Select((frame, i) => frame.Protons.Select(proton => new ImagedProton(
            likely.At(axisX(_frames[i].Spot!.Value.X), proton.Line.X, proton.Line.SlopeX),
            likely.At(axisY(_frames[i].Spot!.Value.Y), proton.Line.Y, proton.Line.SlopeY), proton.PathLength, proton.Error)).ToArray())];
    }

    private double Deviation(IReadOnlyList<ImagedProton> protons) => protons.Count == 0 ? double.NaN : protons.Average(proton =>
        Math.Min(Math.Abs(proton.PathLength - _phantom!.PathLength(proton.X, proton.Y)), RangeScore.LargestError));

    /// <summary>What one frame adds to an image.</summary>
    private sealed record FrameProtons(IReadOnlyList<ScannedProton> Protons, int Tracks, TrackScore? Score);

    /// <summary>One proton behind the object.</summary>
    private readonly record struct ScannedProton(TrackLine Line, double PathLength, double Error);
}
