namespace Sagitta.Physics.Events;

/// <summary>
/// Events in the CSV files of ACTS: particles_initial, simulated hits, measurements, their cells and the map between both, and the surfaces
/// in detectors.csv. The first local coordinate of a surface is y, the second -x. A plane is a layer of the volume of its station; a strip
/// is a measurement of one cell, whose value is its charge. Times are ways of light, mm. The bits of local_key stand as the character of
/// that code, since the programs of ACTS send a byte through a stream of text.
/// </summary>
/// <param name="detector">The detector.</param>
internal sealed class ActsEvents(Detector detector) : ExchangeEvents(detector)
{
    private const string Surfaces = "detectors.csv";
    private const long MuonBarcode = (1L << 52) | (1L << 24);

    // Bits of what a measurement has: the first local coordinate and the time.
    private const char Keys = (char)((1 << 1) | (1 << 6));
    private const int Rectangle = 6;
    private readonly Dictionary<string, Surface> _surfaces = new(StringComparer.Ordinal);

    private protected override string Mark => "measurements";

    private protected override string Particles => "particles_initial";

    private long Identifier(int plane)
    {
        int station = Detector.Planes[plane].Station;
        int layer = plane - Detector.Planes.ToList().FindIndex(p => p.Station == station);
        return ((station + 1L) << 56) | (2L * (layer + 1) << 36) | (1L << 8);
    }

    private protected override void WriteGeometry(string folder)
    {
        int planes = Detector.Planes.Count;
        long[] id = [.. Enumerable.Range(0, planes).Select(Identifier)];
        OutputColumn Same(string name, float value) => OutputColumn.Of<float>(name, "", [.. Enumerable.Repeat(value, planes)]);
        OutputColumn Part(string name, int shift, long mask) => OutputColumn.Of<long>(name, "", [.. id.Select(i => (i >> shift) & mask)]);
        OutputColumn OfPlane(string name, Func<Plane, double> value) =>
            OutputColumn.Of<float>(name, "mm", [.. Detector.Planes.Select(plane => (float)value(plane))]);
        float half = (float)(500 * Detector.Readout.StripLength);
        TableFile.Write(Path.Combine(folder, Surfaces), [
            OutputColumn.Of("geometry_id", "", id),
            Part("volume_id", 56, 0xff), Part("boundary_id", 48, 0xff), Part("layer_id", 36, 0xfff), Part("module_id", 8, 0xfffff),
            Part("extra_id", 0, 0xff),
            Same("cx", 0), Same("cy", 0), OfPlane("cz", plane => plane.NominalZ),
            Same("rot_xu", 0), Same("rot_xv", -1), Same("rot_xw", 0),
            Same("rot_yu", 1), Same("rot_yv", 0), Same("rot_yw", 0),
            Same("rot_zu", 0), Same("rot_zv", 0), Same("rot_zw", 1),
            OutputColumn.Of<int>("bounds_type", "", [.. Enumerable.Repeat(Rectangle, planes)]),
            Same("bound_param0", -10_000), Same("bound_param1", -half), Same("bound_param2", 10_000), Same("bound_param3", half),
            Same("bound_param4", -1), Same("bound_param5", -1), Same("bound_param6", -1),
            OfPlane("module_t", plane => plane.GapThickness), OfPlane("pitch_u", plane => plane.StripPitch), Same("pitch_v", -1),
        ]);
    }

