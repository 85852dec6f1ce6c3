namespace Sagitta.Experiments.Events;

/// <summary>Writes events where the user asked for them: an NPZ archive, or a pair of CSV tables.</summary>
internal static class EventOutput
{
    /// <summary>Whether the name asks for CSV tables; anything but .npz and .csv is bad input.</summary>
    public static bool IsCsv(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".npz" => false,
        ".csv" => true,
        _ => throw new BadInputException($"'{path}'", "the kind of file is unknown", "give a name that ends with .npz or .csv"),
    };

    /// <summary>For NAME.csv writes NAME_hits.csv and NAME_events.csv, each whole or not at all.</summary>
    public static void WriteCsv(string path, EventSet events)
    {
        string name = Path.ChangeExtension(path, null);
        AtomicFile.Write(name + "_hits.csv", stream => EventCsv.WriteHits(events, stream));
        AtomicFile.Write(name + "_events.csv", stream => EventCsv.WriteEvents(events, stream));
    }
}
