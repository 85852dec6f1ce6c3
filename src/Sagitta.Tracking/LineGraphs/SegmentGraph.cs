using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>The segments of a frame and how they continue each other. A segment joins a hit to one of the next layer towards the beam,
/// within a gate; segments are ordered by their deeper hit, then by their shallower one. Segment e = (a, b) is linked to every segment f =
/// (b, c): the links of e are consecutive, as are the segments that leave a hit, so links need no list of ends. This is the line graph of
/// the graph of hits. Reused from frame to frame; it grows when it must. Not thread-safe while it is built.</summary>
internal sealed class SegmentGraph
{
    private const int Together = 8;
    private int[] _offsets = [0];
    private int[] _incomingOffsets = [0];
    private int[] _linkOffsets = [0];
    private int[] _deeper = [];
    private int[] _shallower = [];
    private int[] _incoming = [];
    private bool[] _trackerSide = [];
    private bool[] _label = [];
    private float[] _directionX = [];
    private float[] _directionY = [];
    private float[] _directionZ = [];
    private float[] _rootAngles = [];
    private float[] _tangents = [];
    private float[] _ranked = [];

    /// <summary>Number of hits.</summary>
    public int Hits { get; private set; }

    /// <summary>Number of segments.</summary>
    public int Count { get; private set; }

    /// <summary>Number of links, each counted once; the line graph has twice as many directed edges.</summary>
    public int Links { get; private set; }

