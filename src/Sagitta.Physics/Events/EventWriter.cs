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
    private readonly NpzColumn<byte>? _label;
    private readonly NpzColumn<long> _number;
    private readonly NpzColumn<float>? _road;
    private readonly NpzColumn<float>? _background;
    private readonly NpzColumn<byte>? _muon;
    private readonly NpzColumn<double>? _qOverPt;
    private readonly NpzColumn<double>? _y0;
    private readonly NpzColumn<double>? _slope;
    private readonly NpzColumn<float>? _crossing;
    private readonly float[] _planeZ;
    private long _hits;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its final name.</param>
    /// <param name="shape">Any set of the events to come (it may be empty): detector, source, planes and stations.</param>
    /// <param name="settings">How the events were made; kept in the file's description.</param>
    public EventWriter(string path, EventSet shape, string settings)
    {
        _shape = shape;
        _planeZ = [.. shape.Detector.Planes.Select(plane => (float)plane.NominalZ)];
        _archive = new(path);
        _archive.AddText(EventFile.Readme, EventFile.Describe(shape, settings));
        _archive.AddText(EventFile.Format, EventFile.FormatVersion);
        _archive.AddText(EventFile.Detector, shape.Detector.Name);
        _archive.AddText(EventFile.Source, shape.Source);
        _archive.AddScalar(EventFile.BackgroundFlux, shape.BackgroundKHzPerCm2);
        _archive.AddScalar(EventFile.Smear, shape.Hits.Smear);
        _archive.AddScalar(EventFile.PlaneCount, shape.PlaneCount);
        _archive.AddScalar(EventFile.StationCount, shape.StationCount);
        _archive.AddText(EventFile.Geometry, DetectorFile.Write(shape.Detector));
        _archive.Add<double>(EventFile.PlaneZ, [.. shape.Detector.Planes.Select(plane => plane.NominalZ)]);
        _offsets = _archive.AddColumn<long>(EventFile.HitOffsets);
        _offsets.Append(0);
        _plane = _archive.AddColumn<byte>(EventFile.HitPlane);
        _y = _archive.AddColumn<float>(EventFile.HitY);
        _z = _archive.AddColumn<float>(EventFile.HitZ);
        _charge = _archive.AddColumn<float>(EventFile.HitCharge);
        _time = _archive.AddColumn<float>(EventFile.HitTime);
        _label = shape.HasTruth ? _archive.AddColumn<byte>(EventFile.LabelHit) : null;
        _number = _archive.AddColumn<long>(EventFile.EventNumber);
        _road = shape.Hits.HasRoads ? _archive.AddColumn<float>(EventFile.RoadCentre, shape.StationCount) : null;
        _background = shape.HasTruth ? _archive.AddColumn<float>(EventFile.Background) : null;
        _muon = shape.HasTruth ? _archive.AddColumn<byte>(EventFile.TruthMuon) : null;
        _qOverPt = shape.HasTruth ? _archive.AddColumn<double>(EventFile.TruthQOverPt) : null;
        _y0 = shape.HasTruth ? _archive.AddColumn<double>(EventFile.TruthY0) : null;
        _slope = shape.HasTruth ? _archive.AddColumn<double>(EventFile.TruthSlope) : null;
        _crossing = shape.HasTruth ? _archive.AddColumn<float>(EventFile.TruthCrossing, shape.PlaneCount) : null;
    }

    /// <summary>Adds events of the same shape.</summary>
    public void Append(EventSet events)
    {
        if (events.Detector.Name != _shape.Detector.Name)
        {
            throw new ArgumentException($"The file is of detector '{_shape.Detector.Name}': append events of it alone.", nameof(events));
        }

        Append(events.Columns);
    }

    /// <summary>Adds the finished events of a builder of the same shape, straight from its memory.</summary>
    public void Append(EventSetBuilder events) => Append(events.Columns);

    /// <summary>Completes the file and gives it its name.</summary>
    public void Commit() => _archive.Commit();

    public void Dispose() => _archive.Dispose();

    private void Append(in EventColumns events)
    {
        if (events.Crossing.Length != events.Number.Length * _shape.PlaneCount
            || (_road is not null && events.Road.Length != events.Number.Length * _shape.StationCount))
        {
            throw new ArgumentException($"The file is of detector '{_shape.Detector.Name}': append events of it alone.", nameof(events));
        }

        foreach (int end in events.Ends)
        {
            _offsets.Append(_hits + end);
        }

        _hits += events.Plane.Length;
        _plane.Append(events.Plane);
        _y.Append(events.Y);
        foreach (byte plane in events.Plane)
        {
            _z.Append(_planeZ[plane]);
        }

        _charge.Append(events.Charge);
        _time.Append(events.Time);
        _label?.Append(events.Label);
        _number.Append(events.Number);
        _road?.Append(events.Road);
        _background?.Append(events.Background);
        _muon?.Append(events.Muon);
        _qOverPt?.Append(events.QOverPt);
        _y0?.Append(events.Y0);
        _slope?.Append(events.Slope);
        _crossing?.Append(events.Crossing);
    }
}
