namespace Sagitta.Physics.Protons;

/// <summary>What a simulation knows of a proton at the first layer: its kinetic energy, MeV, and the water that it can still pass,
/// mm.</summary>
internal readonly record struct ProtonTruth(double Energy, double Range)
{
    /// <summary>Reads a table with the columns eventID, entE and entCSDA; protons that did not reach the first layer, whose fields are
    /// empty, are left out.</summary>
    /// <exception cref="BadInputException">The file breaks a rule.</exception>
    public static IReadOnlyDictionary<long, ProtonTruth> Read(string path)
    {
        ColumnTable table = TableFile.Read(path,
        [
            new("eventID", ColumnKind.WholeNumber, "number of the event"),
            new("entE", ColumnKind.Number, "MeV at the first layer") { MayBeUnknown = true },
            new("entCSDA", ColumnKind.Number, "mm of water, range at the first layer") { MayBeUnknown = true },
        ]);
        long[] events = table.Wholes("eventID");
        double[] energy = table.Numbers("entE");
        double[] range = table.Numbers("entCSDA");
        Dictionary<long, ProtonTruth> truth = [];
        for (int row = 0; row < table.Count; row++)
        {
            if (double.IsFinite(energy[row]) && double.IsFinite(range[row]) && !truth.TryAdd(events[row], new(energy[row], range[row])))
            {
                throw table.Bad("eventID", row, $"event {events[row]} stands here twice", "give one row for each event");
            }
        }

        return truth;
    }
}