    /// <summary>Hits + 1 borders: the segments that leave hit a towards the beam are <c>Offsets[a] .. Offsets[a + 1] - 1</c>.</summary>
    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, Hits + 1);

    /// <summary>Hits + 1 borders into <see cref="Incoming"/>.</summary>
    public ReadOnlySpan<int> IncomingOffsets => _incomingOffsets.AsSpan(0, Hits + 1);

    /// <summary>Segments that end on each hit from the deeper side, ascending.</summary>
    public ReadOnlySpan<int> Incoming => _incoming.AsSpan(0, Count);

    /// <summary>Deeper hit of each segment.</summary>
    public ReadOnlySpan<int> Deeper => _deeper.AsSpan(0, Count);

    /// <summary>Shallower hit of each segment.</summary>
    public ReadOnlySpan<int> Shallower => _shallower.AsSpan(0, Count);

    /// <summary>Whether the segment touches the tracker or the first calorimeter layer's link to it (see
    /// <see cref="GateOptions.TrackerLayers"/>).</summary>
    public ReadOnlySpan<bool> TrackerSide => _trackerSide.AsSpan(0, Count);

    /// <summary>Truth: whether the segment is true (false where the frame has no truth), see
    /// <see cref="GateOptions.LabelByParticle"/>.</summary>
    public ReadOnlySpan<bool> Label => _label.AsSpan(0, Count);

    /// <summary>Segments + 1 borders: link k of segment e joins it to segment <c>Offsets[Shallower[e]] + k</c> and has number
    /// <c>LinkOffsets[e] + k</c>.</summary>
    public ReadOnlySpan<int> LinkOffsets => _linkOffsets.AsSpan(0, Count + 1);

    /// <summary>Square root of the angle between the two segments of each link.</summary>
    public ReadOnlySpan<float> RootAngles => _rootAngles.AsSpan(0, Links);

    /// <summary>Builds the graph of a frame.</summary>
    public void Build(CalorimeterFrame frame, GateOptions gates)
    {
        Hits = frame.Count;
        Grow(ref _offsets, Hits + 1);
        Grow(ref _incomingOffsets, Hits + 2);
        FindSegments(frame, gates);
        FindIncoming();
        FindLinks();
        if (gates.AnglesFromCosines)
        {
            CosineAngles.Fill(frame, this, _rootAngles);
        }
    }

    /// <summary>Writes the eight features of each segment: deposits of the deeper and the shallower hit in MeV, then their positions in mm,
    /// across the beam from an origin.</summary>
    public void Features<T>(CalorimeterFrame frame, (float X, float Y) origin, Span<T> features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int e = 0; e < Count; e++)
        {
            int a = _deeper[e];
            int b = _shallower[e];
            Span<T> row = features.Slice(e * 8, 8);
            row[0] = T.CreateTruncating(frame.Energy[a]);
            row[1] = T.CreateTruncating(frame.Energy[b]);
            row[2] = T.CreateTruncating(frame.X[a] - origin.X);
            row[3] = T.CreateTruncating(frame.Y[a] - origin.Y);
            row[4] = T.CreateTruncating(frame.Z[a]);
            row[5] = T.CreateTruncating(frame.X[b] - origin.X);
            row[6] = T.CreateTruncating(frame.Y[b] - origin.Y);
            row[7] = T.CreateTruncating(frame.Z[b]);
        }
    }

    private void FindSegments(CalorimeterFrame frame, GateOptions gates)
    {
        double calorimeter = Math.Tan(gates.CalorimeterAngle);
        double tracker = Math.Tan(gates.TrackerAngle);
        double fast = Math.Min(calorimeter, Math.Tan(gates.FastAngle));
        int[] layer = frame.Layer;
        Count = 0;
        _offsets[0] = 0;
        int begin = 0;
        while (begin < Hits)
        {
            int end = EndOfLayer(layer, begin);
            int next = end < Hits ? EndOfLayer(layer, end) : end;
            double slope = layer[begin] <= gates.TrackerLayers ? tracker : calorimeter;
            for (int a = begin; a < end; a++)
            {
                GrowSegments(Count + next - end);
                bool fastHit = layer[a] >= 3 && frame.Energy[a] < gates.FastDeposit;
                int b = end;
                for (; b + Together <= next; b += Together)
                {
                    for (uint near = Near(frame, a, b, slope, fastHit ? fast : slope, gates.FastDeposit); near != 0; near &= near - 1)
                    {
                        Add(frame, gates, a, b + BitOperations.TrailingZeroCount(near));
                    }
                }

                for (; b < next; b++)
                {
                    double dx = (double)frame.X[a] - frame.X[b];
                    double dy = (double)frame.Y[a] - frame.Y[b];
                    double dz = (double)frame.Z[a] - frame.Z[b];
                    double reach = (fastHit && frame.Energy[b] < gates.FastDeposit ? fast : slope) * dz;
                    if ((dx * dx) + (dy * dy) < reach * reach && dz > 0)
                    {
                        Add(frame, gates, a, b);
                    }
                }

                _offsets[a + 1] = Count;
            }

            begin = end;
        }

        if (gates.Nearest > 0 && Count > (long)gates.Nearest * Hits)
        {
            KeepNearest(gates.Nearest);
        }
    }

    // Which of eight hits from b on lie within the gate of hit a, as bits; the fast one where both deposit little.
    private static uint Near(CalorimeterFrame frame, int a, int b, double slope, double fast, double deposit)
    {
        Vector512<double> dx = Vector512.Create((double)frame.X[a]) - Eight(frame.X, b);
        Vector512<double> dy = Vector512.Create((double)frame.Y[a]) - Eight(frame.Y, b);
        Vector512<double> dz = Vector512.Create((double)frame.Z[a]) - Eight(frame.Z, b);
        Vector512<double> slopes = fast == slope ? Vector512.Create(slope) : Vector512.ConditionalSelect(
            Vector512.LessThan(Eight(frame.Energy, b), Vector512.Create(deposit)), Vector512.Create(fast), Vector512.Create(slope));
        Vector512<double> reach = slopes * dz;
        return (uint)(Vector512.LessThan((dx * dx) + (dy * dy), reach * reach) & Vector512.GreaterThan(dz, Vector512<double>.Zero))
            .ExtractMostSignificantBits();
    }

    private static Vector512<double> Eight(float[] values, int first)
    {
        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(Vector256.Create(values, first));
        return Vector512.Create(lower, upper);
    }

    private void Add(CalorimeterFrame frame, GateOptions gates, int a, int b)
    {
        double dx = (double)frame.X[a] - frame.X[b];
        double dy = (double)frame.Y[a] - frame.Y[b];
        double dz = (double)frame.Z[a] - frame.Z[b];
        double across = (dx * dx) + (dy * dy);
        double scale = 1 / Math.Sqrt(across + (dz * dz));
        int e = Count++;
        _tangents[e] = (float)(across / (dz * dz));
        _deeper[e] = a;
        _shallower[e] = b;
        _trackerSide[e] = frame.Layer[b] <= gates.TrackerLayers;
        _label[e] = frame.HasTruth && gates.AreJoined(frame, a, b);
        _directionX[e] = (float)(dx * scale);
        _directionY[e] = (float)(dy * scale);
        _directionZ[e] = (float)(dz * scale);
    }

    // Of each hit's segments those closest to the beam axis, in their order; of equal ones the first.
    private void KeepNearest(int most)
    {
        int kept = 0;
        for (int a = 0; a < Hits; a++)
        {
            (int first, int end) = (_offsets[a], _offsets[a + 1]);
            _offsets[a] = kept;
            (float largest, int ties) = (float.PositiveInfinity, 0);
            if (end - first > most)
            {
                Grow(ref _ranked, end - first);
                Span<float> ranked = _ranked.AsSpan(0, end - first);
                _tangents.AsSpan(first, ranked.Length).CopyTo(ranked);
                ranked.Sort();
                largest = ranked[most - 1];
                ties = most - ranked.IndexOf(largest);
            }

            for (int e = first; e < end; e++)
            {
                if (_tangents[e] < largest || (_tangents[e] == largest && ties-- > 0))
                {
                    _deeper[kept] = _deeper[e];
                    _shallower[kept] = _shallower[e];
                    _trackerSide[kept] = _trackerSide[e];
                    _label[kept] = _label[e];
                    _directionX[kept] = _directionX[e];
                    _directionY[kept] = _directionY[e];
                    _directionZ[kept] = _directionZ[e];
                    kept++;
                }
            }
        }

        _offsets[Hits] = kept;
        Count = kept;
    }

    private static int EndOfLayer(int[] layer, int begin)
    {
        int end = begin + 1;
        while (end < layer.Length && layer[end] == layer[begin])
        {
            end++;
        }

        return end;
    }

    private void FindIncoming()
    {
        Array.Clear(_incomingOffsets, 0, Hits + 2);
        for (int e = 0; e < Count; e++)
        {
            _incomingOffsets[_shallower[e] + 2]++;
        }

        for (int b = 0; b < Hits; b++)
        {
            _incomingOffsets[b + 2] += _incomingOffsets[b + 1];
        }

        // The borders are one place ahead: each placement moves one to its final value.
        for (int e = 0; e < Count; e++)
        {
            _incoming[_incomingOffsets[_shallower[e] + 1]++] = e;
        }
    }

    private void FindLinks()
    {
        Grow(ref _linkOffsets, Count + 1);
        int links = 0;
        _linkOffsets[0] = 0;
        for (int e = 0; e < Count; e++)
        {
            int b = _shallower[e];
            links += _offsets[b + 1] - _offsets[b];
            _linkOffsets[e + 1] = links;
        }

        Links = links;
        Grow(ref _rootAngles, links + Vector512<float>.Count);
        FindSquaredChords();
        RootAngle.FromSquaredChords(_rootAngles.AsSpan(0, links));
    }

    // Between the directions of the two segments of each link, a run of links in whole vectors; the next run writes over what is beyond.
    private unsafe void FindSquaredChords()
    {
        fixed (float* directionX = _directionX, directionY = _directionY, directionZ = _directionZ, chords = _rootAngles)
        {
            for (int e = 0; e < Count; e++)
            {
                Vector512<float> x = Vector512.Create(directionX[e]);
                Vector512<float> y = Vector512.Create(directionY[e]);
                Vector512<float> z = Vector512.Create(directionZ[e]);
                float* chord = chords + _linkOffsets[e];
                int end = _offsets[_shallower[e] + 1];
                for (int f = _offsets[_shallower[e]]; f < end; f += Vector512<float>.Count, chord += Vector512<float>.Count)
                {
                    Vector512<float> dx = x - Vector512.Load(directionX + f);
                    Vector512<float> dy = y - Vector512.Load(directionY + f);
                    Vector512<float> dz = z - Vector512.Load(directionZ + f);
                    ((dx * dx) + (dy * dy) + (dz * dz)).Store(chord);
                }
            }
        }
    }

    private void GrowSegments(int count)
    {
        if (_deeper.Length < count)
        {
            int size = Math.Max(count, 2 * _deeper.Length);
            Array.Resize(ref _deeper, size);
            Array.Resize(ref _shallower, size);
            Array.Resize(ref _trackerSide, size);
            Array.Resize(ref _label, size);
            Array.Resize(ref _directionX, size + Vector512<float>.Count);
            Array.Resize(ref _directionY, size + Vector512<float>.Count);
            Array.Resize(ref _directionZ, size + Vector512<float>.Count);
            Array.Resize(ref _tangents, size);
            _incoming = new int[size];
        }
    }

    private static void Grow<TItem>(ref TItem[] array, int length)
    {
        if (array.Length < length)
        {
            array = new TItem[Math.Max(length, 2 * array.Length)];
        }
    }
}

