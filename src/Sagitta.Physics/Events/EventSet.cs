namespace Sagitta.Physics.Events;

/// <summary>
/// Digitised events as columns: hits laid end to end, the hits of event e being <c>HitOffsets[e] .. HitOffsets[e + 1] - 1</c>,
/// ordered by plane, then by y. Reconstruction reads hits and road centres only; the columns whose names begin with Truth or
/// Label are for training targets and for metrics.
/// </summary>
internal sealed class EventSet
{
    /// <summary>Name of the detector that the events were digitised for.</summary>
    public required string Detector { get; init; }

    /// <summary>"simulation" or "geant4".</summary>
    public required string Source { get; init; }

    /// <summary>Background flux in kHz/cm2; NaN for a mixture.</summary>
    public required double BackgroundKHzPerCm2 { get; init; }

    /// <summary>
    /// 0 for strip hits; above 0, hits are muon crossings with this Gaussian error in mm, and reconstruction takes it as their sigma.
    /// </summary>
    public double Smear { get; init; }

    /// <summary>Planes of the detector, the width of the per-plane columns.</summary>
    public required int PlaneCount { get; init; }

    /// <summary>Stations of the detector, the width of <see cref="RoadCentre"/>.</summary>
    public required int StationCount { get; init; }

    /// <summary>Number of events.</summary>
    public int Count => HitOffsets.Length - 1;

    /// <summary>Number of hits of all events.</summary>
    public int HitCount => HitOffsets[^1];

    /// <summary>Count + 1 borders into the hit columns.</summary>
    public required int[] HitOffsets { get; init; }

    /// <summary>Per hit: plane index.</summary>
    public required byte[] HitPlane { get; init; }

    /// <summary>Per hit: y of the strip's centre, mm.</summary>
    public required float[] HitY { get; init; }

    /// <summary>Per hit: z of the plane, mm.</summary>
    public required float[] HitZ { get; init; }

    /// <summary>Per hit: charge above threshold in primary-electron equivalents, before gas gain.</summary>
    public required float[] HitCharge { get; init; }

    /// <summary>Per hit: time within the readout window, ns.</summary>
    public required float[] HitTime { get; init; }

    /// <summary>Per hit: 1 where over half of the charge comes from the muon or electrons within 0.5 mm of its crossing, else 0.</summary>
    public required byte[] LabelHit { get; init; }

    /// <summary>Per event: number that, with the seed, names the event.</summary>
    public required long[] EventNumber { get; init; }

    /// <summary>Per event and station (row-major): centre of the road, mm; hits outside the road are not read out.</summary>
    public required float[] RoadCentre { get; init; }

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

    /// <summary>One event as a set of its own, copied.</summary>
    /// <param name="index">Its place, from 0.</param>
    public EventSet Only(int index)
    {
        Range hits = HitOffsets[index]..HitOffsets[index + 1];
        Range stations = (index * StationCount)..((index + 1) * StationCount);
        Range planes = (index * PlaneCount)..((index + 1) * PlaneCount);
        return new()
        {
            Detector = Detector,
            Source = Source,
            BackgroundKHzPerCm2 = BackgroundKHzPerCm2,
            Smear = Smear,
            PlaneCount = PlaneCount,
            StationCount = StationCount,
            HitOffsets = [0, HitOffsets[index + 1] - HitOffsets[index]],
            HitPlane = HitPlane[hits],
            HitY = HitY[hits],
            HitZ = HitZ[hits],
            HitCharge = HitCharge[hits],
            HitTime = HitTime[hits],
            LabelHit = LabelHit[hits],
            EventNumber = [EventNumber[index]],
            RoadCentre = RoadCentre[stations],
            Background = [Background[index]],
            TruthMuon = [TruthMuon[index]],
            TruthQOverPt = [TruthQOverPt[index]],
            TruthY0 = [TruthY0[index]],
            TruthSlope = [TruthSlope[index]],
            TruthCrossing = TruthCrossing[planes],
        };
    }

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

        return new()
        {
            Detector = Detector,
            Source = Source,
            BackgroundKHzPerCm2 = BackgroundKHzPerCm2,
            Smear = Smear,
            PlaneCount = PlaneCount,
            StationCount = StationCount,
            HitOffsets = HitOffsets,
            HitPlane = HitPlane,
            HitY = y,
            HitZ = HitZ,
            HitCharge = HitCharge,
            HitTime = HitTime,
            LabelHit = LabelHit,
            EventNumber = EventNumber,
            RoadCentre = RoadCentre,
            Background = Background,
            TruthMuon = TruthMuon,
            TruthQOverPt = TruthQOverPt,
            TruthY0 = TruthY0,
            TruthSlope = TruthSlope,
            TruthCrossing = TruthCrossing,
        };
    }

    /// <summary>The same events without their hits: what remains for metrics once every hit is reconstructed. Columns of events are
    /// shared.</summary>
    public EventSet WithoutHits() => new()
    {
        Detector = Detector,
        Source = Source,
        BackgroundKHzPerCm2 = BackgroundKHzPerCm2,
        Smear = Smear,
        PlaneCount = PlaneCount,
        StationCount = StationCount,
        HitOffsets = new int[Count + 1],
        HitPlane = [],
        HitY = [],
        HitZ = [],
        HitCharge = [],
        HitTime = [],
        LabelHit = [],
        EventNumber = EventNumber,
        RoadCentre = RoadCentre,
        Background = Background,
        TruthMuon = TruthMuon,
        TruthQOverPt = TruthQOverPt,
        TruthY0 = TruthY0,
        TruthSlope = TruthSlope,
        TruthCrossing = TruthCrossing,
    };
}
