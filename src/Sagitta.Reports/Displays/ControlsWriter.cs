namespace Sagitta.Reports.Displays;

/// <summary>Writes what displays have around their picture: buttons and keys.</summary>
internal static class ControlsWriter
{
    public static void WriteZoom(MarkupWriter writer)
    {
        writer.Start("span", "zoom");
        Button("in", "+", "Zoom in");
        Button("out", "−", "Zoom out");
        Button("reset", "Reset", "Show everything");
        writer.Start("span", "hint").Text("click, then wheel to zoom; drag to move").End().End();

        void Button(string action, string text, string title) =>
            writer.Start("button").Attribute("type", "button").Attribute("data-zoom", action).Attribute("title", title).Text(text).End();
    }

    public static void WriteRamp(MarkupWriter writer, string quantity, string low, string high) =>
        writer.Start("span", "ramp " + quantity).Text(low + " ").Start("i").End().Text(" " + high).End();

    public static void WriteLineKey(MarkupWriter writer, string name, string className)
    {
        writer.Start("span", "line-key").Start("svg", "figure").Attribute("viewBox", "0 0 24 10").Attribute("width", 24).Attribute(
            "height", 10)
            .Attribute("aria-hidden", "true").Start("path", (className.StartsWith('s') ? "track " : "") + className).Attribute(
                "d", "M1 5h22").End().End()
            .Text(" " + name).End();
    }
}
