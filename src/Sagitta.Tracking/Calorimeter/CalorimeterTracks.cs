using System.Text;

namespace Sagitta.Tracking.Calorimeter;

/// <summary>Tracks as a table.</summary>
internal static class CalorimeterTracks
{
    /// <summary>All columns, in order.</summary>
    public static IReadOnlyList<CalorimeterTrackColumn> Columns { get; } =
    [
        new("frame", "", track => track.Frame),
        new("track", "", track => track.Number),
        new("status", "", track => OptionNames.OfValue(track.Status.ToString())),
        new("hits", "", track => track.Hits.Count),
        new("hit_ids", "", track => string.Join(';', track.HitIds)),
        new("layers", "", track => string.Join(';', track.Layers)),
        new("range", "mm of water", track => track.Range),
        new("range_error", "mm of water", track => track.RangeError),
        new("energy", "MeV", track => track.Energy),
        new("energy_error", "MeV", track => track.EnergyError),
        new("wepl", "mm of water", track => track.PathLength),
        new("wepl_error", "mm of water", track => track.PathLengthError),
        new("margin", "", track => track.Margin),
        new("chi2", "", track => track.Chi2),
    ];

    /// <summary>
    /// Writes tracks by the ending of the name (.csv, .csv.gz, .npz, .parquet), whole or not at all; - is CSV on
    /// <paramref name="standardOutput"/>. CSV is written track by track; the other forms hold all tracks before they are written.
    /// </summary>
    public static void Write(string path, Stream standardOutput, IEnumerable<CalorimeterTrack> tracks)
    {
        if (path == "-")
        {
            WriteCsv(standardOutput, tracks);
            return;
        }

        TableFile.CheckName(path);
        if (TableFile.IsCsv(path))
        {
            TableFile.WriteText(path, file => WriteCsv(file, tracks));
            return;
        }

        CalorimeterTrack[] all = [.. tracks];
        TableFile.Write(path, [.. Columns.Select(column => Column(column, all))]);
    }

    private static OutputColumn Column(CalorimeterTrackColumn column, CalorimeterTrack[] tracks)
    {
        object[] values = [.. tracks.Select(column.Value)];
        return (values.Length > 0 ? values[0] : 0.0) switch
        {
            int => OutputColumn.Of<int>(column.Name, column.Unit, [.. values.Cast<int>()]),
            long => OutputColumn.Of<long>(column.Name, column.Unit, [.. values.Cast<long>()]),
            double => OutputColumn.Of<double>(column.Name, column.Unit, [.. values.Cast<double>()], "G7"),
            _ => OutputColumn.Of(column.Name, [.. values.Cast<string>()]),
        };
    }

    private static void WriteCsv(Stream stream, IEnumerable<CalorimeterTrack> tracks)
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true);
        writer.Write(string.Join(',', Columns.Select(column => column.Name)) + "\n");
        foreach (CalorimeterTrack track in tracks)
        {
            writer.Write(string.Join(',', Columns.Select(column => Text(column.Value(track)))) + "\n");
        }
    }

    private static string Text(object value) => value switch
    {
        double number => double.IsFinite(number) ? number.ToString("G7", CultureInfo.InvariantCulture) : "",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}

/// <summary>One column of the table of tracks.</summary>
/// <param name="Name">Name in the header.</param>
/// <param name="Unit">Unit; empty for numbers without one.</param>
/// <param name="Value">A whole number, a number or a text; lists are texts joined by semicolons.</param>
internal sealed record CalorimeterTrackColumn(string Name, string Unit, Func<CalorimeterTrack, object> Value);
