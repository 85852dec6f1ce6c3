using System.IO.Compression;
using System.Text;

namespace Sagitta.Tests.Fuzzing;

/// <summary>A reader of files of others: what it reads, a sound file to begin with, and how that may be altered beneath checksums and
/// lengths, which chance would hardly ever get right.</summary>
/// <param name="Name">What is read.</param>
/// <param name="Sound">A sound file.</param>
/// <param name="Read">Reads one; only <see cref="BadInputException"/> may come out.</param>
internal sealed record FuzzTarget(string Name, byte[] Sound, Action<byte[]> Read)
{
    private static readonly ColumnRequest[] _columns = [new("event", ColumnKind.WholeNumber), new("plane", ColumnKind.WholeNumber),
        new("y", ColumnKind.Number), new("name", ColumnKind.Name) { Optional = true }];

    private static readonly Detector _detector = DetectorFile.Load(TestData.InRepository("detectors", "toy16.yaml"));

    /// <summary>Takes the altered part to the file that holds it; the file itself where there is nothing around it.</summary>
    public Func<byte[], byte[]> Wrap { get; init; } = part => part;

    /// <summary>All readers.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } = Create();

    private static FuzzTarget[] Create()
    {
        using TemporaryFolder folder = new();
        byte[] csv = Table("t.csv"), archive = Table("t.npz"), parquet = Table("t.parquet");
        "Other-Maker"u8.CopyTo(parquet.AsSpan(parquet.AsSpan().LastIndexOf("Parquet.Net"u8)));
        EventFile.Write(folder.File("events.npz"), MuonSimulation.Generate(_detector, new(), 7, 0, 3));
        byte[] events = File.ReadAllBytes(folder.File("events.npz"));
        byte[] muon = File.ReadAllBytes(TestData.InRepository("models", "muon", "end-to-end.safetensors"));
        byte[] calorimeter = File.ReadAllBytes(TestData.InRepository("models", "calorimeter", "steps-250", "ptt-seed1.safetensors"));
        byte[] checkpoint = WrittenCheckpoint(folder.File("c.safetensors"));
        return
        [
            new("csv", csv, bytes => Columns(bytes, "t.csv")),
            new("csv parts", csv, Groups),
            new("gzip", Zipped(csv), bytes => Columns(bytes, "t.csv.gz")),
            new("gzip text", csv, bytes => Columns(bytes, "t.csv.gz")) { Wrap = Zipped },
            new("npz", archive, bytes => Columns(bytes, "t.npz")),
            new("npy", Entry(archive, "y.npy"), bytes => Columns(bytes, "t.npz")) { Wrap = part => Repacked(archive, "y.npy", part) },
            new("event file", events, Hits),
            new("event array", Entry(events, "hit_offsets.npy"), Hits) { Wrap = part => Repacked(events, "hit_offsets.npy", part) },
            new("arrow", Table("t.arrow"), bytes => Columns(bytes, "t.arrow")),
            new("hdf5", Table("t.h5"), bytes => Columns(bytes, "t.h5")),
            new("hdf5 sealed", Table("t.h5"), bytes => Columns(bytes, "t.h5")) { Wrap = Sealed },
            new("hdf5 earliest", Written("earliest.h5"), bytes => Columns(bytes, "t.h5")),
            new("hdf5 latest", Written("latest.h5"), bytes => Columns(bytes, "t.h5")) { Wrap = Sealed },
            new("parquet", parquet, bytes => Columns(bytes, "t.parquet")),
            new("parquet sealed", Table("t.parquet"), bytes => Columns(bytes, "t.parquet")),
            new("safetensors", checkpoint, Tensors),
            new("safetensors head", Head(checkpoint), Tensors) { Wrap = part => WithHead(checkpoint, part) },
            new("muon model", muon, bytes => OnDisk(bytes, path => MuonModelFile.Read(path))),
            new("muon model head", Head(muon), bytes => OnDisk(bytes, path => MuonModelFile.Read(path)))
            { Wrap = part => WithHead(muon, part) },
            new("calorimeter model", calorimeter, bytes => OnDisk(bytes, path => CalorimeterModel.Read(path).Dispose())),
            new("calorimeter model head", Head(calorimeter), bytes => OnDisk(bytes, path => CalorimeterModel.Read(path).Dispose()))
            { Wrap = part => WithHead(calorimeter, part) },
            new("checkpoint", checkpoint, RestoredCheckpoint),
            new("checkpoint head", Head(checkpoint), RestoredCheckpoint) { Wrap = part => WithHead(checkpoint, part) },
            Yaml<MuonExperiment>("experiments", "muon.yaml"),
            Yaml("calorimeter.yaml", text => ConfigurationFile.Parse<CalorimeterExperiment>(text, "f.yaml"),
                "experiments", "calorimeter-250.yaml"),
            Yaml("detector", text => DetectorFile.Parse(text, "d.yaml"), "detectors", "three-station.yaml"),
            Yaml("calorimeter", text => TrackingCalorimeterFile.Parse(text, "d.yaml"), "detectors", "digital-tracking-calorimeter.yaml"),
            new("columns", "event=evt,y=y_cm*10,plane=chamber"u8.ToArray(), bytes => ColumnMapping.Parse(Encoding.UTF8.GetString(bytes))),
            .. OfEndcap(folder),
            OnDisk("muon deposits", "hits.csv", Rows("geant4-toy16/slice_hits", 4), path => Geant4Deposits.Read(
                DetectorFile.Load(TestData.InRepository("detectors", "toy16.yaml")), path, Beside(path, "geant4-toy16/slice_truth", 2))),
            OnDisk("muon truth", "truth.csv", Rows("geant4-toy16/slice_truth", 3), path => Geant4Deposits.Read(
                DetectorFile.Load(TestData.InRepository("detectors", "toy16.yaml")), Beside(path, "geant4-toy16/slice_hits", 4), path)),
            OnDisk("proton hits", "hits.csv", Rows("geant4-dtc/water100_test_hits", 4), path => CalorimeterFrame.Read(path)),
            OnDisk("proton truth", "truth.csv", Rows("geant4-dtc/water100_test_truth", 4), path => ProtonTruth.Read(path)),
            OnDisk("phantom", "p.yaml", File.ReadAllBytes(TestData.InRepository("data", "geant4-radiograph", "phantom.yaml")),
                path => Phantom.Load(path)),
            OnDisk("part", "p.json", Encoding.UTF8.GetBytes("{\"kind\": \"sagitta part\", \"command\": \"simulate\", \"number\": 1, "
                + "\"count\": 2, \"first\": 0, \"items\": 3, \"total\": 6, \"bytes\": 9, \"hash\": \"00\"}"),
                path => FilePart.PartManifest.Read(path)),
            new("manifest", Encoding.UTF8.GetBytes("{\"files\": {\"a.csv\": {\"bytes\": 3, \"sha256\": \"00\"}, \"deep/b\": "
                + "{\"bytes\": 0, \"sha256\": \"ff\"}}}"), Manifest),
        ];
    }

