namespace Sagitta.Tests.Documentation;

/// <summary>Every block of docs/interop.md, with the programs that it is about.</summary>
public sealed class InteropPageTests
{
    [Fact]
    [Trait("tool", "python")]
    [Trait("speed", "slow")]
    public void Blocks_of_the_page_run_in_their_order()
    {
        using TemporaryFolder folder = new();
        foreach ((string language, string text) in PageRun.Blocks("interop.md"))
        {
            if (language == "python")
            {
                PageRun.Python(text, folder.Name);
            }
            else if (language.Length == 0)
            {
                PageRun.Commands(text, folder.Name);
            }
        }

        // What pandas and h5py wrote goes back in.
        PageRun.Commands("""
            sagitta reconstruct muon back.csv --events hits.csv
            sagitta reconstruct muon mine.csv --events mine.h5
            """, folder.Name);
        int Converged(string file) => File.ReadLines(folder.File(file)).Count(row => row.Contains(",converged,", StringComparison.Ordinal));
        Assert.InRange(Converged("back.csv"), 180, 200);
        Assert.InRange(Converged("mine.csv"), 8, 10);
    }

    // Columns of other programs have other types, chunks and compression.
    [Fact]
    [Trait("tool", "python")]
    [Trait("speed", "slow")]
    public void Files_that_h5py_writes_are_read_and_ours_have_units_there()
    {
        using TemporaryFolder folder = new();
        TableFile.Write(folder.File("ours.h5"), [OutputColumn.Of("y", "mm", [1.5, 2.5]), OutputColumn.Of("n", "", [1L, 2]),
            OutputColumn.Of("ok", [true, false]), OutputColumn.Of("name", ["a", "b"])]);
        Assert.Equal("mm [1.5, 2.5] [1, 2] [1, 0] ['a', 'b']\n", PageRun.Python("""
            import h5py, numpy
            with h5py.File("ours.h5") as f:
                print(f["y"].attrs["unit"], *[f[c][:].tolist() for c in ("y", "n", "ok")], f["name"].asstr()[:].tolist())
            event, y, plane = numpy.array([1, 1, 2], "u2"), numpy.array([0.5, -1, 3], "f4"), ["one", "two", "one"]
            with h5py.File("group.h5", "w") as f:
                f.create_dataset("hits/event", data=event, chunks=(2,), compression="gzip")
                f.create_dataset("hits/y", data=y, chunks=(2,), shuffle=True)
                f["hits/plane"] = plane
            with h5py.File("root.h5", "w", libver="latest") as f:
                f["event"], f["y"], f["plane"] = event.astype("i8"), y.astype("f8"), numpy.array(plane, "S5")
            with h5py.File("swapped.h5", "w") as f:
                f["event"] = event.astype(">i8")
            with h5py.File("compound.h5", "w") as f:
                f["hits"] = numpy.array(list(zip(event, y, [p.encode() for p in plane])),
                    dtype=[("event", "i4"), ("y", "f8"), ("plane", "S3")])
            """, folder.Name));
        foreach (string name in new[] { "group.h5", "root.h5", "compound.h5" })
        {
            ColumnTable read = TableFile.Read(folder.File(name), [new("event", ColumnKind.WholeNumber), new("y", ColumnKind.Number),
                new("plane", ColumnKind.Name)]);
            Assert.Equal([1L, 1, 2], read.Wholes("event"));
            Assert.Equal([0.5, -1, 3], read.Numbers("y"));
            NameColumn planes = read.Names("plane");
            Assert.Equal(["one", "two", "one"], planes.Code.Select(code => planes.Names[code]));
        }

        BadInputException refused = Assert.Throws<BadInputException>(() =>
            TableFile.Read(folder.File("swapped.h5"), [new("event", ColumnKind.WholeNumber)]));
        Assert.Contains("byte order", refused.Message, StringComparison.Ordinal);
    }
}
