namespace Sagitta.Physics.Deposits;

/// <summary>
/// Reads Geant4 deposits and their truth from CSV (docs/formats.md). Momenta in the files are in MeV, times from the vertex; rows are
/// sorted by event.
/// </summary>
internal static class Geant4Deposits
{
    private const double GigaElectronVoltPerMega = 1e-3;
    private const int MuonTrack = 1;

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
        using var table = new NumberTable(hitsPath, "event", "layer", "track", "pdg", "y_in", "y_out", "zl_in", "zl_out", "edep_keV",
            "t_ns", "y", "flag");
        while (table.Read())
        {
            ReadOnlySpan<double> row = table.Values;
            long number = table.Integer(0, 0, long.MaxValue / 2);
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
                throw table.Bad(0, $"event {number} is not sorted, or has no truth in '{truthPath}'",
                    "sort rows by event and give the truth of each");
            }

            int plane = (int)table.Integer(1, 0, detector.Planes.Count - 1);
            bool muon = table.Integer(2, 1, int.MaxValue) == MuonTrack;
            if (row[8] < 0)
            {
                throw table.Bad(8, "the deposit is negative", "give keV from 0");
            }

            double time = row[9] - (detector.Planes[plane].Z / PhysicalConstants.SpeedOfLight);
            set.Deposits.Add(plane, muon ? DepositSource.Muon
                : DepositSource.Electron, (int)row[2] - MuonTrack, row[4], row[5], row[6], row[7], row[8], time);
            if (muon && row[11] == 1)
            {
                crossings[plane] = (float)row[10];
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
        using var table = new NumberTable(path, "event", "charge", "px", "py", "pz");
        while (table.Read())
        {
            long number = table.Integer(0, 0, long.MaxValue / 2);
            if (number < first || number >= end)
            {
                continue;
            }

            if (numbers.Count > 0 && number <= numbers[^1])
            {
                throw table.Bad(0, $"event {number} is not in order", "sort rows by event, one a row");
            }

            long charge = table.Integer(1, -1, 1);
            double py = table.Values[3];
            double pz = table.Values[4];
            double pt = Math.Sqrt((py * py) + (pz * pz));
            if (charge == 0 || !(pz > 0))
            {
                throw table.Bad(charge == 0 ? 1 : 4, "a muon has charge -1 or 1 and flies along +z", "correct it");
            }

            numbers.Add(number);
            truths.Add(new(true, charge / (pt * GigaElectronVoltPerMega), 0, py / pt, table.Values[2] / pt));
        }

        return (numbers, truths);
    }
}
