namespace Sagitta.Physics.Deposits;

/// <summary>
/// Reads Geant4 deposits and their truth from CSV (docs/formats.md). Momenta in the files are in MeV, times from the vertex; rows are
/// sorted by event.
/// </summary>
internal static class Geant4Deposits
{
    private const double GigaElectronVoltPerMega = 1e-3;
    private const int MuonTrack = 1;

    private static ColumnRequest EventNumber { get; } = new(
        "event", ColumnKind.WholeNumber, "number of the event")
    { Low = 0, High = long.MaxValue / 2 };

    /// <summary>
    /// Reads the events with numbers from <paramref name="first"/> to before <paramref name="end"/>. The muon's crossing of a gap's
    /// centre is that of its row; a muon without a row in a plane did not cross it.
    /// </summary>
    /// <exception cref="BadInputException">A file is missing or breaks a rule, or a deposit has no truth.</exception>
    public static DepositSet Read(Detector detector, string hitsPath, string truthPath, long first = 0, long end = long.MaxValue)
    {
        (List<long> numbers, List<MuonTruth> truths) = ReadTruth(truthPath, first, end);
        var set = new DepositSet(detector.Planes.Count);
        var crossings = new float[detector.Planes.Count];
        Array.Fill(crossings, float.NaN);
        int current = 0;
        ColumnTable table = TableFile.Read(hitsPath,
            [
                EventNumber,
                new("layer", ColumnKind.WholeNumber, "index of the plane") { Low = 0, High = detector.Planes.Count - 1 },
                new("track", ColumnKind.WholeNumber, "1 for the muon") { Low = 1, High = int.MaxValue },
                .. Array.ConvertAll(["y_in", "y_out", "zl_in", "zl_out", "y"], name =>
                    new ColumnRequest(name, ColumnKind.Number, "mm") { Low = -1e6, High = 1e6 }),
                new("edep_keV", ColumnKind.Number, "keV") { Low = 0, High = 1e9 },
                new("t_ns", ColumnKind.Number, "ns") { Low = -1e9, High = 1e9 },
                new("flag", ColumnKind.Number, "1 where the centre was crossed, else 0") { Low = 0, High = 1 },
            ]);
        long[] eventNumber = table.Wholes("event");
        int[] layer = table.Integers("layer");
        int[] track = table.Integers("track");
        double[] yIn = table.Numbers("y_in");
        double[] yOut = table.Numbers("y_out");
        double[] depthIn = table.Numbers("zl_in");
        double[] depthOut = table.Numbers("zl_out");
        double[] energy = table.Numbers("edep_keV");
        double[] time = table.Numbers("t_ns");
        double[] y = table.Numbers("y");
        double[] flag = table.Numbers("flag");
        for (int row = 0; row < table.Count; row++)
        {
            long number = eventNumber[row];
            if (number < first || number >= end)
            {
                continue;
            }

            while (current < numbers.Count && numbers[current] < number)
            {
                Finish(set, numbers, truths, crossings, ref current);
            }

            if (current >= numbers.Count || numbers[current] != number)
            {
                throw table.Bad("event", row, $"event {number} is not sorted, or has no truth in '{truthPath}'",
                    "sort rows by event and give the truth of each");
            }

            int plane = layer[row];
            bool muon = track[row] == MuonTrack;
            set.Deposits.Add(plane, muon ? DepositSource.Muon
                : DepositSource.Electron, track[row] - MuonTrack, yIn[row], yOut[row], depthIn[row],
                depthOut[row], energy[row], time[row] - (detector.Planes[plane].Z / PhysicalConstants.SpeedOfLight));
            if (muon && flag[row] == 1)
            {
                crossings[plane] = (float)y[row];
            }
        }

        while (current < numbers.Count)
        {
            Finish(set, numbers, truths, crossings, ref current);
        }

        return set;
    }

    private static void Finish(DepositSet set, List<long> numbers, List<MuonTruth> truths, float[] crossings, ref int current)
    {
        set.EndEvent(numbers[current], truths[current], crossings);
        Array.Fill(crossings, float.NaN);
        current++;
    }

    private static (List<long> Numbers, List<MuonTruth> Truths) ReadTruth(string path, long first, long end)
    {
        var numbers = new List<long>();
        var truths = new List<MuonTruth>();
        ColumnTable table = TableFile.Read(path,
            [
                EventNumber,
                new("charge", ColumnKind.WholeNumber, "-1 or 1") { Low = -1, High = 1 },
                .. Array.ConvertAll(["px", "py", "pz"], name =>
                    new ColumnRequest(name, ColumnKind.Number, "MeV") { Low = -1e12, High = 1e12 }),
            ]);
        long[] eventNumber = table.Wholes("event");
        long[] charge = table.Wholes("charge");
        double[] px = table.Numbers("px");
        double[] py = table.Numbers("py");
        double[] pz = table.Numbers("pz");
        for (int row = 0; row < table.Count; row++)
        {
            long number = eventNumber[row];
            if (number < first || number >= end)
            {
                continue;
            }

            if (numbers.Count > 0 && number <= numbers[^1])
            {
                throw table.Bad("event", row, $"event {number} is not in order", "sort rows by event, one a row");
            }

            if (charge[row] == 0 || !(pz[row] > 0))
            {
                throw table.Bad(charge[row] == 0 ? "charge" : "pz", row, "a muon has charge -1 or 1 and flies along +z", "correct it");
            }

            double pt = Math.Sqrt((py[row] * py[row]) + (pz[row] * pz[row]));
            numbers.Add(number);
            truths.Add(new(true, charge[row] / (pt * GigaElectronVoltPerMega), 0, py[row] / pt, px[row] / pt));
        }

        return (numbers, truths);
    }
}
