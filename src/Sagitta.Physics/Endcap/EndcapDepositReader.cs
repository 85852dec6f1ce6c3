namespace Sagitta.Physics.Endcap;

/// <summary>
/// Reads Geant4 deposits of several muons per event, their truth, and the list of events, which alone names events without a muon
/// (docs/formats.md). Rows are sorted by event; momenta are in MeV.
/// </summary>
internal static class EndcapDepositReader
{
    private const double GigaElectronVoltPerMega = 1e-3;

    private static ColumnRequest EventNumber { get; } =
        new("event", ColumnKind.WholeNumber, "number of the event") { Low = 0, High = long.MaxValue / 2 };

    /// <summary>Reads the first events, at most that many.</summary>
    /// <param name="geometry">The planes.</param>
    /// <param name="hitsPath">Deposits.</param>
    /// <param name="truthPath">The muons at their vertices.</param>
    /// <param name="eventsPath">The list of events; null for the file beside the truth, if there is one.</param>
    /// <param name="most">Events to read.</param>
    /// <exception cref="BadInputException">A file is missing or breaks a rule.</exception>
    public static EndcapDeposits Read(EndcapGeometry geometry, string hitsPath, string truthPath, string? eventsPath = null,
        int most = int.MaxValue)
    {
        eventsPath ??= truthPath.Replace("_truth", "_events", StringComparison.Ordinal) is var beside && beside != truthPath
            && File.Exists(beside) ? beside : null;
        ColumnTable truth = TableFile.Read(truthPath,
            [EventNumber, Whole("muon", 0, 1000), Whole("charge", -1, 1), .. Numbers(["px", "py", "pz"], "MeV", 1e12)]);
        List<(long Number, bool Pair)> events = EventsOf(eventsPath, truth);
        EndcapDeposits set = new(geometry.Planes.Count);
        ColumnTable table = TableFile.Read(hitsPath,
            [
                EventNumber,
                new("layer", ColumnKind.WholeNumber, "index of the plane") { Low = 0, High = geometry.Planes.Count - 1 },
                new("track", ColumnKind.WholeNumber, "muon + 1 for a muon") { Low = 1, High = int.MaxValue },
                new("muon", ColumnKind.WholeNumber, "the muon that the track descends from") { Low = 0, High = 1000 },
                .. Numbers(["x_in", "x_out", "y_in", "y_out", "zl_in", "zl_out", "x", "y"], "mm", 1e6),
                .. Numbers(["px", "py", "pz"], "MeV", 1e12),
                new("edep_keV", ColumnKind.Number, "keV") { Low = 0, High = 1e9 },
                new("t_ns", ColumnKind.Number, "ns") { Low = -1e9, High = 1e9 },
                new("flag", ColumnKind.Number, "1 where the centre was crossed, else 0") { Low = 0, High = 1 },
            ]);
        RequireOrder(truth);
        RequireOrder(table);
        Reading reading = new(geometry, table, truth, set);
        foreach ((long number, bool pair) in events.Take(most))
        {
            reading.Add(number, pair);
        }

        if (most >= events.Count)
        {
            reading.Skip(long.MaxValue);
        }

        return set;
    }

    private static ColumnRequest Whole(string name, long low, long high) => new(name, ColumnKind.WholeNumber) { Low = low, High = high };

    private static ColumnRequest[] Numbers(string[] names, string unit, double bound) =>
        Array.ConvertAll(names, name => new ColumnRequest(name, ColumnKind.Number, unit) { Low = -bound, High = bound });

    private static void RequireOrder(ColumnTable table)
    {
        long[] numbers = table.Wholes("event");
        for (int row = 1; row < numbers.Length; row++)
        {
            if (numbers[row] < numbers[row - 1])
            {
                throw table.Bad("event", row, $"event {numbers[row]} comes after {numbers[row - 1]}", "sort rows by event");
            }
        }
    }

    private static List<(long Number, bool Pair)> EventsOf(string? path, ColumnTable truth)
    {
        ColumnTable table = path is null ? truth
            : TableFile.Read(path, [EventNumber, Whole("pair", 0, 1) with { Default = 0 }]);
        RequireOrder(table);
        long[] numbers = table.Wholes("event");
        long[] pairs = path is null ? [] : table.Wholes("pair");
        List<(long, bool)> events = [];
        for (int row = 0; row < numbers.Length; row++)
        {
            if (row == 0 || numbers[row] != numbers[row - 1])
            {
                events.Add((numbers[row], pairs.Length > 0 && pairs[row] == 1));
            }
        }

        return events;
    }

