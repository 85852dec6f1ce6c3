namespace Sagitta.Tracking.Calorimeter;

/// <summary>Looks at frames and tracks, one after another, for signs that file, calorimeter and model do not belong together: none of them
/// is an error, all of them change ranges. Not for several threads at once.</summary>
/// <param name="model">The model, for its calorimeter.</param>
internal sealed class CalorimeterWatch(CalorimeterModel model)
{
    private const double SmallestShareOfTracks = 0.5;

    // With fewer tracks shares say little.
    private const int FewestTracks = 20;
    private readonly InputWatch _inputs = new(model.Ranges);
    private long _chains;
    private long _found;

    /// <summary>Frames so far.</summary>
    public long Frames { get; private set; }

    /// <summary>What hits and tracks of validation frames met.</summary>
    public static InputRanges Ranges(CalorimeterModel model, IReadOnlyList<CalorimeterFrame> frames)
    {
        using CalorimeterReconstructor reconstructor = new(model);
        CalorimeterTrack[] found = [.. frames.SelectMany(reconstructor.Reconstruct)
            .Where(track => track.Status == CalorimeterTrackStatus.Found)];
        return new()
        {
            Quantities =
            [
                InputRange.Of("x", "mm", frames.SelectMany(frame => frame.X).Select(x => (double)x)),
                InputRange.Of("y", "mm", frames.SelectMany(frame => frame.Y).Select(y => (double)y)),
                InputRange.Of("edep", "MeV", frames.SelectMany(frame => frame.Energy).Select(energy => (double)energy)),
                InputRange.Of("chi2", "", found.Select(track => track.Chi2)),
            ],
        };
    }

    /// <summary>Adds a frame with its tracks.</summary>
    public void Add(CalorimeterFrame frame, IReadOnlyList<CalorimeterTrack> tracks)
    {
        Frames++;
        _inputs.Add("x", frame.X);
        _inputs.Add("y", frame.Y);
        _inputs.Add("edep", frame.Energy);
        foreach (CalorimeterTrack track in tracks)
        {
            _chains++;
            if (track.Status == CalorimeterTrackStatus.Found)
            {
                _found++;
                _inputs.Add("chi2", [(float)track.Chi2]);
            }
        }
    }

    /// <summary>What looks wrong so far, a sentence each.</summary>
    public IReadOnlyList<string> Warnings()
    {
        List<string> warnings = Frames == 0 || _chains > 0 ? [] : [string.Create(CultureInfo.InvariantCulture,
            $"none of {Frames} frames gives a track: mind the units of edep and of places, the layers and the calorimeter")];
        if (_chains >= FewestTracks)
        {
            if (_found < SmallestShareOfTracks * _chains)
            {
                warnings.Add(string.Create(CultureInfo.InvariantCulture,
                    $"only {100.0 * _found / _chains:0.#} % of {_chains} chains of hits are tracks with a range: mind units, the "
                        + $"calorimeter and the model"));
            }

            warnings.AddRange(_inputs.Warnings());
        }

        return warnings;
    }
}