/// <summary>How hits become segments: which pairs of hits in neighbouring layers (those within an angle of the beam axis), which of them
/// are true, and how angles between segments are taken.</summary>
internal sealed record GateOptions
{
    /// <summary>Largest angle to the beam axis between calorimeter layers, and from the first of them to the tracker, rad; the limit itself
    /// is out.</summary>
    [Range(0, 1.6)]
    public double CalorimeterAngle { get; init; } = 0.4;

    /// <summary>Largest angle where the deeper hit lies in the tracker or in the first calorimeter layer, rad.</summary>
    [Range(0, 1.6)]
    public double TrackerAngle { get; init; } = 0.2;

    /// <summary>Layers of the tracker in front of the calorimeter; segments up to the first calorimeter layer count to its side.</summary>
    [Range(0, 255)]
    public int TrackerLayers { get; init; } = 2;

    /// <summary>Below this deposit in both hits, MeV, a calorimeter segment is taken to be of a fast proton, which scatters little: its
    /// angle must be below <see cref="FastAngle"/>. 0, the default, makes no difference between protons.</summary>
    [Range(0, 1e3)]
    public double FastDeposit { get; init; }

    /// <summary>Largest angle of segments of fast protons, rad.</summary>
    [Range(0, 1.6)]
    public double FastAngle { get; init; } = 0.25;