    private static IEnumerable<FuzzTarget> OfEndcap(TemporaryFolder folder)
    {
        EndcapGeometry geometry = EndcapSlice.Chain.Geometry;
        EndcapEventFile.Write(folder.File("pairs.npz"), EndcapSlice.Digitised(0).Slice(1, 2), geometry);
        byte[] events = File.ReadAllBytes(folder.File("pairs.npz"));
        byte[] model = File.ReadAllBytes(TestData.InRepository("models", "endcap", "local.safetensors"));
        double[] corners = [0, 1, 0, 1, 0, 1, 0, 1];
        byte[] map = Archive([.. ((string[])["x", "y", "z"]).Select(axis => (axis, "(2,)", (double[])[0, 1])),
            .. ((string[])["bx", "by", "bz"]).Select(component => (component, "(2, 2, 2)", corners))]);
        TableFile.Write(folder.File("map.csv"), [.. ((string[])["x", "y", "z", "bx", "by", "bz"]).Select((name, c) =>
            OutputColumn.Of<double>(name, "", [.. corners.Select((_, i) => (double)(i >> (c % 3) & 1))]))]);
        yield return OnDisk("endcap events", "e.npz", events, path => EndcapEventFile.Read(path, geometry));
        yield return OnDisk("endcap array", "e.npz", Entry(events, "offsets.npy"), path => EndcapEventFile.Read(path, geometry))
            with
        { Wrap = part => Repacked(events, "offsets.npy", part) };
        yield return OnDisk("endcap hits", "h.csv", "event,plane,u\n5,3,20\n4,1,1\n5,0,10\n5,0,9\n"u8.ToArray(),
            path => EndcapEventFile.Read(path, geometry));
        yield return OnDisk("endcap deposits", "hits.csv", Rows("geant4-endcap/test150_hits", 4), path => EndcapDepositReader.Read(
            geometry, path, Beside(path, "geant4-endcap/test150_truth", 2), Beside(path, "geant4-endcap/test150_events", 4)));
        yield return OnDisk("endcap truth", "truth.csv", Rows("geant4-endcap/test150_truth", 2), path => EndcapDepositReader.Read(
            geometry, Beside(path, "geant4-endcap/test150_hits", 4), path, Beside(path, "geant4-endcap/test150_events", 4)));
        yield return new("endcap model", model, bytes => OnDisk(bytes, path => EndcapNetwork.Read(path).Dispose()));
        yield return new("endcap model head", Head(model), bytes => OnDisk(bytes, path => EndcapNetwork.Read(path).Dispose()))
        { Wrap = part => WithHead(model, part) };
        yield return OnDisk("field map", "m.npz", map, path => FieldMapFile.Read(path));
        yield return OnDisk("field table", "m.csv", File.ReadAllBytes(folder.File("map.csv")), path => FieldMapFile.Read(path));
        yield return Yaml("endcap detector", text => EndcapDetector.Parse(text, TestData.InRepository("detectors", "endcap.yaml")),
            "detectors", "endcap.yaml");
        yield return Yaml<EndcapExperiment>("experiments", "endcap.yaml");
    }

