namespace Sagitta.Physics.Calorimeter;

/// <summary>Hits of a tracking calorimeter as a user's file gives them.</summary>
/// <param name="Deposits">The hits in the order of the file. Without truth each row has a track number of its own, so that none are
/// merged.</param>
/// <param name="Frame">Per hit: the frame that the file names; null where it names none.</param>
/// <param name="HasTruth">Whether the file tells tracks and their parents.</param>
/// <param name="Notes">What was taken for what is missing, to be shown.</param>
internal sealed record CalorimeterHits(CalorimeterDeposits Deposits, long[]? Frame, bool HasTruth, IReadOnlyList<string> Notes);

/// <summary>
/// Reads passages from a table (docs/formats.md). The layer stands in the column <c>layer</c>, or as GATE writes it: <c>level1ID</c> and
/// <c>level2ID</c> (level1ID where level2ID is -1, else 2 + level2ID), or <c>volumeID[2]</c> and <c>volumeID[3]</c> (twice the first plus
/// the second), or is told by z.
/// </summary>
internal static class CalorimeterDepositReader
{
    private const double LargestShift = 1;
    private const int LayerLimit = 1000;
    private static readonly string[][] _layerPairs = [["level1ID", "level2ID"], ["volumeID[2]", "volumeID[3]"]];

    /// <summary>Reads a file that tells the truth: tracks and their parents.</summary>
    /// <param name="path">CSV (plain or gzip), NPZ or Parquet.</param>
    /// <param name="array">The structured array of an NPZ file, if it has several arrays.</param>
    public static CalorimeterDeposits Read(string path, string array = "")
    {
        using TableSource source = TableFile.Open(path, array);
        return Read(source, ColumnMapping.None, null, truth: true).Deposits;
    }

    /// <summary>Reads a file that may hold hits alone.</summary>
    /// <param name="path">CSV (plain or gzip), NPZ or Parquet.</param>
    /// <param name="mapping">How the file calls its columns; null where it uses the names of docs/formats.md.</param>
    /// <param name="layerPositions">z of each layer in mm: with it a file needs only one of layer and z. Null where no calorimeter is
    /// given.</param>
    public static CalorimeterHits ReadHits(string path, ColumnMapping? mapping = null, IReadOnlyList<double>? layerPositions = null)
    {
        using TableSource source = TableFile.Open(path);
        return Read(source, mapping ?? ColumnMapping.None, layerPositions, truth: false);
    }

    private static CalorimeterHits Read(TableSource source, ColumnMapping mapping, IReadOnlyList<double>? positions, bool truth)
    {
        bool Has(params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
            {
                if (mapping.Columns.ContainsKey(name) || source.Names.Contains(name, StringComparer.Ordinal))
                {
                    return true;
                }
            }

            return false;
        }

        string[]? pair = Has("layer") ? null : _layerPairs.FirstOrDefault(names => Has(names[0]) && Has(names[1]));
        bool byPlace = !Has("layer") && pair is null && positions is not null && Has("z", "posZ");
        bool framed = Has("frame");
        ColumnTable table = source.Read(
            [
                Whole("event", "number of the event, the beam particle", "eventID") with { Optional = framed },
                Whole("frame", "number of the frame") with { Optional = true },
                .. pair is null ? [Layer(byPlace)] : pair.Select(name => Whole(name, "GATE's number of a volume")),
                new("x", ColumnKind.Number, "mm") { Aliases = ["posX"] },
                new("y", ColumnKind.Number, "mm") { Aliases = ["posY"] },
                new("z", ColumnKind.Number, "mm") { Aliases = ["posZ"], Optional = positions is not null },
                new("edep", ColumnKind.Number, "MeV deposited") { Low = 0 },
                Whole("track", "number of the track in its event", "trackID") with { Optional = !truth },
                Whole("parent", "track that it comes from, 0 for the beam particle", "parentID") with { Optional = !truth },
                Whole("particle", "code of the Particle Data Group", "pdg") with { Default = 0 },
            ], mapping);
        double[] z = table.Numbers("z");
        int[] layer = byPlace ? LayersAt(table, z, positions!) : Layers(table, pair, positions);
        bool told = table.Has("track") && table.Has("parent");
        CalorimeterDeposits deposits = new()
        {
            EventNumber = table.Has("event") ? table.Integers("event")
                : Array.ConvertAll(table.Wholes("frame"), frame => checked((int)frame)),
            Track = told ? table.Integers("track") : [.. Enumerable.Range(1, table.Count)],
            Parent = told ? table.Integers("parent") : new int[table.Count],
            Particle = table.Integers("particle"),
            Layer = layer,
            X = table.Numbers("x"),
            Y = table.Numbers("y"),
            Z = table.Has("z") ? z : Array.ConvertAll(layer, number => positions![number]),
            Energy = table.Numbers("edep"),
        };
        List<string> notes = [.. table.Notes];
        if (byPlace)
        {
            notes.Add("no column 'layer': that of each hit is the one at its z");
        }

        return new(deposits, framed ? table.Wholes("frame") : null, told, notes);
    }

    private static ColumnRequest Whole(string name, string meaning, params string[] aliases) =>
        new(name, ColumnKind.WholeNumber, meaning) { Aliases = aliases, Low = -int.MaxValue, High = int.MaxValue };

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
