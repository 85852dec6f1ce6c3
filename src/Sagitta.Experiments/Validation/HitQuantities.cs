namespace Sagitta.Experiments.Validation;

/// <summary>What is compared of digitised events: strips a muon crossing fires, their centroid about the crossing, and fits with the labels
/// as weights.</summary>
internal sealed class HitQuantities(Detector detector)
{
    private const int EventsPerFit = 64;
    private readonly List<double> _strips = [];
    private readonly List<double> _residuals = [];
    private readonly List<int> _events = [];
    private readonly List<TrackOutcome> _tracks = [];
    private readonly WeightedTrackFit _fit = new(detector, new(), new() { Covariance = false });
    private readonly Segments _planes = new();
    private int _event;

    /// <summary>Strips of a plane that the muon crossed, per crossing that fired any.</summary>
    public Distribution Strips => new(_strips, _events);
    /// <summary>Charge-weighted centroid less the crossing, mm, per crossing that fired any.</summary>
    public Distribution Residuals => new(_residuals, _events);
    /// <summary>Fits of all events, with labels as weights.</summary>
    public IReadOnlyList<TrackOutcome> Tracks => _tracks;

    public void Add(EventSet events)
    {
        AddCrossings(events);
        using var tape = new Tape<double>(recording: false);
        for (int first = 0; first < events.Count; first += EventsPerFit)
        {
            tape.Reset();
            AddTracks(tape, events, [.. Enumerable.Range(first, Math.Min(EventsPerFit, events.Count - first))]);
        }
    }

    private void AddCrossings(EventSet events)
    {
        for (int e = 0; e < events.Count; e++)
        {
            int hit = events.HitOffsets[e];
            while (hit < events.HitOffsets[e + 1])
            {
                int plane = events.HitPlane[hit];
                int strips = 0;
                double charge = 0;
                double moment = 0;
                for (; hit < events.HitOffsets[e + 1] && events.HitPlane[hit] == plane; hit++)
                {
                    if (events.LabelHit[hit] == 1)
                    {
                        strips++;
                        charge += events.HitCharge[hit];
                        moment += events.HitCharge[hit] * events.HitY[hit];
                    }
                }

                float crossing = events.TruthCrossing[(e * events.PlaneCount) + plane];
                if (strips > 0 && !float.IsNaN(crossing))
                {
                    _strips.Add(strips);
                    _residuals.Add((moment / charge) - crossing);
                    _events.Add(_event);
                }
            }

            _event++;
        }
    }

    private void AddTracks(Tape<double> tape, EventSet events, int[] selection)
    {
        double[] labels = [.. events.LabelHit[events.HitOffsets[selection[0]]..events.HitOffsets[selection[^1] + 1]]
            .Select(l => (double)l)];
        if (labels.Length == 0)
        {
            return;
        }

        FittedEvents fitted = _fit.Apply(tape.Constant(labels, labels.Length, 1), logits: false, events.Hits, selection, _planes);
        for (int i = 0; i < selection.Length; i++)
        {
            if (events.TruthMuon[selection[i]] == 1)
            {
                double qOverPt = fitted.Track.Values[(i * TrackParameter.Count) + TrackParameter.QOverPt];
                _tracks.Add(new(fitted.Statuses[i], qOverPt, double.NaN, events.TruthQOverPt[selection[i]]));
            }
        }
    }
}
