namespace Sagitta.Tests.Experiments.Export;

public sealed class GraphOutputTests
{
    [Theory]
    [InlineData("graphs.arrow")]
    [InlineData("graphs.h5")]
    [InlineData("graphs.csv.gz")]
    public void Tables_of_nodes_and_edges_hold_the_arrays(string name)
    {
        using TemporaryFolder folder = new();
        void Archive(string path)
        {
            using NpzWriter writer = new(path);
            writer.Add<float>("hits", [1, 2, 3, 4, 5, 6], 3, 2);
            writer.Add<float>("edges", [0.5f, 0.25f], 2, 1);
            writer.Add<long>("sources", [0, 2]);
            writer.Add<long>("targets", [1, 2]);
            writer.Add<long>("hit_offsets", [0, 2, 3]);
            writer.Add<long>("edge_offsets", [0, 1, 2]);
            writer.Add<long>("event_number", [7, 9]);
            writer.Add<byte>("label_hit", [1, 0, 1]);
            writer.Commit();
        }

        GraphOutput.Write(folder.File(name), Archive);
        ColumnTable Read(string table, params string[] columns)
        {
            string file = name.EndsWith(".h5", StringComparison.Ordinal) ? name
                : name.Replace("graphs.", $"graphs_{table}.", StringComparison.Ordinal);
            using TableSource source = TableFile.Open(folder.File(file), name.EndsWith(".h5", StringComparison.Ordinal) ? table : "");
            Assert.Equal(columns, source.Names);
            return source.Read([.. columns.Select(column => new ColumnRequest(column, ColumnKind.Number))]);
        }

        ColumnTable nodes = Read("nodes", "event", "feature_0", "feature_1", "label");
        Assert.Equal([7, 7, 9], nodes.Numbers("event"));
        Assert.Equal([2, 4, 6], nodes.Numbers("feature_1"));
        Assert.Equal([1, 0, 1], nodes.Numbers("label"));
        ColumnTable edges = Read("edges", "event", "source", "target", "feature_0");
        Assert.Equal([7, 9], edges.Numbers("event"));
        Assert.Equal([1, 2], edges.Numbers("target"));
        Assert.Equal([0.5, 0.25], edges.Numbers("feature_0"));
    }
}
