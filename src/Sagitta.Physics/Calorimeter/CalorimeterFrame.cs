namespace Sagitta.Physics.Calorimeter;

/// <summary>Hits of one readout frame, the overlay of several protons, deepest layer first. Reconstruction reads layers, positions and
/// deposits alone; a frame may also hold the truth, which training and evaluation need.</summary>
/// <example>
/// <code>
/// foreach (CalorimeterFrame frame in CalorimeterFrame.Read("hits.csv", protonsPerFrame: 100))
/// {
///     Console.WriteLine($"frame {frame.Number} has {frame.Count} hits");
/// }
/// </code>
/// </example>
public sealed class CalorimeterFrame
{
    /// <summary>A frame of hits in any order; they are kept as they are, without merging or dropping any.</summary>
    /// <param name="number">Number of the frame.</param>
    /// <param name="hits">The hits; none makes an empty frame.</param>
    public CalorimeterFrame(long number, IEnumerable<CalorimeterHit> hits)
    {
        ArgumentNullException.ThrowIfNull(hits);
        CalorimeterHit[] sorted = [.. hits.OrderByDescending(hit => hit.Layer)];
        Number = number;
        Layer = [.. sorted.Select(hit => hit.Layer)];
        X = [.. sorted.Select(hit => (float)hit.X)];
        Y = [.. sorted.Select(hit => (float)hit.Y)];
        Z = [.. sorted.Select(hit => (float)hit.Z)];
        Energy = [.. sorted.Select(hit => (float)hit.Energy)];
        HitIds = [.. sorted.Select(hit => hit.Id)];
    }

    internal CalorimeterFrame()
    {
    }

    /// <summary>Number of the frame.</summary>
    public long Number { get; init; }

    /// <summary>Number of hits.</summary>
    public int Count => Layer.Length;

    /// <summary>One hit; of a hit merged from several rows the identifier is that of the first.</summary>
    /// <param name="hit">Its index, from 0; deeper layers come first.</param>
    public CalorimeterHit this[int hit] => new(IdsOf(hit) is [long id, ..] ? id : hit, Layer[hit], X[hit], Y[hit], Z[hit], Energy[hit]);

    /// <summary>Reads the frames of a file: CSV (plain or .gz) or NPZ, as docs/formats.md describes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="protonsPerFrame">So many events after each other make a frame; the column eventID tells them apart, and what is left
    /// makes a last, smaller frame.</param>
    /// <param name="frameColumn">Column that holds the number of each row's frame, instead of <paramref name="protonsPerFrame"/>.</param>
    /// <param name="keepElectrons">Whether rows whose pdg column names electrons, positrons or photons are kept.</param>
    /// <returns>The frames in the order of their numbers; none if the file has no hits.</returns>
    public static IReadOnlyList<CalorimeterFrame> Read(string path, int protonsPerFrame = 100, string? frameColumn = null,
        bool keepElectrons = false) =>
        HitPreparation.Events(CalorimeterDepositReader.Read(path, needsTruth: false, frameColumn),
            new() { KeepElectronsAndPhotons = keepElectrons }).Frames(protonsPerFrame, incomplete: true);

    /// <summary>Identifiers of the rows that a hit was merged from.</summary>
    internal ReadOnlySpan<long> IdsOf(int hit) =>
        HitIdOffsets.Length > 0 ? HitIds.AsSpan(HitIdOffsets[hit]..HitIdOffsets[hit + 1]) : HitIds.AsSpan(hit, HitIds.Length > 0 ? 1 : 0);

    /// <summary>Number of events overlaid; 0 if unknown.</summary>
    internal int Events { get; init; }

    /// <summary>Layer of each hit, not increasing.</summary>
    internal int[] Layer { get; init; } = [];

    /// <summary>x of each hit, mm.</summary>
    internal float[] X { get; init; } = [];

    /// <summary>y of each hit, mm.</summary>
    internal float[] Y { get; init; } = [];

    /// <summary>z of each hit, mm.</summary>
    internal float[] Z { get; init; } = [];

    /// <summary>Energy deposited, MeV.</summary>
    internal float[] Energy { get; init; } = [];

    /// <summary>Identifiers of the rows behind the hits; empty if there are none.</summary>
    internal long[] HitIds { get; init; } = [];

    /// <summary>Hits + 1 borders in <see cref="HitIds"/>; empty where each hit has one identifier.</summary>
    internal int[] HitIdOffsets { get; init; } = [];

    /// <summary>Truth: event of each hit; empty where the truth is not known.</summary>
    internal long[] TruthEvent { get; init; } = [];

    /// <summary>Truth: track number within the event.</summary>
    internal long[] TruthTrack { get; init; } = [];

    /// <summary>Truth: whether the beam particle itself made the hit.</summary>
    internal bool[] TruthPrimary { get; init; } = [];

    /// <summary>Mean place of the hits across the beam, mm; (0, 0) without hits.</summary>
    internal (float X, float Y) Middle => (Mean(X), Mean(Y));

    /// <summary>Whether the frame knows the truth of its hits.</summary>
    internal bool HasTruth => TruthEvent.Length == Count;

    private static float Mean(float[] places)
    {
        double sum = 0;
        foreach (float place in places)
        {
            sum += place;
        }

        return (float)(sum / Math.Max(1, places.Length));
    }

    /// <summary>Refuses a frame that does not know the truth.</summary>
    internal void RequireTruth()
    {
        if (!HasTruth)
        {
            throw new InvalidOperationException("The frame has no truth: read it with eventID, trackID and parentID.");
        }
    }
}

/// <summary>One hit of a tracking calorimeter.</summary>
/// <param name="Id">A number of the caller's own, by which tracks name the hit.</param>
/// <param name="Layer">Layer from the beam side, from 0; the tracker's layers come first.</param>
/// <param name="X">x, mm.</param>
/// <param name="Y">y, mm.</param>
/// <param name="Z">z along the beam, mm.</param>
/// <param name="Energy">Energy deposited, MeV.</param>
public readonly record struct CalorimeterHit(long Id, int Layer, double X, double Y, double Z, double Energy);
