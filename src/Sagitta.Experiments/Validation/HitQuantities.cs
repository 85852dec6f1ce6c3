namespace Sagitta.Experiments.Validation;

/// <summary>What is compared of digitised events: strips a muon crossing fires, their centroid about the crossing, and fits with the labels
/// as weights.</summary>
internal sealed class HitQuantities
{
    private const int EventsPerFit = 64;
    private readonly List<double> _strips = [];
    private readonly List<double> _residuals = [];
    private readonly List<int> _events = [];
    private readonly List<TrackOutcome> _tracks = [];
    private readonly double[] _pitch;
    private readonly CircleFit _fit;
    private readonly Segments _planes = new();
    private int _event;

    public HitQuantities(Detector detector)
    {
        _pitch = [.. detector.Planes.Select(plane => plane.StripPitch)];
        _fit = new(CircleGeometry.Of(detector));
    }

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
            AddTracks(tape, events, first, Math.Min(EventsPerFit, events.Count - first));
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

    private void AddTracks(Tape<double> tape, EventSet events, int first, int count)
    {
        int begin = events.HitOffsets[first];
        int hits = events.HitOffsets[first + count] - begin;
        if (hits == 0)
        {
            return;
        }

        Span<double> y = tape.Scratch<double>(hits);
        Span<double> charge = tape.Scratch<double>(hits);
        Span<double> weight = tape.Scratch<double>(hits);
        for (int h = 0; h < hits; h++)
        {
            y[h] = events.HitY[begin + h];
            charge[h] = events.HitCharge[begin + h];
            weight[h] = events.LabelHit[begin + h];
        }

        _planes.Clear();
        for (int e = first; e < first + count; e++)
        {
            PlaneGroups.Append(_planes, events.Hits, e);
        }

        Clusters clusters = SoftClustering.Apply(tape.Constant(weight, hits, 1), y, charge, _planes, _pitch, new());
        ImplicitSolution tracks = _fit.Apply(clusters.Centroid, clusters.Sigma, clusters.Presence);
        for (int e = 0; e < count; e++)
        {
            if (events.TruthMuon[first + e] == 1)
            {
                double qOverPt = tracks.Value.Values[(e * TrackParameter.Count) + TrackParameter.QOverPt];
                _tracks.Add(new(tracks.Statuses[e], qOverPt, double.NaN, events.TruthQOverPt[first + e]));
            }
        }
    }
}
