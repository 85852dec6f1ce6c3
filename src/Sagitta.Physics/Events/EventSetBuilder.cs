namespace Sagitta.Physics.Events;

/// <summary>Collects digitised events one by one into columns that grow and are reused. Not thread-safe.</summary>
internal sealed class EventSetBuilder
{
    private int[] _offsets = new int[64];
    private byte[] _plane = new byte[4096];
    private byte[] _label = new byte[4096];
    private float[] _y = new float[4096];
    private float[] _z = new float[4096];
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

    /// <summary>Per event: where its hits end.</summary>
    internal ReadOnlySpan<int> HitEnds => _offsets.AsSpan(1, Count);

    internal ReadOnlySpan<byte> HitPlane => _plane.AsSpan(0, HitCount);

    internal ReadOnlySpan<float> HitY => _y.AsSpan(0, HitCount);

    internal ReadOnlySpan<float> HitZ => _z.AsSpan(0, HitCount);

    internal ReadOnlySpan<float> HitCharge => _charge.AsSpan(0, HitCount);

    internal ReadOnlySpan<float> HitTime => _time.AsSpan(0, HitCount);

    internal ReadOnlySpan<byte> LabelHit => _label.AsSpan(0, HitCount);

    internal ReadOnlySpan<long> EventNumber => _number.AsSpan(0, Count);

    internal ReadOnlySpan<float> RoadCentre => _road.AsSpan(0, Count * StationCount);

    internal ReadOnlySpan<float> Background => _background.AsSpan(0, Count);

    internal ReadOnlySpan<byte> TruthMuon => _muon.AsSpan(0, Count);

    internal ReadOnlySpan<double> TruthQOverPt => _qOverPt.AsSpan(0, Count);

    internal ReadOnlySpan<double> TruthY0 => _y0.AsSpan(0, Count);

    internal ReadOnlySpan<double> TruthSlope => _slope.AsSpan(0, Count);

    internal ReadOnlySpan<float> TruthCrossing => _crossing.AsSpan(0, Count * PlaneCount);

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
    public void AddHit(int plane, double y, double z, float charge, float time, bool label)
    {
        if (HitCount == _plane.Length)
        {
            ResizeHits(2 * _plane.Length);
        }

        int i = HitCount++;
        _plane[i] = (byte)plane;
        _y[i] = (float)y;
        _z[i] = (float)z;
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
        Copy(other._z, _z, HitCount, other.HitCount);
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
    public EventSet Build(string detector, string source, double backgroundKHzPerCm2, double smear = 0) => new()
    {
        Detector = detector,
        Source = source,
        BackgroundKHzPerCm2 = backgroundKHzPerCm2,
        Smear = smear,
        PlaneCount = PlaneCount,
        StationCount = StationCount,
        HitOffsets = _offsets[..(Count + 1)],
        HitPlane = _plane[..HitCount],
        HitY = _y[..HitCount],
        HitZ = _z[..HitCount],
        HitCharge = _charge[..HitCount],
        HitTime = _time[..HitCount],
        LabelHit = _label[..HitCount],
        EventNumber = _number[..Count],
        RoadCentre = _road[..(Count * StationCount)],
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
        Resize(ref _z, size);
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
