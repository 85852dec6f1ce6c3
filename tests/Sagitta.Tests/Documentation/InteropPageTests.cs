using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

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

    // The names and types that the library of the TrackML challenge and the sources of ACTS give to columns.
    [Fact]
    [Trait("tool", "python")]
    [Trait("speed", "slow")]
    public void Events_for_TrackML_and_Acts_have_the_types_of_their_programs_in_pandas()
    {
        using TemporaryFolder folder = new();
        PageRun.Commands("""
            sagitta simulate events.npz --events 3 --background 5
            sagitta export events trackml --as trackml --events events.npz
            sagitta export events acts --as acts --events events.npz
            """, folder.Name);
        Assert.Equal("3 events\n", PageRun.Python("""
            import glob, numpy, pandas
            def table(name, integers, floats, texts=()):
                types = {c: "i8" if c.endswith("_id") else "i4" for c in integers} | {c: "f4" for c in floats} | {c: str for c in texts}
                read = pandas.read_csv(name, header=0, index_col=False, dtype=types)
                assert set(types) <= set(read.columns), name
                assert not read.isnull().values.any(), name
                return read
            prefixes = sorted(name[:-len("-hits.csv")] for name in glob.glob("trackml/event*-hits.csv"))
            for p in prefixes:
                hits = table(p + "-hits.csv", ["hit_id", "volume_id", "layer_id", "module_id"], ["x", "y", "z"])
                cells = table(p + "-cells.csv", ["hit_id", "ch0", "ch1"], ["value"])
                particles = table(p + "-particles.csv", ["particle_id", "q", "nhits"], ["vx", "vy", "vz", "px", "py", "pz"])
                truth = table(p + "-truth.csv", ["hit_id", "particle_id"], ["tx", "ty", "tz", "tpx", "tpy", "tpz", "weight"])
                assert (hits.hit_id == truth.hit_id).all() and set(cells.hit_id) == set(hits.hit_id)
                assert abs(truth.weight.sum() - 1) < 1e-5
                own = truth[truth.particle_id == particles.particle_id[0]]
                assert numpy.allclose(own.ty, hits.y[own.index], atol=30) and numpy.allclose(own.tz, hits.z[own.index], atol=1)
            barcode = ["particle_id", *("particle_id_" + part for part in ("pv", "sv", "part", "gen", "subpart"))]
            for p in (p.replace("trackml", "acts") for p in prefixes):
                surfaces = table("acts/detectors.csv", ["geometry_id", "volume_id", "boundary_id", "layer_id", "module_id", "extra_id",
                    "bounds_type"], ["cx", "cy", "cz"])
                particles = table(p + "-particles_initial.csv", [*barcode, "particle_type", "process"],
                    ["vx", "vy", "vz", "vt", "px", "py", "pz", "m", "q"])
                hits = table(p + "-hits.csv", [*barcode, "geometry_id", "index"], ["tx", "ty", "tz", "tt", "tpx", "tpy", "tpz", "te",
                    "deltapx", "deltapy", "deltapz", "deltae"])
                measured = table(p + "-measurements.csv", ["measurement_id", "geometry_id"], ["local0", "local1", "phi", "theta", "time",
                    "var_local0", "var_local1", "var_phi", "var_theta", "var_time"], ["local_key"])
                links = table(p + "-measurement-simhit-map.csv", ["measurement_id", "hit_id"], [])
                table(p + "-cells.csv", ["geometry_id", "measurement_id", "channel0", "channel1"], ["timestamp", "value"])
                assert set(measured.geometry_id) <= set(surfaces.geometry_id) and (measured.local_key == "B").all()
                pairs = measured.set_index("measurement_id").loc[links.measurement_id], hits.loc[links.hit_id]
                assert (pairs[0].geometry_id.values == pairs[1].geometry_id.values).all()
                assert numpy.allclose(pairs[0].local0, pairs[1].ty, atol=30)
            print(len(prefixes), "events")
            """, folder.Name));
    }

    // ROOT takes the type of a column that has none given from its first row.
    [Fact]
    public void Columns_of_tracks_for_Root_are_typed_or_whole_numbers_or_names()
    {
        using TemporaryFolder folder = new();
        PageRun.Commands("""
            sagitta simulate events.npz --events 60 --background 20
            sagitta reconstruct muon tracks.csv --events events.npz
            """, folder.Name);
        string snippet = PageRun.Blocks("interop.md").Single(block => block.Language == "cpp").Text;
        string[] typed = [.. Regex.Matches(snippet, "\\{\"(\\w+)\", 'D'\\}").Select(match => match.Groups[1].Value)];
        string[][] rows = [.. File.ReadLines(folder.File("tracks.csv")).Select(line => line.Split(','))];
        Assert.NotEmpty(typed);
        Assert.All(typed, name => Assert.Contains(name, rows[0]));
        for (int column = 0; column < rows[0].Length; column++)
        {
            bool[] whole = [.. rows[1..].Select(row => NumberText.TryRead(row[column], out long _)).Distinct()];
            bool[] number = [.. rows[1..].Select(row => NumberText.TryRead(row[column], out double _)).Distinct()];
            Assert.True(typed.Contains(rows[0][column]) || whole is [true] || number is [false], rows[0][column]);
        }
    }

    [Fact]
    [Trait("tool", "npm")]
    [Trait("speed", "slow")]
    public void Block_for_JSROOT_makes_a_histogram_of_the_tracks()
    {
        using TemporaryFolder folder = new();
        PageRun.Commands("""
            sagitta simulate events.npz --events 60 --background 5
            sagitta reconstruct muon tracks.csv --events events.npz
            """, folder.Name);
        Directory.CreateSymbolicLink(folder.File("node_modules"), Environment.GetEnvironmentVariable("SAGITTA_NODE_MODULES")!);
        File.WriteAllText(folder.File("pt.mjs"), PageRun.Blocks("interop.md").Single(block => block.Language == "js").Text);
        PageRun.Start("node", folder.Name, ["pt.mjs"]);
        JsonNode histogram = JsonNode.Parse(File.ReadAllText(folder.File("pt.json")))!;
        Assert.Equal("TH1D", (string)histogram["_typename"]!);
        Assert.Equal(File.ReadLines(folder.File("tracks.csv")).Count(row => row.Contains(",converged,", StringComparison.Ordinal)),
            (int)histogram["fEntries"]!);
        Assert.Contains("<path", File.ReadAllText(folder.File("pt.svg")), StringComparison.Ordinal);
        File.Delete(folder.File("node_modules"));
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
