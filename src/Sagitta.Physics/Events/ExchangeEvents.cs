namespace Sagitta.Physics.Events;

/// <summary>
/// Events as folders of CSV files that other experiments' programs read, an event in some files of its own: eventNNNNNNNNN-WHAT.csv. The
/// planes lie across z and measure y; x is 0.
/// </summary>
/// <param name="detector">The detector whose planes the hits name.</param>
internal abstract class ExchangeEvents(Detector detector)
{
    // Twice the distance by which rounding and the choice of a plane's surface move z; planes of any detector lie further apart.
    private const double LargestShift = 1;
    private protected const int Muon = 13;
    private protected static readonly string[] BarcodeParts =
        ["particle_id_pv", "particle_id_sv", "particle_id_part", "particle_id_gen", "particle_id_subpart"];
    private protected static readonly ColumnRequest[] Barcode = [new("particle_id", ColumnKind.Name) { Optional = true },
        .. BarcodeParts.Select(part => new ColumnRequest(part, ColumnKind.WholeNumber) { Optional = true })];

    private protected Detector Detector => detector;

    /// <summary>What the files of an event are found by.</summary>
    private protected abstract string Mark { get; }

    /// <summary>Whether the particles of an event are known.</summary>
    private protected abstract string Particles { get; }

    /// <summary>Writes all events; the folder is made.</summary>
    public void Write(string folder, EventSet events)
    {
        WriteGeometry(folder);
        for (int e = 0; e < events.Count; e++)
        {
            WriteEvent(what => FileOf(folder, events.EventNumber[e], what), events, e);
        }
    }