    private protected override void WriteEvent(Func<string, string> file, EventSet events, int e)
    {
        Range own = events.Hits.HitsOf(e);
        byte[] planes = events.HitPlane[own], labels = events.LabelHit[own];
        float[] y = events.HitY[own], none = new float[planes.Length];
        OutputColumn Way(string name) => OutputColumn.Of<float>(name, "mm", [.. events.HitTime[own].Select(
            time => (float)(time * PhysicalConstants.SpeedOfLight))]);
        long[] id = [.. Enumerable.Range(0, planes.Length).Select(hit => (long)hit)], surface = [.. planes.Select(p => Identifier(p))];
        TableFile.Write(file("measurements"), [
            OutputColumn.Of("measurement_id", "", id),
            OutputColumn.Of("geometry_id", "", surface),
            OutputColumn.Of("local_key", [.. planes.Select(_ => Keys.ToString())]),
            OutputColumn.Of("local0", "mm", y), OutputColumn.Of("local1", "mm", none),
            OutputColumn.Of("phi", "rad", none), OutputColumn.Of("theta", "rad", none), Way("time"),
            OutputColumn.Of<float>("var_local0", "mm2", [.. planes.Select(p => (float)(Math.Pow(Detector.Planes[p].StripPitch, 2) / 12))]),
            OutputColumn.Of("var_local1", "mm2", none), OutputColumn.Of("var_phi", "", none), OutputColumn.Of("var_theta", "", none),
            OutputColumn.Of<float>("var_time", "mm2", [.. planes.Select(
                _ => (float)Math.Pow(Detector.Readout.TimeResolution * PhysicalConstants.SpeedOfLight, 2))]),
        ]);
        TableFile.Write(file("cells"), [
            OutputColumn.Of("geometry_id", "", surface),
            OutputColumn.Of("measurement_id", "", id),
            OutputColumn.Of<int>("channel0", "", [.. planes.Select((p, hit) => (int)Math.Round(y[hit] / Detector.Planes[p].StripPitch))]),
            OutputColumn.Of("channel1", "", new int[planes.Length]),
            Way("timestamp"),
            OutputColumn.Of("value", "primary electrons", events.HitCharge[own]),
        ]);
        if (!events.HasTruth)
        {
            return;
        }

        bool muon = events.TruthMuon[e] != 0;
        Dictionary<string, OutputColumn> particle = ParticleColumns(events, e).ToDictionary(column => column.Name, StringComparer.Ordinal);
        TableFile.Write(file(Particles), [
            .. Barcodes(muon ? 1 : 0),
            OutputColumn.Of<int>("particle_type", "", muon ? [-Math.Sign(events.TruthQOverPt[e]) * Muon] : []),
            OutputColumn.Of<int>("process", "", muon ? [0] : []),
            particle["vx"], particle["vy"], particle["vz"], OutputColumn.Of<float>("vt", "mm", muon ? [0] : []),
            particle["px"], particle["py"], particle["pz"], OutputColumn.Of<float>(
                "m", "GeV", muon ? [(float)PhysicalConstants.MuonMass] : []),
            particle["q"],
        ]);
        int[] crossed = Crossed(events, e);
        OutputColumn OfCrossing(string name, string unit, Func<int, double> value) =>
            OutputColumn.Of<float>(name, unit, [.. crossed.Select(plane => (float)value(plane))]);
        double Energy(int plane) => MomentumAt(events, e, plane) is var (py, pz)
            ? Math.Sqrt((py * py) + (pz * pz) + (PhysicalConstants.MuonMass * PhysicalConstants.MuonMass)) : 0;
        TableFile.Write(file("hits"), [
            .. Barcodes(crossed.Length),
            OutputColumn.Of<long>("geometry_id", "", [.. crossed.Select(Identifier)]),
            OfCrossing("tx", "mm", _ => 0), OfCrossing("ty", "mm", plane => events.TruthCrossing[(e * events.PlaneCount) + plane]),
            OfCrossing("tz", "mm", plane => Detector.Planes[plane].NominalZ), OfCrossing("tt", "mm", _ => 0),
            OfCrossing("tpx", "GeV", _ => 0), OfCrossing("tpy", "GeV", plane => MomentumAt(events, e, plane).Y),
            OfCrossing("tpz", "GeV", plane => MomentumAt(events, e, plane).Z), OfCrossing("te", "GeV", Energy),
            OfCrossing("deltapx", "GeV", _ => 0), OfCrossing("deltapy", "GeV", _ => 0), OfCrossing("deltapz", "GeV", _ => 0),
            OfCrossing("deltae", "GeV", _ => 0),
            OutputColumn.Of<int>("index", "", [.. Enumerable.Range(0, crossed.Length)]),
        ]);
        int[] linked = [.. Enumerable.Range(0, planes.Length).Where(hit => labels[hit] != 0 && crossed.Contains(planes[hit]))];
        TableFile.Write(file("measurement-simhit-map"), [
            OutputColumn.Of<long>("measurement_id", "", [.. linked.Select(hit => (long)hit)]),
            OutputColumn.Of<long>("hit_id", "", [.. linked.Select(hit => (long)Array.IndexOf(crossed, planes[hit]))]),
        ]);
    }

    // One number as old versions of ACTS have it, and its five parts; each version passes over the columns of the other.
    private static IEnumerable<OutputColumn> Barcodes(int rows) => BarcodeParts.Zip((int[])[1, 0, 1, 0, 0],
        (name, part) => OutputColumn.Of<int>(name, "", [.. Enumerable.Repeat(part, rows)]))
        .Prepend(OutputColumn.Of<long>("particle_id", "", [.. Enumerable.Repeat(MuonBarcode, rows)]));

