namespace Sagitta.Physics.Events;

/// <summary>Collects digitised events one by one into columns that grow and are reused. Not thread-safe.</summary>
internal sealed class EventSetBuilder
{
    private int[] _offsets = new int[64];
    private byte[] _plane = new byte[4096];
    private byte[] _label = new byte[4096];
    private float[] _y = new float[4096];
    private float[] _charge = new float[4096];
    private float[] _time = new float[4096];
    private long[] _number = new long[64];
    private float[] _road;
    private float[] _background = new float[64];
    private byte[] _muon = new byte[64];
    private double[] _qOverPt = new double[64];
    private double[] _y0 = new double[64];
    private double[] _slope = new double[64];
    private float[] _crossing;

    /// <summary>A builder for a detector's shape.</summary>
    public EventSetBuilder(int planeCount, int stationCount)
    {
        PlaneCount = planeCount;
        StationCount = stationCount;
        _road = new float[64 * stationCount];
        _crossing = new float[64 * planeCount];
    }

    /// <summary>Planes of the detector.</summary>
    public int PlaneCount { get; }

    /// <summary>Stations of the detector.</summary>
    public int StationCount { get; }

    /// <summary>Finished events.</summary>
    public int Count { get; private set; }

    /// <summary>Hits so far.</summary>
    public int HitCount { get; private set; }

    /// <summary>The finished events, valid until the next is added.</summary>
    public EventColumns Columns => new()
    {
        Ends = _offsets.AsSpan(1, Count),
        Plane = _plane.AsSpan(0, HitCount),
        Y = _y.AsSpan(0, HitCount),
        Charge = _charge.AsSpan(0, HitCount),
        Time = _time.AsSpan(0, HitCount),
        Label = _label.AsSpan(0, HitCount),
        Number = _number.AsSpan(0, Count),
        Road = _road.AsSpan(0, Count * StationCount),
        Background = _background.AsSpan(0, Count),
        Muon = _muon.AsSpan(0, Count),
        QOverPt = _qOverPt.AsSpan(0, Count),
        Y0 = _y0.AsSpan(0, Count),
        Slope = _slope.AsSpan(0, Count),
        Crossing = _crossing.AsSpan(0, Count * PlaneCount),
    };

    /// <summary>Forgets all events and keeps the memory.</summary>
    public void Clear()
    {
        Count = 0;
        HitCount = 0;
    }

    /// <summary>Makes room for a number of events in all, taking those so far for typical ones.</summary>
    internal void ReserveFor(int events)
    {
        if (events >= _offsets.Length)
        {
            ResizeEvents(events + 1);
        }

        // A tenth more than they should need.
        double hits = 1.1 * HitCount / Math.Max(Count, 1) * events;
        if (hits > _plane.Length && hits < Array.MaxLength && HitCount > _plane.Length / 2)
        {
            ResizeHits((int)hits);
        }
    }

    /// <summary>Adds a hit to the event that is being built; hits come in order of plane, then of y.</summary>
    public void AddHit(int plane, double y, float charge, float time, bool label)
    {
        if (HitCount == _plane.Length)
        {
            ResizeHits(2 * _plane.Length);
        }

        int i = HitCount++;
        _plane[i] = (byte)plane;
        _y[i] = (float)y;
        _charge[i] = charge;
        _time[i] = time;
        _label[i] = label ? (byte)1 : (byte)0;
    }

    /// <summary>Ends the event whose hits were added since the last one ended.</summary>
    public void EndEvent(
        long number, bool muon, double qOverPt, double y0, double slope, double background, ReadOnlySpan<float> roadCentres,
            ReadOnlySpan<float> crossings)
    {
        if (Count + 1 == _offsets.Length)
        {
            ResizeEvents(2 * _offsets.Length);
        }

        int i = Count++;
        _offsets[Count] = HitCount;
        _number[i] = number;
        _muon[i] = muon ? (byte)1 : (byte)0;
        _qOverPt[i] = qOverPt;
        _y0[i] = y0;
        _slope[i] = slope;
        _background[i] = (float)background;
        roadCentres.CopyTo(_road.AsSpan(i * StationCount, StationCount));
        crossings.CopyTo(_crossing.AsSpan(i * PlaneCount, PlaneCount));
    }