    private static FuzzTarget OnDisk(string name, string file, byte[] sound, Action<string> read) => new(name, sound, bytes =>
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File(file), bytes);
        read(folder.File(file));
    });

    // The first lines of a committed table.
    private static byte[] Rows(string table, int rows)
    {
        using StreamReader lines = new(new GZipStream(File.OpenRead(TestData.InRepository("data", $"{table}.csv.gz")),
            CompressionMode.Decompress));
        return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, rows).Select(_ => lines.ReadLine() + "\n")));
    }

    private static string Beside(string path, string table, int rows)
    {
        string file = $"{path}.{Path.GetFileName(table)}.csv";
        File.WriteAllBytes(file, Rows(table, rows));
        return file;
    }

    private static FuzzTarget Yaml<T>(params string[] file)
        where T : class => Yaml(file[^1], text => ConfigurationFile.Parse<T>(text, "f.yaml"), file);

    private static FuzzTarget Yaml(string name, Action<string> parse, params string[] file) =>
        new(name, File.ReadAllBytes(TestData.InRepository(file)), bytes => parse(Encoding.UTF8.GetString(bytes)));

    private static void Columns(byte[] bytes, string name)
    {
        ColumnTable table = TableFile.Read(new MemoryStream(bytes), name, _columns);
        _ = (table.Wholes("event"), table.Integers("plane"), table.Numbers("y"));
    }

    private static void Groups(byte[] bytes)
    {
        using TableSource source = TableFile.Open(new MemoryStream(bytes), "t.csv");
        foreach (ColumnTable table in source.ReadGroups(_columns, null, "event"))
        {
            _ = (table.Wholes("event"), table.Integers("plane"), table.Numbers("y"));
        }
    }

    private static void Hits(byte[] bytes) => MuonHitReader.Read(new MemoryStream(bytes), "e.npz", _detector);

    private static void Tensors(byte[] bytes)
    {
        SafeTensorsReader reader = new(bytes, "t.safetensors");
        foreach (SafeTensor tensor in reader.Tensors.Values)
        {
            _ = reader.Data(tensor).Length;
        }
    }

    private static void Manifest(byte[] bytes)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("manifest.json"), bytes);
        RunManifest.Differences(folder.Name, out _);
    }

    private static void OnDisk(byte[] bytes, Action<string> read)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("m.safetensors"), bytes);
        read(folder.File("m.safetensors"));
    }

    private static byte[] WrittenCheckpoint(string path)
    {
        using ParameterVector<float> parameters = new(Layout());
        using Adam<float> optimiser = new(parameters.Layout);
        Checkpoint.Save(path, parameters, optimiser);
        return File.ReadAllBytes(path);
    }

    private static void RestoredCheckpoint(byte[] bytes) => OnDisk(bytes, path =>
    {
        using ParameterVector<float> parameters = new(Layout());
        using Adam<float> optimiser = new(parameters.Layout);
        Checkpoint.Restore(path, parameters, optimiser, _ => { });
    });

    private static ParameterLayout Layout()
    {
        ParameterLayout layout = new();
        layout.Add("weights", 3, 2, new Initialisation.Uniform(1));
        return layout;
    }

    private static byte[] Table(string name)
    {
        using TemporaryFolder folder = new();
        TableFile.Write(folder.File(name), [OutputColumn.Of<long>("event", "", [1, 1, 2, 3]), OutputColumn.Of("plane", "", [0, 1, 2, 3]),
            OutputColumn.Of("y", "mm", [0.5, -1.5, 2e3, 1e-7]), OutputColumn.Of("name", ["a", "b,c", "a", "\"d\""])]);
        return File.ReadAllBytes(folder.File(name));
    }

    private static byte[] Written(string name) => File.ReadAllBytes(TestData.InRepository("data", "h5py", name));

    private static byte[] Zipped(byte[] text)
    {
        using MemoryStream zipped = new();
        using (GZipStream zip = new(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(text);
        }

        return zipped.ToArray();
    }

    private static byte[] Entry(byte[] archive, string entry)
    {
        using ZipArchive zip = new(new MemoryStream(archive));
        using Stream stream = zip.GetEntry(entry)!.Open();
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Archive(IEnumerable<(string Name, string Shape, double[] Values)> arrays)
    {
        using MemoryStream bytes = new();
        using (ZipArchive zip = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string shape, double[] values) in arrays)
            {
                string head = $"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n";
                using Stream stream = zip.CreateEntry($"{name}.npy").Open();
                stream.Write([.. "\u0093NUMPY\u0001\0v\0".Select(letter => (byte)letter), .. Encoding.ASCII.GetBytes(head),
                    .. values.SelectMany(BitConverter.GetBytes)]);
            }
        }

        return bytes.ToArray();
    }

    private static byte[] Repacked(byte[] archive, string entry, byte[] part)
    {
        using MemoryStream bytes = new();
        bytes.Write(archive);
        using (ZipArchive zip = new(bytes, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry(entry)?.Delete();
            using Stream stream = zip.CreateEntry(entry).Open();
            stream.Write(part);
        }

        return bytes.ToArray();
    }

    // Checksums of all heads as they should be.
    private static byte[] Sealed(byte[] file)
    {
        byte[] whole = [.. file, .. new byte[64]];
        BitConverter.TryWriteBytes(whole.AsSpan(44), Hdf5Layout.Checksum(whole.AsSpan(0, 44)));
        for (int i = 0; whole.AsSpan(i).IndexOf("OHDR\u0002"u8) is >= 0 and var next; i += next + 1)
        {
            Span<byte> head = whole.AsSpan(i + next);
            (int prefix, int messages) = head.Length < 64 ? (0, -1) : Hdf5Layout.Lengths(head, head.Length - 64);
            if (messages >= 0)
            {
                BitConverter.TryWriteBytes(head[(prefix + messages)..], Hdf5Layout.Checksum(head[..(prefix + messages)]));
            }
        }

        return whole[..file.Length];
    }

    private static byte[] Head(byte[] file) => file[8..(8 + (int)BitConverter.ToUInt64(file))];

    private static byte[] WithHead(byte[] file, byte[] head) =>
        [.. BitConverter.GetBytes((ulong)head.Length), .. head, .. file[(8 + Head(file).Length)..]];
}
