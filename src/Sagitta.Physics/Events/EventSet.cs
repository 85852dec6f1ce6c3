namespace Sagitta.Physics.Events;

/// <summary>
/// Hits with what is known of them beside: training targets and what metrics ask for. Reconstruction reads <see cref="Hits"/> alone; the
/// columns whose names begin with Truth or Label are the answer.
/// </summary>
internal sealed record EventSet
{
    /// <summary>The hits.</summary>
    public required HitSet Hits { get; init; }

    /// <summary>"simulation", "geant4" or what else made the events.</summary>
    public required string Source { get; init; }

    /// <summary>Background flux in kHz/cm2; NaN for a mixture.</summary>
    public required double BackgroundKHzPerCm2 { get; init; }

    /// <summary>Whether the truth is known; without, the columns below are zeros.</summary>
    public bool HasTruth { get; init; } = true;

    /// <summary>Per hit: 1 where over half of the charge comes from the muon or electrons within 0.5 mm of its crossing, else 0.</summary>
    public required byte[] LabelHit { get; init; }

    /// <summary>Per event: background flux, kHz/cm2.</summary>
    public required float[] Background { get; init; }

    /// <summary>Per event: 1 if there is a muon, 0 for background alone.</summary>
    public required byte[] TruthMuon { get; init; }

    /// <summary>Per event: charge over momentum in the (y, z) plane at the vertex, 1/GeV; 0 without muon.</summary>
    public required double[] TruthQOverPt { get; init; }

    /// <summary>Per event: y of the trajectory at z = 0 after the event shift, mm.</summary>
    public required double[] TruthY0 { get; init; }

    /// <summary>Per event: s0, the sine of the angle to +z in the (y, z) plane at z = 0.</summary>
    public required double[] TruthSlope { get; init; }

    /// <summary>Per event and plane (row-major): y where the muon crossed the gap's centre, mm; NaN where it did not.</summary>
    public required float[] TruthCrossing { get; init; }
    public Detector Detector => Hits.Detector;
    public int PlaneCount => Hits.Detector.Planes.Count;
    public int StationCount => Hits.Detector.StationCount;
    public int Count => Hits.Count;
    public int HitCount => Hits.HitCount;
    public int[] HitOffsets => Hits.Offsets;
    public byte[] HitPlane => Hits.Plane;
    public float[] HitY => Hits.Y;
    public float[] HitCharge => Hits.Charge;
    public float[] HitTime => Hits.Time;
    public long[] EventNumber => Hits.EventNumber;
    public float[] RoadCentre => Hits.RoadCentre;

    /// <summary>All columns. Not public, since a record's ToString could not print it.</summary>
    internal EventColumns Columns => new()
    {
        Ends = HitOffsets.AsSpan(1),
        Plane = HitPlane,
        Y = HitY,
        Charge = HitCharge,
        Time = HitTime,
        Label = LabelHit,
        Number = EventNumber,
        Road = RoadCentre,
        Background = Background,
        Muon = TruthMuon,
        QOverPt = TruthQOverPt,
        Y0 = TruthY0,
        Slope = TruthSlope,
        Crossing = TruthCrossing,
    };

    /// <summary>Hits of which nothing more is known, for what shows truth where there is one.</summary>
    public static EventSet WithoutTruth(HitSet hits) => new()
    {
        Hits = hits,
        Source = "data",
        BackgroundKHzPerCm2 = double.NaN,
        HasTruth = false,
        LabelHit = new byte[hits.HitCount],
        Background = new float[hits.Count],
        TruthMuon = new byte[hits.Count],
        TruthQOverPt = new double[hits.Count],
        TruthY0 = new double[hits.Count],
        TruthSlope = new double[hits.Count],
        TruthCrossing = [.. Enumerable.Repeat(float.NaN, hits.Count * hits.Detector.Planes.Count)],
    };

    /// <summary>Some events after another as a set of their own, copied unless they are all.</summary>
    public EventSet Slice(Range range)
    {
        (int first, int count) = range.GetOffsetAndLength(Count);
        return count == Count ? this : this with
        {
            Hits = Hits.Slice(first, count),
            LabelHit = LabelHit[HitOffsets[first]..HitOffsets[first + count]],
            Background = Background[range],
            TruthMuon = TruthMuon[range],
            TruthQOverPt = TruthQOverPt[range],
            TruthY0 = TruthY0[range],
            TruthSlope = TruthSlope[range],
            TruthCrossing = TruthCrossing[(first * PlaneCount)..((first + count) * PlaneCount)],
        };
    }

    /// <summary>One event as a set of its own.</summary>
    /// <param name="index">Its place, from 0.</param>
    public EventSet Only(int index) => Slice(index..(index + 1));

    /// <summary>The same events as planes shifted along y would record them: their hits move, truth and roads stay.</summary>
    /// <param name="shifts">Shift of each plane, mm.</param>
    public EventSet WithShiftedPlanes(ReadOnlySpan<double> shifts)
    {
        if (shifts.Length != PlaneCount)
        {
            throw new ArgumentException($"{shifts.Length} shifts for {PlaneCount} planes: one a plane.", nameof(shifts));
        }

        float[] y = [.. HitY];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] += (float)shifts[HitPlane[i]];
        }

        return this with { Hits = Hits with { Y = y } };
    }

    /// <summary>The same events without their hits: what remains for metrics once every hit is reconstructed. Columns of events are
    /// shared.</summary>
    public EventSet WithoutHits() => this with
    {
        Hits = Hits with { Offsets = new int[Count + 1], Plane = [], Y = [], Charge = [], Time = [] },
        LabelHit = [],
    };
}

/// <summary>The columns of finished events, wherever they are kept; names as in <see cref="EventSet"/>.</summary>
internal readonly ref struct EventColumns
{
    /// <summary>Per event: where its hits end.</summary>
    public required ReadOnlySpan<int> Ends { get; init; }
    public required ReadOnlySpan<byte> Plane { get; init; }
    public required ReadOnlySpan<float> Y { get; init; }
    public required ReadOnlySpan<float> Charge { get; init; }
    public required ReadOnlySpan<float> Time { get; init; }
    public required ReadOnlySpan<byte> Label { get; init; }
    public required ReadOnlySpan<long> Number { get; init; }
    public required ReadOnlySpan<float> Road { get; init; }
    public required ReadOnlySpan<float> Background { get; init; }
    public required ReadOnlySpan<byte> Muon { get; init; }
    public required ReadOnlySpan<double> QOverPt { get; init; }
    public required ReadOnlySpan<double> Y0 { get; init; }
    public required ReadOnlySpan<double> Slope { get; init; }
    public required ReadOnlySpan<float> Crossing { get; init; }
}
