namespace Sagitta.Physics.Calorimeter;

/// <summary>
/// Reads passages from a table (docs/formats.md). The layer stands in the column <c>layer</c>, or as GATE writes it: <c>level1ID</c> and
/// <c>level2ID</c> (level1ID where level2ID is -1, else 2 + level2ID), or <c>volumeID[2]</c> and <c>volumeID[3]</c> (twice the first plus
/// the second), or is told by z.
/// </summary>
internal sealed class CalorimeterDepositReader
{
    private const double LargestShift = 1;
    private const int LayerLimit = CalorimeterEvents.LayerCount;
    private static readonly string[][] _layerPairs = [["level1ID", "level2ID"], ["volumeID[2]", "volumeID[3]"]];
    private readonly string? _frameColumn;
    private readonly IReadOnlyList<double>? _positions;
    private readonly string[]? _pair;
    private readonly bool _byPlace;
    private readonly ColumnRequest[] _requests;

    private CalorimeterDepositReader(
        TableSource source, bool needsTruth, string? frameColumn, ColumnMapping mapping, IReadOnlyList<double>? layerPositions)
    {
        bool Has(string name) => mapping.Columns.ContainsKey(name) || source.Names.Contains(name, StringComparer.Ordinal);
        (_frameColumn, _positions) = (frameColumn, layerPositions);
        _pair = Has("layer") ? null : _layerPairs.FirstOrDefault(names => Has(names[0]) && Has(names[1]));
        _byPlace = !Has("layer") && _pair is null && layerPositions is not null && (Has("z") || Has("posZ"));
        _requests =
        [
            Name("event", "number of the event, the beam particle", "eventID") with { Optional = frameColumn is not null && !needsTruth },
            .. frameColumn is null ? [] : new[] { Name(frameColumn, "number of the frame") },
            .. _pair is null ? [Layer(_byPlace)] : _pair.Select(name => Whole(name, "GATE's number of a volume")),
            Place("x", "posX"),
            Place("y", "posY"),
            Place("z", "posZ") with { Optional = layerPositions is not null },
            new("edep", ColumnKind.Number, "MeV deposited") { Low = 0, High = 1e6 },
            Name("track", "number of the track in its event, which training and evaluation need",
                "trackID") with { Optional = !needsTruth },
            Name("parent", "track that it comes from, 0 for the beam particle", "parentID") with { Optional = !needsTruth },
            Whole("particle", "code of the Particle Data Group", "pdg") with { Default = 0 },
            new("spotX", ColumnKind.Number, "mm, x of the beam's spot") { Optional = true },
            new("spotY", ColumnKind.Number, "mm, y of the beam's spot") { Optional = true },
            new("hit", ColumnKind.WholeNumber, "number by which tracks name the hit") { Aliases = ["hitID"], Optional = true },
        ];
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">CSV (plain or gzip), NPZ or Parquet.</param>
    /// <param name="needsTruth">Whether a file without events, tracks and their parents is refused.</param>
    /// <param name="frameColumn">Column with the frame of each row; null where frames will be formed of events.</param>
    /// <param name="mapping">How the file calls its columns; null where it uses the names of docs/formats.md.</param>
    /// <param name="layerPositions">z of each layer in mm: with it a file needs only one of layer and z. Null where no calorimeter is
    /// given.</param>
    /// <param name="array">The structured array of an NPZ file, if it has several arrays.</param>
    public static CalorimeterDeposits Read(string path, bool needsTruth = true, string? frameColumn = null, ColumnMapping? mapping = null,
        IReadOnlyList<double>? layerPositions = null, string array = "")
    {
        using TableSource source = TableFile.Open(path, array);
        CalorimeterDepositReader reader = new(source, needsTruth, frameColumn, mapping ?? ColumnMapping.None, layerPositions);
        return reader.Deposits(source.Read(reader._requests, mapping));
    }

    /// <summary>The same of a file, a pipe or standard input some thousand events (or frames) at a time and in ascending order, so that
    /// memory does not grow with their number; all come at once where rows are not in that order. Of a share, by an index that
    /// <see cref="Index"/> made, its events (or frames) alone.</summary>
    public static IEnumerable<CalorimeterDeposits> ReadParts(string path, bool needsTruth, string? frameColumn, ColumnMapping? mapping,
        IReadOnlyList<double>? layerPositions, ReadShare? share = null)
    {
        using TableSource source = TableFile.Open(path);
        CalorimeterDepositReader reader = new(source, needsTruth, frameColumn, mapping ?? ColumnMapping.None, layerPositions);
        foreach (ColumnTable table in source.ReadGroups(reader._requests, mapping, frameColumn ?? "event", share))
        {
            yield return reader.Deposits(table);
        }
    }

    /// <summary>How many events (or frames) with a hit that is kept there are to share, and where they are.</summary>
    public static GroupIndex Index(string path, string? frameColumn, ColumnMapping? mapping, IReadOnlyList<double>? layerPositions,
        HitPreparationOptions options)
    {
        using TableSource source = TableFile.Open(path);
        CalorimeterDepositReader reader = new(source, needsTruth: false, frameColumn, mapping ?? ColumnMapping.None, layerPositions);
        return source.Index(reader._requests, mapping, frameColumn ?? "event",
            ("particle", particle => HitPreparation.IsKept(particle, options)));
    }

    private CalorimeterDeposits Deposits(ColumnTable table)
    {
        double[] z = table.Numbers("z");
        int[] layer = _byPlace ? LayersAt(table, z, _positions!) : Layers(table, _pair, _positions);
        if (!_byPlace && _positions is not null && table.Has("z"))
        {
            CheckPlaces(table, z, layer, _positions);
        }

        List<string> notes = [.. table.Notes];
        if (_byPlace)
        {
            notes.Add("no column 'layer': that of each hit is the one at its z");
        }

        return new()
        {
            EventNumber = table.Has("event") ? table.Wholes("event") : new long[table.Count],
            Track = table.Has("track") ? table.Wholes("track") : [],
            Parent = table.Has("parent") ? table.Wholes("parent") : [],
            Particle = table.Integers("particle"),
            Layer = layer,
            X = table.Numbers("x"),
            Y = table.Numbers("y"),
            Z = table.Has("z") ? z : Array.ConvertAll(layer, number => _positions![number]),
            Energy = table.Numbers("edep"),
            HitId = table.Has("hit") ? table.Wholes("hit") : [],
            Frame = _frameColumn is null ? [] : table.Wholes(_frameColumn),
            Spot = table.Has("spotX") && table.Has("spotY") ? [.. table.Numbers("spotX").Zip(table.Numbers("spotY"))] : [],
            HasTruth = table.Has("event") && table.Has("track") && table.Has("parent"),
            Notes = notes,
            FirstRow = table.FirstRow,
        };
    }

    // A number that is only a name: any of 64 bits.
    private static ColumnRequest Name(string name, string meaning, params string[] aliases) =>
        new(name, ColumnKind.WholeNumber, meaning) { Aliases = aliases };

    private static ColumnRequest Whole(string name, string meaning, params string[] aliases) =>
        new(name, ColumnKind.WholeNumber, meaning) { Aliases = aliases, Low = -int.MaxValue, High = int.MaxValue };

    private static ColumnRequest Place(string name, string alias) =>
        new(name, ColumnKind.Number, "mm") { Aliases = [alias], Low = -1e6, High = 1e6 };

    private static ColumnRequest Layer(bool optional) =>
        new("layer", ColumnKind.WholeNumber,
            "number from 0; or level1ID and level2ID, or volumeID[2] and volumeID[3], or z and a calorimeter")
        {
            Optional = optional,
            Low = 0,
            High = LayerLimit - 1,
        };

    private static int[] Layers(ColumnTable table, string[]? pair, IReadOnlyList<double>? positions)
    {
        int[] layer = pair is null ? table.Integers("layer") : table.Integers(pair[0]);
        int[] second = pair is null ? [] : table.Integers(pair[1]);
        int limit = positions is null ? LayerLimit : Math.Min(LayerLimit, positions.Count);
        for (int row = 0; row < layer.Length; row++)
        {
            long number = pair is null ? layer[row] : pair[0] == _layerPairs[0][0] ? (second[row] == -1 ? layer[row] : 2L + second[row])
                : (2L * layer[row]) + second[row];
            layer[row] = number >= 0 && number < limit ? (int)number : throw table.Bad(pair is null ? "layer" : pair[0], row,
                $"{number} is not a layer number", string.Create(
                    CultureInfo.InvariantCulture, $"give a whole number from 0 to {limit - 1}"));
        }

        return layer;
    }

    private static void CheckPlaces(ColumnTable table, double[] z, int[] layer, IReadOnlyList<double> positions)
    {
        for (int row = 0; row < z.Length; row++)
        {
            if (Math.Abs(positions[layer[row]] - z[row]) > LargestShift)
            {
                throw table.Bad("z", row, string.Create(CultureInfo.InvariantCulture,
                    $"{z[row]} is not the place of layer {layer[row]}, {positions[layer[row]]} mm"),
                    "give z in mm (--columns 'z=z*10' reads centimetres) and the calorimeter that the hits come from, or leave z out");
            }
        }
    }

    private static int[] LayersAt(ColumnTable table, double[] z, IReadOnlyList<double> positions)
    {
        int[] layer = new int[z.Length];
        for (int row = 0; row < z.Length; row++)
        {
            for (int l = 1; l < positions.Count; l++)
            {
                layer[row] = Math.Abs(positions[l] - z[row]) < Math.Abs(positions[layer[row]] - z[row]) ? l : layer[row];
            }

            if (Math.Abs(positions[layer[row]] - z[row]) > LargestShift)
            {
                throw table.Bad("z", row, string.Create(CultureInfo.InvariantCulture,
                    $"no layer lies within {LargestShift} mm of {z[row]}, the nearest at {positions[layer[row]]}"),
                    "give z in mm (--columns 'z=z*10' reads centimetres), the calorimeter that the hits come from, or a column 'layer'");
            }
        }

        return layer;
    }
}
