using System.IO.Compression;
using System.Text;

namespace Sagitta.Physics.Calorimeter;

/// <summary>Reads passages from CSV (plain or gzipped) or from NPZ (a structured array <c>arr_0</c>, or any name given). Columns: posX,
/// posY, posZ, edep; the layer as <c>layer</c>, or as GATE writes it: <c>level1ID</c> and <c>level2ID</c> (level1ID where level2ID is -1,
/// else 2 + level2ID), or <c>volumeID[2]</c> and <c>volumeID[3]</c> (twice the first plus the second). The truth: eventID, trackID,
/// parentID. If there are any: pdg (the particle) and hitID (a number by which tracks name the hit). Frames are formed of events, or read
/// from a column.</summary>
internal static class CalorimeterDepositReader
{
    /// <summary>Reads a file by the ending of its name: .npz, .csv or .csv.gz.</summary>
    /// <param name="path">The file.</param>
    /// <param name="needsTruth">Whether a file without the truth is refused.</param>
    /// <param name="frameColumn">Column with the frame of each row; null where frames will be formed of events.</param>
    public static CalorimeterDeposits Read(string path, bool needsTruth = true, string? frameColumn = null) =>
        path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) ? ReadNpz(path, "arr_0", needsTruth, frameColumn)
        : ReadCsv(path, needsTruth, frameColumn);

    /// <summary>Reads a structured array of an NPZ file.</summary>
    public static CalorimeterDeposits ReadNpz(string path, string array, bool needsTruth = true, string? frameColumn = null)
    {
        using NpzReader reader = new(path);
        string where = $"'{path}', array '{array}'";
        DepositColumns names = new([.. reader.Header(array).Type.Fields.Select(f => f.Name)], where, needsTruth, frameColumn);
        double[][] columns = [.. names.Wanted.Select(name => reader.ReadField<double>(array, name))];
        DepositRows rows = new(names);
        double[] row = new double[columns.Length];
        for (int i = 0; i < columns[0].Length; i++)
        {
            for (int c = 0; c < columns.Length; c++)
            {
                row[c] = columns[c][i];
            }

            rows.Add(row, where);
        }

        return rows.Finish();
    }

    private static CalorimeterDeposits ReadCsv(string path, bool needsTruth, string? frameColumn)
    {
        DepositColumns names = new(Header(path), $"{path}, line 1", needsTruth, frameColumn);
        using NumberTable table = new(path, [.. names.Wanted]);
        DepositRows rows = new(names);
        while (table.Read())
        {
            rows.Add(table.Values, $"{path}, line {table.Line}");
        }

        return rows.Finish();
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
}

/// <summary>Which columns of a file are read, and where each stands among them.</summary>
internal sealed class DepositColumns
{
    private static readonly string[] _positions = ["posX", "posY", "posZ", "edep"];
    private static readonly string[] _truth = ["eventID", "trackID", "parentID"];
    private static readonly string[][] _layers = [["layer"], ["level1ID", "level2ID"], ["volumeID[2]", "volumeID[3]"]];
    private readonly string[] _layer;

    /// <summary>Finds the columns; all that is missing is said at once.</summary>
    public DepositColumns(HashSet<string> header, string where, bool needsTruth, string? frameColumn)
    {
        string[] missing = [.. _positions.Where(name => !header.Contains(name)),
            .. _truth.Where(name => (needsTruth || (name == "eventID" && frameColumn is null)) && !header.Contains(name)),
            .. frameColumn is not null && !header.Contains(frameColumn) ? [frameColumn] : Array.Empty<string>()];
        string[]? layer = _layers.FirstOrDefault(names => names.All(header.Contains));
        if (missing.Length > 0 || layer is null)
        {
            string columns = missing.Length == 0 ? "no column tells the layer"
                : (missing.Length == 1 ? "column " : "columns ") + string.Join(", ", missing.Select(name => $"'{name}'"))
                    + (missing.Length == 1 ? " is missing" : " are missing") + (layer is null ? ", and no column tells the layer" : "");
            throw new BadInputException(where, columns, "give "
                + string.Join(", ", [.. missing, .. layer is null
                    ? ["the layer as 'layer', or 'level1ID' and 'level2ID', or 'volumeID[2]' and 'volumeID[3]'"] : Array.Empty<string>()])
                + (needsTruth && missing.Any(_truth.Contains) ? "; training and evaluation need the truth, reconstruction does not"
                : frameColumn is null && missing.Contains("eventID") ? ", or name a column that holds the frame of each hit" : ""));
        }

        _layer = layer;
        string[] optional = [.. _truth.Append("pdg").Append("hitID").Where(header.Contains)];
        Wanted = [.. _positions, .. layer, .. optional, .. frameColumn is null ? Array.Empty<string>() : [frameColumn]];
        (Event, Track, Parent) = (Place("eventID"), Place("trackID"), Place("parentID"));
        (Particle, Id) = (Place("pdg"), Place("hitID"));
        Frame = frameColumn is null ? -1 : Wanted.Count - 1;
    }

