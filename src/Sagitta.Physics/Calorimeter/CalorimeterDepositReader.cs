using System.IO.Compression;

namespace Sagitta.Physics.Calorimeter;

/// <summary>
/// Reads passages from CSV (plain or gzipped) or from NPZ (a structured array <c>arr_0</c>, or any name given). Columns: eventID, trackID,
/// parentID, posX, posY, posZ, edep; the layer as <c>layer</c>, or as GATE writes it: <c>level1ID</c> and <c>level2ID</c>
/// (level1ID where level2ID is -1, else 2 + level2ID), or <c>volumeID[2]</c> and <c>volumeID[3]</c> (twice the first plus the second); pdg
/// if there is one.
/// </summary>
internal static class CalorimeterDepositReader
{
    private static readonly string[] Required = ["eventID", "trackID", "parentID", "posX", "posY", "posZ", "edep"];

    /// <summary>Reads a file by the ending of its name: .npz, .csv or .csv.gz.</summary>
    public static CalorimeterDeposits Read(string path) =>
        path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) ? ReadNpz(path, "arr_0") : ReadCsv(path);

    /// <summary>Reads a structured array of an NPZ file.</summary>
    public static CalorimeterDeposits ReadNpz(string path, string array)
    {
        using NpzReader reader = new(path);
        HashSet<string> fields = [.. reader.Header(array).Type.Fields.Select(f => f.Name)];
        string where = $"'{path}', array '{array}'";
        LayerColumns layers = LayerColumns.Find(fields, where);
        double[][] columns = [.. Required.Concat(layers.Names).Select(name => reader.ReadField<double>(array, name))];
        double[]? particle = fields.Contains("pdg") ? reader.ReadField<double>(array, "pdg") : null;
        int count = columns[0].Length;
        Builder builder = new(count);
        Span<double> row = stackalloc double[columns.Length];
        for (int i = 0; i < count; i++)
        {
            for (int c = 0; c < columns.Length; c++)
            {
                row[c] = columns[c][i];
            }

            builder.Add(row, layers, particle is null ? 0 : particle[i], where);
        }

        return builder.Finish();
    }

    /// <summary>Reads a CSV file with a header line.</summary>
    public static CalorimeterDeposits ReadCsv(string path)
    {
        HashSet<string> header = Header(path);
        LayerColumns layers = LayerColumns.Find(header, $"{path}, line 1");
        bool particle = header.Contains("pdg");
        string[] names = [.. Required, .. layers.Names, .. particle ? ["pdg"] : Array.Empty<string>()];
        using NumberTable table = new(path, names);
        Builder builder = new(1024);
        int width = Required.Length + layers.Names.Length;
        while (table.Read())
        {
            builder.Add(table.Values[..width], layers, particle ? table.Values[width] : 0, $"{path}, line {table.Line}");
        }

        return builder.Finish();
    }

    private static HashSet<string> Header(string path)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException($"'{path}'", "there is no such file",
                "give the path of a CSV file (plain or .gz) or of an NPZ file");
        }

        using Stream file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress)
            : file;
        using StreamReader reader = new(stream);
        try
        {
            return [.. (reader.ReadLine() ?? string.Empty).Split(',').Select(name => name.Trim())];
        }
        catch (InvalidDataException problem)
        {
            throw new BadInputException($"'{path}'", "this is not gzip despite its name", "give a whole .csv.gz file", problem);
        }
    }

    private sealed record LayerColumns(string[] Names)
    {
        public static LayerColumns Find(HashSet<string> header, string where)
        {
            string[][] known = [["layer"], ["level1ID", "level2ID"], ["volumeID[2]", "volumeID[3]"]];
            return known.FirstOrDefault(names => names.All(header.Contains)) is { } names
                ? new(names)
                : throw new BadInputException(where, "no column tells the layer",
                    "give 'layer', or 'level1ID' and 'level2ID', or 'volumeID[2]' and 'volumeID[3]'");
        }

        public double Layer(ReadOnlySpan<double> values) => Names.Length == 1 ? values[0]
            : Names[0] == "level1ID" ? (values[1] == -1 ? values[0] : 2 + values[1])
            : (2 * values[0]) + values[1];
    }

    private sealed class Builder(int capacity)
    {
        private readonly List<int> _event = new(capacity);
        private readonly List<int> _track = new(capacity);
        private readonly List<int> _parent = new(capacity);
        private readonly List<int> _particle = new(capacity);
        private readonly List<int> _layer = new(capacity);
        private readonly List<double> _x = new(capacity);
        private readonly List<double> _y = new(capacity);
        private readonly List<double> _z = new(capacity);
        private readonly List<double> _energy = new(capacity);

        public void Add(ReadOnlySpan<double> row, LayerColumns layers, double particle, string where)
        {
            double layer = layers.Layer(row[Required.Length..]);
            if (!(layer is >= 0 and < 1000) || layer != Math.Floor(layer))
            {
                throw new BadInputException(where, $"{layer} is not a layer number", "give a whole number from 0");
            }

            for (int c = 0; c < Required.Length; c++)
            {
                bool whole = c < 3;
                if (!double.IsFinite(row[c]) || (whole && (row[c] != Math.Floor(row[c]) || Math.Abs(row[c]) > int.MaxValue)))
                {
                    throw new BadInputException($"{where}, column '{Required[c]}'", $"{row[c]} can't be used", whole ? "give a whole number"
                        : "give a finite number");
                }
            }

            if (row[6] < 0)
            {
                throw new BadInputException($"{where}, column 'edep'", $"the energy {row[6]} is negative",
                    "give the energy deposited in MeV");
            }

            _event.Add((int)row[0]);
            _track.Add((int)row[1]);
            _parent.Add((int)row[2]);
            _particle.Add((int)particle);
            _layer.Add((int)layer);
            _x.Add(row[3]);
            _y.Add(row[4]);
            _z.Add(row[5]);
            _energy.Add(row[6]);
        }

        public CalorimeterDeposits Finish() => new()
        {
            EventNumber = [.. _event],
            Track = [.. _track],
            Parent = [.. _parent],
            Particle = [.. _particle],
            Layer = [.. _layer],
            X = [.. _x],
            Y = [.. _y],
            Z = [.. _z],
            Energy = [.. _energy],
        };
    }
}