    /// <summary>Most segments that leave a hit towards the beam in a frame whose hits have more than so many on average: those of the
    /// smallest angles to its axis. 0 for all. Segments of a hit grow with the protons of a frame, and links with their square; with this
    /// they do not, and a network is not asked about hits with more neighbours than it learnt from.</summary>
    [Range(0, 1_000_000)]
    public int Nearest { get; init; } = 12;

    /// <summary>Whether angles between segments are arc cosines of scalar products of unit vectors, all in float, as in the published code:
    /// near zero they have a grain of 3.5e-4 rad, which moves scores of segments by up to some thousandths. For comparison; by default
    /// angles come from chords, which are exact.</summary>
    public bool AnglesFromCosines { get; init; }

    /// <summary>Whether networks get the places of hits from the axis of the beam, as in the published code. By default they get them from
    /// the mean of the frame's hits, so that a spot beside the axis looks like the training's on it. For comparison.</summary>
    public bool PlacesFromAxis { get; init; }

    /// <summary>Whether a segment is true only if one particle made both hits. By default, as in the published code, both hits need only
    /// come from one event: the step from a proton to the proton that it set free is true as well.</summary>
    public bool LabelByParticle { get; init; }

    /// <summary>From where networks see the places of a frame's hits, mm.</summary>
    public (float X, float Y) OriginOf(CalorimeterFrame frame) => PlacesFromAxis ? (0, 0) : frame.Middle;

    /// <summary>Truth: whether the segment between two hits is true.</summary>
    public bool AreJoined(CalorimeterFrame frame, int a, int b) =>
        frame.TruthEvent[a] == frame.TruthEvent[b] && (!LabelByParticle || frame.TruthTrack[a] == frame.TruthTrack[b]);
}