    // A character, or a number where other programs wrote it as one; no measurement has the bits of a digit's code.
    private static int KeysOf(string text, string where) => NumberText.TryRead(text, out long number) ? (int)number
        : text is [var code] ? code : throw new BadInputException(where, $"local_key is '{text}'", "give the bits as one character");

    private protected override void ReadGeometry(string folder)
    {
        string path = Path.Combine(folder, Surfaces);
        string[] numbers = ["cy", "cz", "rot_yu", "rot_yv", "rot_zw"];
        ColumnTable table = TableFile.Read(path, [new("geometry_id", ColumnKind.Name),
            .. numbers.Select(name => new ColumnRequest(name, ColumnKind.Number))]);
        NameColumn names = table.Names("geometry_id");
        double[][] columns = [.. numbers.Select(table.Numbers)];
        for (int row = 0; row < table.Count; row++)
        {
            // Other surfaces, a barrel's say, are no planes across z; only hits on them are bad.
            _surfaces[names.Names[names.Code[row]]] =
                new(columns[0][row], columns[1][row], columns[2][row], columns[3][row], Math.Abs(Math.Abs(columns[4][row]) - 1) < 1e-6);
        }
    }

    private protected override void ReadEvent(Func<string, string> file, ExchangeEvent read, bool truth)
    {
        string path = file(Mark);
        ColumnTable table = TableFile.Read(path, [new("measurement_id", ColumnKind.WholeNumber), new("geometry_id", ColumnKind.Name),
            new("local_key", ColumnKind.Name) { Optional = true }, new("local0", ColumnKind.Number, "mm"),
            new("local1", ColumnKind.Number, "mm") { Default = 0 }, new("time", ColumnKind.Number, "mm") { Default = 0 }]);
        Dictionary<long, double> charge = ChargesOf(file("cells"), "measurement_id");
        HashSet<long> muons = truth ? ReadTruth(file, read) : [];
        NameColumn names = table.Names("geometry_id");
        long[] id = table.Wholes("measurement_id");
        NameColumn? keys = table.Has("local_key") ? table.Names("local_key") : null;
        double[] first = table.Numbers("local0"), second = table.Numbers("local1"), time = table.Numbers("time");
        for (int row = 0; row < table.Count; row++)
        {
            string where = $"'{path}', measurement {id[row]}";
            string name = names.Names[names.Code[row]];
            if (!_surfaces.TryGetValue(name, out Surface? surface) || !surface.IsAcross)
            {
                throw new BadInputException(where, surface is null ? $"surface {name} is not in {Surfaces}"
                    : $"surface {name} does not lie across z", "give planes across z, and the surfaces with the measurements");
            }

            // The second coordinate counts where it is measured.
            int key = keys is null ? Keys : KeysOf(keys.Names[keys.Code[row]], where);
            double y = surface.Y + (first[row] * surface.FirstAlongY) + (
                (key & (1 << 2)) != 0 ? second[row] * surface.SecondAlongY : 0);
            read.Hits.Add(new(PlaneAt(surface.Z, where), y, (float)charge.GetValueOrDefault(id[row], 1),
                (float)(time[row] / PhysicalConstants.SpeedOfLight), muons.Contains(id[row])));
        }
    }

    // The muon, its crossings, and the measurements that are its own.
    private HashSet<long> ReadTruth(Func<string, string> file, ExchangeEvent read)
    {
        string muon = ReadMuon(file(Particles), typed: true, read);
        if (muon.Length == 0)
        {
            return [];
        }

        ColumnTable hits = TableFile.Read(file("hits"), [.. Barcode, new("ty", ColumnKind.Number), new("tz", ColumnKind.Number)]);
        string[] particles = BarcodesOf(hits, file("hits"));
        HashSet<long> own = [.. Enumerable.Range(0, hits.Count).Where(row => particles[row] == muon).Select(row => (long)row)];
        double[] y = hits.Numbers("ty"), z = hits.Numbers("tz");
        foreach (long row in own)
        {
            read.Crossings[PlaneAt(z[row], $"'{file("hits")}', row {row}")] = (float)y[row];
        }

        ColumnTable map = TableFile.Read(file("measurement-simhit-map"),
            [new("measurement_id", ColumnKind.WholeNumber), new("hit_id", ColumnKind.WholeNumber)]);
        return [.. map.Wholes("measurement_id").Zip(map.Wholes("hit_id")).Where(pair => own.Contains(pair.Second))
            .Select(pair => pair.First)];
    }

    private sealed record Surface(double Y, double Z, double FirstAlongY, double SecondAlongY, bool IsAcross);
}
