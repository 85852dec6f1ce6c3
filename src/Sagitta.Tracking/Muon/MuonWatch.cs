namespace Sagitta.Tracking.Muon;

/// <summary>Looks at the hits and tracks of a reconstruction, batch after batch, for signs that file, detector and model do not belong
/// together: none of them is an error, all of them change momenta.</summary>
internal sealed class MuonWatch
{
    // With fewer events shares say little.
    private const int FewestEvents = 20;
    private const double SmallestShareOfTracks = 0.9;
    private readonly string? _difference;
    private readonly PlaneWatch _planes;
    private readonly InputWatch _inputs;
    private long _events;
    private long _tracks;
    private long _crowded;

    /// <summary>A watch for one model and the detector that it is used with.</summary>
    public MuonWatch(MuonModel model, Detector detector)
    {
        _inputs = new(model.Ranges);
        _planes = new(detector.Planes.Count, detector.NominalResolution);
        _difference = detector.GeometryDifference(model.Detector) is { } difference
            ? $"the detector is not the one that the model was trained for: {difference}" : null;
    }

    /// <summary>What hits and tracks a model met: those of its training, and its tracks of validation events.</summary>
    public static InputRanges Ranges(HitSet training, TrackTable validation) => new()
    {
        Quantities =
        [
            InputRange.Of("y", "mm", training.Y.Select(y => (double)y)),
            InputRange.Of("charge", "primary electrons", training.Charge.Select(charge => (double)charge)),
            InputRange.Of("time", "ns", training.Time.Select(time => (double)time)),
            InputRange.Of("road", "mm", training.RoadCentre.Select(road => (double)road)),
            InputRange.Of("chi2/ndf", "", ChiSquarePerDegree(validation).Select(value => (double)value)),
        ],
    };

    /// <summary>Adds a batch of events with their tracks.</summary>
    public void Add(HitSet hits, TrackTable tracks)
    {
        _inputs.Add("y", hits.Y);
        _inputs.Add("charge", hits.Charge);
        _inputs.Add("time", hits.Time);
        _inputs.Add("road", hits.RoadCentre);
        _inputs.Add("chi2/ndf", ChiSquarePerDegree(tracks));
        _planes.Add(tracks.Residuals);
        _events += tracks.Count;
        _tracks += tracks.Status.Count(status => status == SolveStatus.Converged);
        _crowded += tracks.Status.Count(status => status == SolveStatus.TooManyHits);
    }

    /// <summary>What looks wrong so far, a sentence each.</summary>
    public IReadOnlyList<string> Warnings()
    {
        List<string> warnings = _difference is null ? [] : [_difference];
        if (_events < FewestEvents)
        {
            return warnings;
        }

        if (_tracks < SmallestShareOfTracks * _events)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture,
                $"only {100.0 * _tracks / _events:0.#} % of {_events} events give a track: mind units, the detector and the model"));
        }

        if (_crowded > 0)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture,
                $"{_crowded} events have too many hits to be reconstructed: their status says so"));
        }

        if (_planes.Warning() is { } misaligned)
        {
            warnings.Add(misaligned);
        }

        warnings.AddRange(_inputs.Warnings());
        return warnings;
    }

    private static float[] ChiSquarePerDegree(TrackTable tracks) =>
        [.. tracks.ChiSquare.Zip(tracks.DegreesOfFreedom, (chiSquare, degrees) => degrees > 0 ? (float)(chiSquare / degrees) : float.NaN)];
}