    // Walks both tables event by event.
    private sealed class Reading(EndcapGeometry geometry, ColumnTable hits, ColumnTable truth, EndcapDeposits set)
    {
        private readonly long[] _hitEvent = hits.Wholes("event"), _truthEvent = truth.Wholes("event");
        private readonly int[] _layer = hits.Integers("layer"), _track = hits.Integers("track"), _muon = hits.Integers("muon");
        private readonly int[] _charge = truth.Integers("charge"), _truthMuon = truth.Integers("muon");
        private readonly double[][] _hit = [.. ((string[])["x_in", "x_out", "y_in", "y_out", "zl_in", "zl_out", "edep_keV", "t_ns", "x",
            "y", "px", "py", "pz", "flag"]).Select(hits.Numbers)];
        private readonly double[][] _vertex = [.. ((string[])["px", "py", "pz"]).Select(truth.Numbers)];
        private int _row;
        private int _truthRow;

        /// <summary>There must be no rows before this event that were not read: they would be lost.</summary>
        public void Skip(long number)
        {
            if (_truthRow < _truthEvent.Length && _truthEvent[_truthRow] < number)
            {
                throw truth.Bad("event", _truthRow, Unread(_truthEvent[_truthRow]), "list each event");
            }

            if (_row < _hitEvent.Length && _hitEvent[_row] < number)
            {
                throw hits.Bad("event", _row, Unread(_hitEvent[_row]), "list each event");
            }

            static string Unread(long number) => $"event {number} is not among the events of the truth";
        }

        public void Add(long number, bool pair)
        {
            int first = set.Muons.Count;
            Skip(number);
            int muons = 0;
            for (; _truthRow < _truthEvent.Length && _truthEvent[_truthRow] == number; _truthRow++, muons++)
            {
                (double px, double py, double pz) = (_vertex[0][_truthRow], _vertex[1][_truthRow], _vertex[2][_truthRow]);
                if (_charge[_truthRow] == 0 || !(pz > 0) || _truthMuon[_truthRow] != muons)
                {
                    throw truth.Bad(_charge[_truthRow] == 0 ? "charge" : !(pz > 0) ? "pz" : "muon", _truthRow,
                        "a muon has charge -1 or 1, flies along +z, and the muons of an event are numbered from 0", "correct it");
                }

                // What it is at the reference plane is told by its first row; one that has none there keeps its values at the vertex.
                double z = geometry.Planes[0].Z;
                set.Muons.Add(new(z * px / pz, z * py / pz, px / pz, py / pz, _charge[_truthRow] / (GigaElectronVoltPerMega
                    * Math.Sqrt((px * px) + (py * py) + (pz * pz)))));
                for (int p = 0; p < set.Planes; p++)
                {
                    set.Crossings.Add((float.NaN, float.NaN));
                }
            }

            for (; _row < _hitEvent.Length && _hitEvent[_row] == number; _row++)
            {
                if (_muon[_row] >= muons)
                {
                    throw hits.Bad("muon", _row, $"event {number} has {muons} muons", "give the truth of each muon");
                }

                AddRow(first);
            }

            set.EndEvent(number, pair);
        }

        private void AddRow(int firstMuon)
        {
            double At(int column) => _hit[column][_row];
            EndcapPlane plane = geometry.Planes[_layer[_row]];
            int muon = firstMuon + _muon[_row];
            bool isMuon = _track[_row] == _muon[_row] + 1;
            set.Deposits.Add(_layer[_row], isMuon ? DepositSource.Muon : DepositSource.Electron, _muon[_row],
                plane.U(At(0), At(2)), plane.U(At(1), At(3)), At(4), At(5), At(6), At(7) - (plane.Z / PhysicalConstants.SpeedOfLight));
            if (isMuon && At(13) == 1)
            {
                set.Crossings[(muon * set.Planes) + _layer[_row]] = ((float)At(8), (float)At(9));
                (double px, double py, double pz) = (At(10), At(11), At(12));
                if (_layer[_row] == 0 && pz > 0)
                {
                    set.Muons[muon] = new(At(8), At(9), px / pz, py / pz, Math.Sign(set.Muons[muon].QOverP)
                        / (GigaElectronVoltPerMega * Math.Sqrt((px * px) + (py * py) + (pz * pz))));
                }
            }
        }
    }
}
