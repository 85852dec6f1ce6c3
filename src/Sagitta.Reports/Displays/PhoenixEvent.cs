using System.Text.Json;

namespace Sagitta.Reports.Displays;

/// <summary>
/// An event in the JSON of phoenix-event-display (HSF/phoenix, guides/developers/event_data_format.md), lengths in mm: hits as points,
/// tracks as lines. A picture has one coordinate across the beam; the other is 0.
/// </summary>
internal static class PhoenixEvent
{
    private const string LengthAcross = "x";

    /// <summary>Series as Okabe and Ito colour them, those of the figures.</summary>
    private static readonly string[] s_colours =
        ["0x0072b2", "0xe69f00", "0x009e73", "0xd55e00", "0xcc79a7", "0x56b4e9", "0xf0e442", "0x999999"];

    /// <summary>The text of a file with one event.</summary>
    /// <param name="title">What the event is called.</param>
    /// <param name="number">Its number.</param>
    /// <param name="display">Its picture.</param>
    public static byte[] Write(string title, long number, EventDisplay display)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartObject(title);
            json.WriteNumber("event number", number);
            json.WriteNumber("run number", 0);
            json.WriteStartObject("Hits");

            // Colour and kind are those of a whole collection.
            foreach (IGrouping<int, DisplayHit> panel in display.Hits.GroupBy(hit => Shared(display, hit.Panel)).OrderBy(p => p.Key))
            {
                json.WriteStartArray(panel.Key < 0 ? "Hits" : TitleOf(display, panel.Key));
                foreach (DisplayHit hit in panel)
                {
                    WriteHit(json, display, hit);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteStartObject("Tracks");
            foreach (IGrouping<string, DisplayTrack> group in display.Tracks.GroupBy(track => track.Group.Length > 0 ? track.Group
                : track.Name, StringComparer.Ordinal))
            {
                json.WriteStartArray(group.Key);
                foreach (DisplayTrack track in group)
                {
                    WriteTrack(json, display, track);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    // Panels side by side are pieces of one view; projections are collections of their own.
    private static int Shared(EventDisplay display, int panel) => display.Stacked ? panel : -1;

    private static string TitleOf(EventDisplay display, int panel) =>
        panel < display.Panels.Count ? display.Panels[panel].Title : string.Create(CultureInfo.InvariantCulture, $"Hits {panel}");

    private static bool IsAlongX(EventDisplay display, int panel) =>
        panel < display.Panels.Count && display.Panels[panel].Across == LengthAcross;

    private static void WriteHit(Utf8JsonWriter json, EventDisplay display, DisplayHit hit)
    {
        json.WriteStartObject();
        json.WriteString("type", "Point");
        WritePlace(json, "pos", hit.Z, hit.Y, IsAlongX(display, hit.Panel));
        if (double.IsFinite(hit.Amount))
        {
            json.WriteNumber("amount", hit.Amount);
        }

        for (int q = 0; q < hit.Values.Count && q < display.Quantities.Count; q++)
        {
            if (double.IsFinite(hit.Values[q]))
            {
                json.WriteNumber(display.Quantities[q].Name, hit.Values[q]);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteTrack(Utf8JsonWriter json, EventDisplay display, DisplayTrack track)
    {
        json.WriteStartObject();
        json.WriteString("name", track.Name);
        json.WriteString("color", s_colours[track.Series < 0 ? s_colours.Length - 1 : track.Series % s_colours.Length]);
        json.WriteStartArray("pos");
        for (int i = 0; i < track.Z.Count; i++)
        {
            if (double.IsFinite(track.Y[i]))
            {
                WritePlace(json, null, track.Z[i], track.Y[i], IsAlongX(display, track.Panel ?? 0));
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter json, string? name, double z, double across, bool isAlongX)
    {
        if (name is not null)
        {
            json.WritePropertyName(name);
        }

        json.WriteStartArray();
        json.WriteNumberValue(isAlongX ? across : 0);
        json.WriteNumberValue(isAlongX ? 0 : across);
        json.WriteNumberValue(z);
        json.WriteEndArray();
    }
}
