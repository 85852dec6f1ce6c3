namespace Sagitta.Physics.Events;

/// <summary>
/// Writes an event file piece by piece: columns are spooled to the disk, so memory does not grow with the number of events. The file
/// appears under its name on <see cref="Commit"/>; disposed without it, nothing is left.
/// </summary>
internal sealed class EventWriter : IDisposable
{
    private readonly NpzWriter _archive;
    private readonly EventSet _shape;
    private readonly NpzColumn<long> _offsets;
    private readonly NpzColumn<byte> _plane;
    private readonly NpzColumn<float> _y;
    private readonly NpzColumn<float> _z;
    private readonly NpzColumn<float> _charge;
    private readonly NpzColumn<float> _time;
    private readonly NpzColumn<byte> _label;
    private readonly NpzColumn<long> _number;
    private readonly NpzColumn<float> _road;
    private readonly NpzColumn<float> _background;
    private readonly NpzColumn<byte> _muon;
    private readonly NpzColumn<double> _qOverPt;
    private readonly NpzColumn<double> _y0;
    private readonly NpzColumn<double> _slope;
    private readonly NpzColumn<float> _crossing;
    private long _hits;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its final name.</param>
    /// <param name="shape">Any set of the events to come (it may be empty): detector, source, planes and stations.</param>
    /// <param name="settings">How the events were made; kept in the file's description.</param>
    public EventWriter(string path, EventSet shape, string settings)
    {
        _shape = shape;
        _archive = new(path);
        _archive.AddText(EventFile.Readme, EventFile.Describe(shape, settings));
        _archive.AddText(EventFile.Format, EventFile.FormatVersion);
        _archive.AddText(EventFile.Detector, shape.Detector);
        _archive.AddText(EventFile.Source, shape.Source);
        _archive.AddScalar(EventFile.BackgroundFlux, shape.BackgroundKHzPerCm2);
        _archive.AddScalar(EventFile.Smear, shape.Smear);
        _archive.AddScalar(EventFile.PlaneCount, shape.PlaneCount);
        _archive.AddScalar(EventFile.StationCount, shape.StationCount);
        _offsets = _archive.AddColumn<long>(EventFile.HitOffsets);
        _offsets.Append(0);
        _plane = _archive.AddColumn<byte>(EventFile.HitPlane);
        _y = _archive.AddColumn<float>(EventFile.HitY);
        _z = _archive.AddColumn<float>(EventFile.HitZ);
        _charge = _archive.AddColumn<float>(EventFile.HitCharge);
        _time = _archive.AddColumn<float>(EventFile.HitTime);
        _label = _archive.AddColumn<byte>(EventFile.LabelHit);
        _number = _archive.AddColumn<long>(EventFile.EventNumber);
        _road = _archive.AddColumn<float>(EventFile.RoadCentre, shape.StationCount);
        _background = _archive.AddColumn<float>(EventFile.Background);
        _muon = _archive.AddColumn<byte>(EventFile.TruthMuon);
        _qOverPt = _archive.AddColumn<double>(EventFile.TruthQOverPt);
        _y0 = _archive.AddColumn<double>(EventFile.TruthY0);
        _slope = _archive.AddColumn<double>(EventFile.TruthSlope);
        _crossing = _archive.AddColumn<float>(EventFile.TruthCrossing, shape.PlaneCount);
    }

    /// <summary>Adds events of the same shape.</summary>
    public void Append(EventSet events)
    {
        if (events.PlaneCount != _shape.PlaneCount || events.StationCount != _shape.StationCount || events.Detector != _shape.Detector)
        {
            throw new ArgumentException($"The file is of detector '{_shape.Detector}': append events of it alone.", nameof(events));
        }

        for (int e = 1; e <= events.Count; e++)
        {
            _offsets.Append(_hits + events.HitOffsets[e]);
        }

        _hits += events.HitCount;
        _plane.Append(events.HitPlane);
        _y.Append(events.HitY);
        _z.Append(events.HitZ);
        _charge.Append(events.HitCharge);
        _time.Append(events.HitTime);
        _label.Append(events.LabelHit);
        _number.Append(events.EventNumber);
        _road.Append(events.RoadCentre);
        _background.Append(events.Background);
        _muon.Append(events.TruthMuon);
        _qOverPt.Append(events.TruthQOverPt);
        _y0.Append(events.TruthY0);
        _slope.Append(events.TruthSlope);
        _crossing.Append(events.TruthCrossing);
    }

    /// <summary>Adds the finished events of a builder of the same shape, straight from its memory.</summary>
    public void Append(EventSetBuilder events)
    {
        if (events.PlaneCount != _shape.PlaneCount || events.StationCount != _shape.StationCount)
        {
            throw new ArgumentException($"The file is of detector '{_shape.Detector}': append events of it alone.", nameof(events));
        }

        foreach (int end in events.HitEnds)
        {
            _offsets.Append(_hits + end);
        }

        _hits += events.HitCount;
        _plane.Append(events.HitPlane);
        _y.Append(events.HitY);
        _z.Append(events.HitZ);
        _charge.Append(events.HitCharge);
        _time.Append(events.HitTime);
        _label.Append(events.LabelHit);
        _number.Append(events.EventNumber);
        _road.Append(events.RoadCentre);
        _background.Append(events.Background);
        _muon.Append(events.TruthMuon);
        _qOverPt.Append(events.TruthQOverPt);
        _y0.Append(events.TruthY0);
        _slope.Append(events.TruthSlope);
        _crossing.Append(events.TruthCrossing);
    }

    /// <summary>Completes the file and gives it its name.</summary>
    public void Commit() => _archive.Commit();

    /// <inheritdoc />
    public void Dispose() => _archive.Dispose();
}
