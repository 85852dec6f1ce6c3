namespace Sagitta.Experiments.Export;

/// <summary>Writes graphs where the user asked for them: an NPZ archive of arrays, or two tables, NAME_nodes and NAME_edges
/// (docs/formats.md).
/// </summary>
internal static class GraphOutput
{
    private const string Nodes = "nodes";
    private const string Edges = "edges";

    /// <summary>Writes what <paramref name="archive"/> writes, as the ending of the name asks.</summary>
    public static void Write(string file, Action<string> archive)
    {
        TableFile.CheckName(file);
        if (file.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            archive(file);
            return;
        }

        string folder = Directory.CreateTempSubdirectory("sagitta-graphs").FullName;
        try
        {
            string arrays = Path.Combine(folder, "graphs.npz");
            archive(arrays);
            using NpzReader reader = new(arrays);
            IReadOnlyList<OutputColumn> nodes = NodeTable(reader), edges = EdgeTable(reader);
            if (TableFile.HoldsSeveral(file))
            {
                TableFile.Write(file, (Nodes, nodes), (Edges, edges));
                return;
            }

            int ending = file.LastIndexOf(file.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase) ? ".csv" : ".",
                StringComparison.OrdinalIgnoreCase);
            TableFile.Write($"{file[..ending]}_{Nodes}{file[ending..]}", nodes);
            TableFile.Write($"{file[..ending]}_{Edges}{file[ending..]}", edges);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<OutputColumn> NodeTable(NpzReader reader)
    {
        List<OutputColumn> columns = [Owner(reader, "hit_offsets", "segment_offsets"), .. Features(reader, "hits", "segments")];
        if (reader.Contains("label_hit"))
        {
            columns.Add(OutputColumn.Of("label", "", reader.Read<byte>("label_hit")));
        }

        return columns;
    }

    private static IReadOnlyList<OutputColumn> EdgeTable(NpzReader reader) =>
    [
        Owner(reader, "edge_offsets", "link_offsets", "segment_offsets"),
        OutputColumn.Of("source", "", reader.Read<long>("sources")),
        OutputColumn.Of("target", "", reader.Read<long>("targets")),
        .. Features(reader, "edges", "encoding", "shapes"),
    ];

    // The event or frame of each row.
    private static OutputColumn Owner(NpzReader reader, params string[] offsets)
    {
        string number = reader.Contains("frame") ? "frame" : "event_number";
        long[] numbers = reader.Read<long>(number), borders = reader.Read<long>(offsets.First(reader.Contains));
        long[] owner = new long[borders[^1]];
        for (int i = 0; i < numbers.Length; i++)
        {
            owner.AsSpan((int)borders[i], (int)(borders[i + 1] - borders[i])).Fill(numbers[i]);
        }

        return OutputColumn.Of(number == "frame" ? number : "event", "", owner);
    }

    private static IEnumerable<OutputColumn> Features(NpzReader reader, params string[] names)
    {
        string name = names.First(reader.Contains);
        int width = (int)reader.Header(name).Shape[1];
        float[] all = reader.Read<float>(name);
        return Enumerable.Range(0, width).Select(c => OutputColumn.Of<float>(
            string.Create(CultureInfo.InvariantCulture, $"feature_{c}"), "", [.. all.Where((_, i) => i % width == c)]));
    }
}