    /// <summary>Names of the columns, in the order in which rows give their values.</summary>
    public IReadOnlyList<string> Wanted { get; }

    /// <summary>Places of columns that a file need not have, -1 where it has none.</summary>
    public int Event { get; }
    public int Track { get; }
    public int Parent { get; }
    public int Particle { get; }
    public int Id { get; }
    public int Frame { get; }

    /// <summary>The layer of a row.</summary>
    public double Layer(ReadOnlySpan<double> row) => _layer.Length == 1 ? row[4]
        : _layer[0] == "level1ID" ? (row[5] == -1 ? row[4] : 2 + row[5])
        : (2 * row[4]) + row[5];

    private int Place(string name) => ((List<string>)[.. Wanted]).IndexOf(name);
}

/// <summary>Rows of a file checked one by one.</summary>
internal sealed class DepositRows(DepositColumns columns)
{
    private readonly CalorimeterDepositList _passages = new();
    private readonly List<long> _ids = [];
    private readonly List<int> _frames = [];

    /// <summary>Adds a row; what can't be used is an error that names the place.</summary>
    public void Add(ReadOnlySpan<double> row, string where)
    {
        double layer = columns.Layer(row);
        if (!(layer is >= 0 and < CalorimeterEvents.LayerCount) || layer != Math.Floor(layer))
        {
            throw new BadInputException(where, $"{layer} is not a layer number", "give a whole number from 0");
        }

        for (int c = 0; c < 4; c++)
        {
            if (!double.IsFinite(row[c]))
            {
                throw new BadInputException($"{where}, column '{columns.Wanted[c]}'", $"{row[c]} can't be used", "give a finite number");
            }
        }

        if (row[3] < 0)
        {
            throw new BadInputException($"{where}, column 'edep'", $"the energy {row[3]} is negative", "give the energy deposited in MeV");
        }

        _passages.Add(new((int)Whole(row, columns.Event, where), (int)Whole(row, columns.Track, where),
            (int)Whole(row, columns.Parent, where), (int)Whole(row, columns.Particle, where), (int)layer, row[0], row[1], row[2], row[3]));
        if (columns.Id >= 0)
        {
            _ids.Add(Whole(row, columns.Id, where, 1L << 53));
        }

        if (columns.Frame >= 0)
        {
            _frames.Add((int)Whole(row, columns.Frame, where));
        }
    }

    /// <summary>All rows as columns.</summary>
    public CalorimeterDeposits Finish() => _passages.ToDeposits(columns.Track >= 0,
        columns is { Event: >= 0, Track: >= 0, Parent: >= 0 }, [.. _ids], [.. _frames]);

    private long Whole(ReadOnlySpan<double> row, int column, string where, long largest = int.MaxValue) =>
        column < 0 ? 0
        : row[column] == Math.Floor(row[column]) && Math.Abs(row[column]) <= largest ? (long)row[column]
        : throw new BadInputException($"{where}, column '{columns.Wanted[column]}'", $"{row[column]} can't be used", "give a whole number");
}

/// <summary>Writes passages as CSV, gzipped where the name ends so: the columns that <see cref="CalorimeterDepositReader"/>
/// reads.</summary>
internal static class CalorimeterDepositWriter
{
    /// <summary>Header line: positions in mm with four decimals, the deposit in MeV with five digits, the beam's spot at 0.</summary>
    public const string Header = "eventID,trackID,parentID,pdg,layer,posX,posY,posZ,edep,spotX,spotY";

    /// <summary>Writes a file whole or not at all.</summary>
    public static void Write(string path, CalorimeterDeposits deposits) => AtomicFile.Write(path, file =>
    {
        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            using GZipStream zipped = new(file, CompressionLevel.Optimal, leaveOpen: true);
            WriteRows(deposits, zipped);
        }
        else
        {
            WriteRows(deposits, file);
        }
    });

    private static void WriteRows(CalorimeterDeposits deposits, Stream stream)
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true);
        writer.Write(Header);
        writer.Write('\n');
        for (int i = 0; i < deposits.Count; i++)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"{deposits.EventNumber[i]},{deposits.Track[i]},{deposits.Parent[i]},{deposits.Particle[i]},{deposits.Layer[i]},"
                    + $"{deposits.X[i]:F4},{deposits.Y[i]:F4},{deposits.Z[i]:F4},{deposits.Energy[i]:G5},0.0,0.0\n"));
        }
    }
}