    /// <summary>Reads all events of a folder in the order of their numbers, with their truth where it is there.</summary>
    /// <exception cref="BadInputException">There are none, a file is damaged, or a hit lies on no plane of the detector.</exception>
    public EventSet Read(string folder)
    {
        string[] files = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, $"event*-{Mark}.csv*")
            .Order(StringComparer.Ordinal)]
            : [];
        if (files.Length == 0)
        {
            throw new BadInputException($"'{folder}'", $"there is no file event*-{Mark}.csv", "give the folder of such files");
        }

        ReadGeometry(folder);
        EventSetBuilder builder = new(detector.Planes.Count, detector.StationCount);
        float[] roads = [.. Enumerable.Repeat(float.NaN, detector.StationCount)];
        bool truth = true;
        foreach (string file in files)
        {
            string name = Path.GetFileName(file);
            if (!NumberText.TryRead(name.AsSpan(5, name.IndexOf('-', StringComparison.Ordinal) - 5), out long number))
            {
                throw new BadInputException($"'{file}'", "there is no number behind 'event'", "name it as in event000000017-...");
            }

            string ending = name[(name.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..];
            ExchangeEvent read = new(detector.Planes.Count);
            string Path1(string what) => Path.Combine(folder, name[..name.IndexOf('-', StringComparison.Ordinal)] + $"-{what}{ending}");
            truth &= File.Exists(Path1(Particles));
            ReadEvent(Path1, read, truth);
            foreach (ExchangeHit hit in read.Hits.OrderBy(hit => hit.Plane).ThenBy(hit => hit.Y))
            {
                builder.AddHit(hit.Plane, hit.Y, hit.Charge, hit.Time, hit.IsMuon);
            }

            builder.EndEvent(number, read.QOverPt != 0, read.QOverPt, read.Y0, read.Slope, double.NaN, roads, read.Crossings);
        }

        EventSet events = builder.Build(detector, "data", double.NaN) with { Background = new float[files.Length] };
        events.Hits.Check($"'{folder}'");
        return truth ? events : EventSet.WithoutTruth(events.Hits);
    }

    private protected abstract void WriteEvent(Func<string, string> file, EventSet events, int e);

    private protected abstract void ReadEvent(Func<string, string> file, ExchangeEvent read, bool truth);

    private protected virtual void WriteGeometry(string folder)
    {
    }

    private protected virtual void ReadGeometry(string folder)
    {
    }

    /// <summary>The particle columns that both formats share, of the muon of an event or of none.</summary>
    private protected static IReadOnlyList<OutputColumn> ParticleColumns(EventSet events, int e)
    {
        bool muon = events.TruthMuon[e] != 0;
        double momentum = muon ? 1 / Math.Abs(events.TruthQOverPt[e]) : 0, slope = events.TruthSlope[e];
        OutputColumn Number(string name, string unit, double value) => OutputColumn.Of<float>(name, unit, muon ? [(float)value] : []);
        return
        [
            Number("vx", "mm", 0), Number("vy", "mm", events.TruthY0[e]), Number("vz", "mm", 0), Number("px", "GeV", 0),
            Number("py", "GeV", momentum * slope), Number("pz", "GeV", momentum * Math.Sqrt(1 - (slope * slope))),
            Number("q", "e", Math.Sign(events.TruthQOverPt[e])),
        ];
    }

    /// <summary>Momentum of an event's muon at a plane, y and z, GeV.</summary>
    private protected (float Y, float Z) MomentumAt(EventSet events, int e, int plane)
    {
        double sine = events.TruthSlope[e] + (CircleTrack.CurvatureOf(events.TruthQOverPt[e], detector.FieldTesla) * detector.Planes[
            plane].Z);
        double momentum = 1 / Math.Abs(events.TruthQOverPt[e]);
        return ((float)(momentum * sine), (float)(momentum * Math.Sqrt(Math.Max(1 - (sine * sine), 0))));
    }

    /// <summary>The planes that the muon of an event crossed.</summary>
    private protected int[] Crossed(EventSet events, int e) => events.TruthMuon[e] == 0 ? [] : [.. Enumerable.Range(0, events.PlaneCount)
        .Where(plane => float.IsFinite(events.TruthCrossing[(e * events.PlaneCount) + plane]))];

    /// <summary>Takes the muon among an event's particles; returns the identifier, or "".</summary>
    /// <param name="path">The table.</param>
    /// <param name="typed">Whether it says what the particles are; if not, one that is charged is the muon.</param>
    /// <param name="read">Receives it.</param>
    private protected string ReadMuon(string path, bool typed, ExchangeEvent read)
    {
        ColumnRequest[] numbers = [.. ((string[])["vy", "vz", "py", "pz", "q"]).Select(name => new ColumnRequest(name, ColumnKind.Number))];
        ColumnTable table = TableFile.Read(path, [.. Barcode, .. numbers,
            new("particle_type", ColumnKind.WholeNumber) { Optional = !typed }]);
        double[] q = table.Numbers("q"), py = table.Numbers("py"), pz = table.Numbers("pz");
        long[] types = typed ? table.Wholes("particle_type") : [];
        int[] muons = [.. Enumerable.Range(0, table.Count).Where(row => typed ? Math.Abs(types[row]) == Muon : q[row] != 0)];
        if (muons.Length > 1)
        {
            throw new BadInputException($"'{path}'", $"there are {muons.Length} {(typed ? "muons" : "charged particles")}",
                "give events of one muon");
        }

        if (muons is not [int muon])
        {
            return "";
        }

        double vertex = table.Numbers("vz")[muon], momentum = Math.Sqrt((py[muon] * py[muon]) + (pz[muon] * pz[muon]));
        double there = py[muon] / momentum;
        read.QOverPt = q[muon] / momentum;
        read.Slope = there - (CircleTrack.CurvatureOf(read.QOverPt, detector.FieldTesla) * vertex);
        double cosines = Math.Sqrt(1 - (there * there)) + Math.Sqrt(1 - (read.Slope * read.Slope));
        read.Y0 = table.Numbers("vy")[muon] - (vertex * (there + read.Slope) / cosines);
        return BarcodesOf(table, path)[muon];
    }

    /// <summary>The particles that rows name: by one number, or by the five parts that ACTS writes.</summary>
    private protected static string[] BarcodesOf(ColumnTable table, string path)
    {
        if (table.Has("particle_id"))
        {
            NameColumn names = table.Names("particle_id");
            return [.. names.Code.Select(code => names.Names[code])];
        }

        return BarcodeParts.All(table.Has)
            ? [.. Enumerable.Range(0, table.Count).Select(row => string.Join('-', BarcodeParts.Select(part => table.Wholes(part)[row])))]
            : throw new BadInputException($"'{path}'", "there is no column 'particle_id'", "give it, or the five parts of a barcode");
    }

    /// <summary>The charges of hits, the sum of their cells; empty where there is no such file.</summary>
    private protected static Dictionary<long, double> ChargesOf(string path, string identifier)
    {
        Dictionary<long, double> charge = [];
        if (File.Exists(path))
        {
            ColumnTable cells = TableFile.Read(path, [new(identifier, ColumnKind.WholeNumber), new("value", ColumnKind.Number)]);
            foreach ((long hit, double value) in cells.Wholes(identifier).Zip(cells.Numbers("value")))
            {
                charge[hit] = charge.GetValueOrDefault(hit) + value;
            }
        }

        return charge;
    }

    /// <summary>The plane that stands at z.</summary>
    private protected int PlaneAt(double z, string where)
    {
        int nearest = Enumerable.Range(0, detector.Planes.Count).MinBy(plane => Math.Abs(detector.Planes[plane].NominalZ - z));
        return Math.Abs(detector.Planes[nearest].NominalZ - z) <= LargestShift ? nearest : throw new BadInputException(where,
            $"no plane of '{detector.Name}' stands at z = {NumberText.Of(z)} mm", "give the detector that the events belong to");
    }

    private static string FileOf(string folder, long number, string what) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"event{number:D9}-{what}.csv"));

    /// <summary>An event as it comes out of its files.</summary>
    private protected sealed class ExchangeEvent(int planes)
    {
        public List<ExchangeHit> Hits { get; } = [];

        public double QOverPt { get; set; }

        public double Y0 { get; set; }

        public double Slope { get; set; }

        public float[] Crossings { get; } = [.. Enumerable.Repeat(float.NaN, planes)];
    }

    private protected sealed record ExchangeHit(int Plane, double Y, float Charge, float Time, bool IsMuon);
}