    /// <summary>Appends all events of another builder of the same shape.</summary>
    public void Append(EventSetBuilder other)
    {
        if (HitCount + other.HitCount > _plane.Length)
        {
            ResizeHits(Math.Max(HitCount + other.HitCount, 2 * _plane.Length));
        }

        if (Count + other.Count >= _offsets.Length)
        {
            ResizeEvents(Math.Max(Count + other.Count + 1, 2 * _offsets.Length));
        }

        for (int e = 1; e <= other.Count; e++)
        {
            _offsets[Count + e] = HitCount + other._offsets[e];
        }

        Copy(other._plane, _plane, HitCount, other.HitCount);
        Copy(other._label, _label, HitCount, other.HitCount);
        Copy(other._y, _y, HitCount, other.HitCount);
        Copy(other._charge, _charge, HitCount, other.HitCount);
        Copy(other._time, _time, HitCount, other.HitCount);
        Copy(other._number, _number, Count, other.Count);
        Copy(other._muon, _muon, Count, other.Count);
        Copy(other._qOverPt, _qOverPt, Count, other.Count);
        Copy(other._y0, _y0, Count, other.Count);
        Copy(other._slope, _slope, Count, other.Count);
        Copy(other._background, _background, Count, other.Count);
        Copy(other._road, _road, Count * StationCount, other.Count * StationCount);
        Copy(other._crossing, _crossing, Count * PlaneCount, other.Count * PlaneCount);
        HitCount += other.HitCount;
        Count += other.Count;
    }

    /// <summary>The events so far, copied; the builder may go on or be cleared.</summary>
    public EventSet Build(Detector detector, string source, double backgroundKHzPerCm2, double smear = 0) => new()
    {
        Hits = new()
        {
            Detector = detector,
            EventNumber = _number[..Count],
            Offsets = _offsets[..(Count + 1)],
            Plane = _plane[..HitCount],
            Y = _y[..HitCount],
            Charge = _charge[..HitCount],
            Time = _time[..HitCount],
            RoadCentre = _road[..(Count * StationCount)],
            Smear = smear,
        },
        Source = source,
        BackgroundKHzPerCm2 = backgroundKHzPerCm2,
        LabelHit = _label[..HitCount],
        Background = _background[..Count],
        TruthMuon = _muon[..Count],
        TruthQOverPt = _qOverPt[..Count],
        TruthY0 = _y0[..Count],
        TruthSlope = _slope[..Count],
        TruthCrossing = _crossing[..(Count * PlaneCount)],
    };

    private static void Copy<T>(T[] from, T[] to, int at, int count) => from.AsSpan(0, count).CopyTo(to.AsSpan(at));

    private void ResizeHits(int size)
    {
        Resize(ref _plane, size);
        Resize(ref _label, size);
        Resize(ref _y, size);
        Resize(ref _charge, size);
        Resize(ref _time, size);
    }

    private void ResizeEvents(int size)
    {
        Resize(ref _offsets, size);
        Resize(ref _number, size);
        Resize(ref _road, size * StationCount);
        Resize(ref _background, size);
        Resize(ref _muon, size);
        Resize(ref _qOverPt, size);
        Resize(ref _y0, size);
        Resize(ref _slope, size);
        Resize(ref _crossing, size * PlaneCount);
    }

    // Nothing reads behind what was written: the rest needs no zeros.
    private static void Resize<T>(ref T[] column, int size)
        where T : unmanaged
    {
        T[] larger = GC.AllocateUninitializedArray<T>(size);
        column.AsSpan(0, Math.Min(column.Length, size)).CopyTo(larger);
        column = larger;
    }
}
